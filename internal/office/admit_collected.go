package office

import (
	"bokvar/internal/casework"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// collected judges a consent, a signature or a withdrawal that is made on behalf
// of the unit that owns it, in the author's organisation or another.
func (a *admission) collected() error {
	if a.before != nil {
		return a.collectedBefore()
	}
	if err := a.values(); err != nil {
		return err
	}
	if a.kind.Name == "signature" {
		return a.signs()
	}
	if err := a.ownedBy(text(a.change.Fields["unit"].Value)); err != nil {
		return err
	}
	if a.kind.Name == "giving" {
		return a.knewWithdrawal()
	}
	return nil
}

// collectedBefore takes again what the author has handed in already, and is
// locked for those who may read it.
func (a *admission) collectedBefore() error {
	mine := wrote(a.before, a.author.Person)
	if !mine {
		sees, err := a.sees(a.before)
		if err != nil {
			return err
		}
		if !sees {
			return notFound()
		}
	}
	return a.unchanged()
}

// signs looks for the giving that a signature is under: the author's own, or one they may read.
func (a *admission) signs() error {
	giving, err := a.f.Record(a.org, a.root)
	if err != nil {
		return err
	}
	if giving == nil || giving.Kind != "giving" {
		return notFound()
	}
	if wrote(giving, a.author.Person) {
		return nil
	}
	sees, err := a.sees(giving)
	if err == nil && !sees {
		err = notFound()
	}
	return err
}

// sees says whether the author may read something of a record of their own organisation.
func (a *admission) sees(record *server.State) (bool, error) {
	seen, err := a.See(a.f, a.member.ID, record)
	return seen.Visible, err
}

// ownedBy judges the unit that a consent goes to: one of the author's own
// organisation, when that is social services, or the one that the agreement names.
func (a *admission) ownedBy(unit string) error {
	if a.org == a.author.Org {
		own, err := a.f.Organisation(a.org)
		if err != nil {
			return err
		}
		if own == nil || own.Kind != casework.SocialServices {
			return notFound()
		}
		return a.isUnit(a.org, unit)
	}
	agreements, err := a.f.RecordsOfKind(a.author.Org, "agreement")
	if err != nil {
		return err
	}
	for _, agreement := range agreements {
		if text(agreement.Fields["social_org"].Value) == a.org && text(agreement.Fields["unit"].Value) == unit {
			return nil
		}
	}
	return notFound()
}

// knewWithdrawal holds a giving that was made without knowing of the latest
// withdrawal of the same file, whatever the clocks say.
func (a *admission) knewWithdrawal() error {
	withdrawals, err := a.f.RecordsOfKind(a.org, "withdrawal")
	if err != nil {
		return err
	}
	var latest *server.State
	for _, w := range withdrawals {
		if text(w.Fields["handle"].Value) != text(a.change.Fields["handle"].Value) {
			continue
		}
		if latest == nil || number(w.Fields["at"].Value) > number(latest.Fields["at"].Value) {
			latest = w
		}
	}
	if latest == nil || latest.ID == text(a.change.Fields["knew_withdrawal"].Value) {
		return nil
	}
	return &server.Refusal{Status: wire.Held, Code: wire.CodeUnknownGiving,
		Sentence: "Samtycket är sparat men öppnar inget än. Socialtjänsten frågar hyresgästen först."}
}

// wrote says whether the person made the append-only record.
func wrote(record *server.State, person string) bool {
	for _, field := range record.Fields {
		return field.By == person
	}
	return false
}
