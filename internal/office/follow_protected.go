package office

import (
	"maps"
	"slices"

	"bokvar/internal/casework"
	"bokvar/sync/server"
)

// protectedNow follows a household whose identity became protected, or is it no
// more, to what consents and notices tell of the same people.
func (w *work) protectedNow(c server.Changed) error {
	if !differs(c, "protected") {
		return nil
	}
	household := c.After
	if err := w.protect(household.Org, household.Root, truth(household.Fields["protected"].Value)); err != nil {
		return err
	}
	return w.judgePapers(household.Org, household.Root)
}

// ProtectPapers protects the givings, withdrawals and notices that tell of protected
// households, for a database that was made when fewer of them were found. AfterCommit
// settles what it moved.
func (o *Office) ProtectPapers(tx server.Tx, organisations []casework.Organisation) error {
	f, err := facts(tx)
	if err != nil {
		return err
	}
	w := &work{Office: o, f: f, now: o.now(), judged: map[fileName]bool{}}
	for _, org := range organisations {
		households, err := f.RecordsOfKind(org.ID, "household")
		if err != nil {
			return err
		}
		for _, household := range households {
			if !truth(household.Fields["protected"].Value) {
				continue
			}
			if err := w.judgePapers(org.ID, household.Root); err != nil {
				return err
			}
		}
	}
	for _, name := range w.consents {
		file, err := gather(f, name.org, name.name)
		if err != nil {
			return err
		}
		if err := w.protectFile(file); err != nil {
			return err
		}
	}
	return nil
}

// protect keeps whether a root is protected. Everybody who carries it gets its
// records anew as they look from now on; when it is protected, nothing that was
// read before leaves any more (the epoch).
func (w *work) protect(org, root string, is bool) error {
	was, err := w.f.Protected(org, root)
	if err != nil || was == is {
		return err
	}
	people, err := w.inside(w.f, casework.Side{Org: org, Root: root})
	if err != nil {
		return err
	}
	if err := w.f.SetProtected(org, root, is); err != nil || w.began[root] {
		return err // all of it is in this commit: nobody has seen it otherwise
	}
	for _, person := range people {
		if is {
			if err := w.f.MoveEpoch(person); err != nil {
				return err
			}
		}
		if err := w.shiftOne(person, org, root); err != nil {
			return err
		}
	}
	return nil
}

// judgePapers notes the files of the givings, withdrawals and notices that tell of a
// household: those of its cases, and for a landlord's those that go by its handles.
func (w *work) judgePapers(org, root string) error {
	cases, err := w.f.RecordsOf(org, root, "case")
	if err != nil {
		return err
	}
	for _, c := range cases {
		w.judge(org, byCase(c.ID))
	}
	social, err := w.partners(org)
	if err != nil {
		return err
	}
	handles, err := handlesOf(w.f, org, root, "")
	if err != nil {
		return err
	}
	for _, other := range social {
		for _, handle := range handles {
			w.judge(other, byHandle(handle))
		}
	}
	return nil
}

// partners are the social services that the organisation has an agreement with.
func (w *work) partners(org string) ([]string, error) {
	agreements, err := w.f.RecordsOfKind(org, "agreement")
	var social []string
	for _, agreement := range agreements {
		if id := text(agreement.Fields["social_org"].Value); id != "" && id != org && !has(social, id) {
			social = append(social, id)
		}
	}
	return social, err
}

// protectFile protects each giving, withdrawal and notice of a file when those whom it
// tells of are protected.
func (w *work) protectFile(file *consentFile) error {
	for _, root := range slices.Sorted(maps.Keys(file.roots)) {
		paper, err := w.f.Record(file.org, root)
		if err != nil {
			return err
		}
		if paper == nil {
			continue
		}
		is, err := w.tellsOfProtected(file, paper)
		if err != nil {
			return err
		}
		if err := w.protect(file.org, root, is); err != nil {
			return err
		}
	}
	return nil
}

// tellsOfProtected looks where a paper came from, at the case that it is of, and at
// those that it and what goes by the same handle are linked to.
func (w *work) tellsOfProtected(file *consentFile, paper *server.State) (bool, error) {
	value := func(field string) string { return text(paper.Fields[field].Value) }
	var from []string
	switch paper.Kind {
	case "giving":
		from = []string{value("landlord_org")}
	case "notice_in":
		from = []string{value("from_org")}
	case "withdrawal":
		from = file.landlords // it does not say whose the handle is
	default:
		return w.f.Protected(file.org, paper.ID)
	}
	for _, landlord := range from {
		if is, err := w.protectedThere(landlord, value("handle")); err != nil || is {
			return is, err
		}
	}
	cases := append(file.linkedUnder(value("handle")), value("case"))
	if link := file.links[paper.ID]; link != nil {
		cases = append(cases, text(link.Fields["case"].Value))
	}
	for _, id := range cases {
		if is, err := w.protectedCase(file.org, id); err != nil || is {
			return is, err
		}
	}
	return false, nil
}

// protectedThere says whether a landlord's case that goes by the handle is protected.
func (w *work) protectedThere(landlord, handle string) (bool, error) {
	if landlord == "" || handle == "" {
		return false, nil
	}
	homes, err := w.f.Handles(landlord, byHandle(handle))
	if err != nil {
		return false, err
	}
	for _, home := range homes {
		if is, err := w.f.Protected(landlord, home.Root); err != nil || is {
			return is, err
		}
	}
	return false, nil
}

// protectedCase says whether one of the organisation's own cases is protected.
func (w *work) protectedCase(org, id string) (bool, error) {
	c, err := w.f.Record(org, id)
	if err != nil || c == nil {
		return false, err
	}
	return w.f.Protected(org, c.Root)
}
