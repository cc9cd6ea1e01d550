package office

import (
	"bokvar/internal/access"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// then describes the author as a reader of what hangs on a record, at the point
// that the commit's cursor stands for: their inbox tells whether the device had
// the record then. Within the Lease after it left, what was written before the
// device was told is taken in as if it had come at once. Later it is held, for
// somebody else, if it could have been taken in then. Who never carried the record gets the answer of what is not there.
//
// Taking in is not showing: who sees the result is decided by access now.
func (a *admission) then(viewer access.Viewer, record string) (access.Viewer, error) {
	row, err := a.f.Inbox(a.author.Person, a.org, record)
	switch {
	case err != nil:
		return viewer, err
	case record == "" || row.Seq == 0:
		return viewer, notFound()
	}
	a.late = row.Left && (row.Seq <= a.author.Cursor || row.LeftAt() <= a.now()-Lease.Milliseconds())
	switch access.ScopeOf(a.member.Role) {
	case access.CarriesAssigned:
		viewer.Assigned = true
	case access.CarriesUnit:
		viewer.InUnit = true
	}
	return viewer, nil
}

// beforeProtection says whether the author's device did not know yet that the
// identity is protected: what was written until then is taken in as if it were not.
// It is shown to them no more than anything else.
func (a *admission) beforeProtection() (bool, error) {
	if !a.protected {
		return false, nil
	}
	row, err := a.f.Inbox(a.author.Person, a.org, a.root)
	return err == nil && row.Seq > a.author.Cursor, err
}

// above is the record that a new one hangs on: its contact, its case, or its household.
func (a *admission) above(record *server.State) string {
	for _, field := range []string{"contact", "case"} {
		if id := text(record.Fields[field].Value); id != "" {
			return id
		}
	}
	if a.root != record.ID {
		return a.root
	}
	return ""
}

// handedIn judges nothing: what was handed in by a phone that could not send it is
// put before somebody of the same organisation as it stands (HandOn).
func (a *admission) handedIn() (string, error) {
	held := &server.Refusal{Status: wire.Held, Code: wire.CodeHandedIn, Sentence: wire.Sentences[wire.CodeHandedIn]}
	root, _, err := a.fileOfLate(a.f, a.author, a.change)
	if err != nil {
		return "", err
	}
	return root, held
}
