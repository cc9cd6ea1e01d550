package office

import (
	"bokvar/internal/casework"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// fits judges what a kind's values must be together, beyond each by itself.
func (a *admission) fits() error {
	switch a.kind.Name {
	case "notice":
		return a.noticeUnit()
	case "photo":
		return a.photoSize()
	case "found":
		return a.foundState()
	case "notice_sent":
		return a.fitsAgreement(a.text("social_org"), a.text("unit"))
	case "case_link":
		return a.fitsLink()
	case "secrecy_approval":
		return a.fitsApproval()
	case "disclosure":
		return a.fitsDisclosure()
	case "translation":
		return a.fitsTranslation()
	}
	if casework.Shareable(a.kind.Name) {
		return a.fitsShared()
	}
	return nil
}

func (a *admission) text(field string) string { return text(a.change.Fields[field].Value) }

// fitsAgreement looks for the unit among those that the organisation has an agreement with.
func (a *admission) fitsAgreement(social, unit string) error {
	agreements, err := a.f.RecordsOfKind(a.org, "agreement")
	if err != nil {
		return err
	}
	for _, agreement := range agreements {
		if text(agreement.Fields["social_org"].Value) == social && text(agreement.Fields["unit"].Value) == unit {
			return nil
		}
	}
	return notFound()
}

// fitsShared judges whom an entry is shared with, whom it concerns, and whether
// its words are the author's to say.
func (a *admission) fitsShared() error {
	if with := a.text("shared_with"); with != "" {
		if err := a.fitsPartner(with); err != nil {
			return err
		}
	}
	for _, person := range texts(a.change.Fields["concerns"].Value) {
		if err := a.pointsAt(person, "person"); err != nil {
			return err
		}
	}
	own, err := a.f.Organisation(a.org)
	if err != nil || own == nil {
		return err
	}
	social := own.Kind == casework.SocialServices
	switch word, about := a.text("word"), a.text("about"); {
	case a.kind.Name == "thread_word" && (word == "solved") == social:
		return refuse(wire.CodeInvalid, "Det ordet är den andra organisationens att säga.")
	case a.kind.Name == "message" && about == "in_contact" && !social:
		return refuse(wire.CodeInvalid, "Det ordet är den andra organisationens att säga.")
	case a.kind.Name == "message" && about != "in_contact" && a.text("text") == "":
		return refuse(wire.CodeInvalid, "Texten är tom. Skriv något och försök igen.")
	}
	return nil
}

// fitsPartner looks for an agreement with the organisation. Whether anything is
// open between the two now is not judged here: it is when the entry is shown.
func (a *admission) fitsPartner(org string) error {
	agreements, err := a.f.RecordsOfKind(a.org, "agreement")
	if err != nil {
		return err
	}
	for _, agreement := range agreements {
		for _, side := range []string{"social_org", "landlord_org"} {
			if id := text(agreement.Fields[side].Value); id == org && id != a.org {
				return nil
			}
		}
	}
	return notFound()
}

// fitsLink judges that a consent or a notice is linked to a case that the author
// may read, and its signatures to people of that case's household.
func (a *admission) fitsLink() error {
	of, err := a.f.Record(a.org, a.root)
	if err != nil {
		return err
	}
	if of == nil || of.Kind != "giving" && of.Kind != "notice_in" {
		return notFound()
	}
	people := object[[]casework.LinkedSigner](a.change.Fields["people"].Value)
	if a.text("case") == "" {
		if people != nil && len(*people) > 0 {
			return refuse(wire.CodeInvalid, "Välj ärendet först.")
		}
		return nil
	}
	c, err := a.readable(a.text("case"), "case")
	if err != nil || people == nil {
		return err
	}
	for _, each := range *people {
		signature, err := a.f.Record(a.org, each.Signature)
		if err != nil {
			return err
		}
		person, err := a.f.Record(a.org, each.Person)
		if err != nil {
			return err
		}
		if signature == nil || signature.Kind != "signature" || signature.Root != a.root ||
			person == nil || person.Kind != "person" || person.Root != c.Root {
			return notFound()
		}
	}
	return nil
}

// readable finds a record of the kind in the author's organisation that they may read.
func (a *admission) readable(id, kind string) (*server.State, error) {
	record, err := a.f.Record(a.org, id)
	if err != nil {
		return nil, err
	}
	if record == nil || record.Kind != kind {
		return nil, notFound()
	}
	sees, err := a.sees(record)
	if err == nil && !sees {
		err = notFound()
	}
	return record, err
}

// fitsApproval asks for a second person: nobody approves their own proposal.
func (a *admission) fitsApproval() error {
	change, err := a.readable(a.text("change"), "secrecy_change")
	if err != nil {
		return err
	}
	if text(change.Fields["by"].Value) == a.author.Person {
		return refuse(wire.CodeInvalid, "En annan person än den som föreslog ändringen ska godkänna den.")
	}
	return nil
}

// fitsDisclosure judges that what is told is an entry of the same case that
// access.md lets be told by itself, was marked for somebody whose case is linked,
// on a ground that the organisation can have, with a journal entry of the author's.
func (a *admission) fitsDisclosure() error {
	record, err := a.f.Record(a.org, a.text("record"))
	if err != nil {
		return err
	}
	if record == nil || !a.access.Discloses(record.Kind) || record.Root != a.root || text(record.Fields["case"].Value) != a.text("case") {
		return notFound()
	}
	with := text(record.Fields["shared_with"].Value)
	if with == "" {
		return refuse(wire.CodeInvalid, "Välj vem uppgiften ska lämnas ut till.")
	}
	if err := a.fitsGround(); err != nil {
		return err
	}
	if err := a.fitsJournal(); err != nil {
		return err
	}
	return a.fitsRoom(with)
}

// fitsGround asks for a ground that the author's kind of organisation can tell on.
func (a *admission) fitsGround() error {
	own, err := a.f.Organisation(a.org)
	if err != nil || own == nil {
		return err
	}
	if casework.GroundOf(a.text("ground")).For != own.Kind {
		return refuse(wire.CodeInvalid, "Den grunden gäller inte för er. Välj en annan.")
	}
	return nil
}

// fitsJournal asks that the journal entry is about the same case, and the author's own.
func (a *admission) fitsJournal() error {
	note, err := a.f.Record(a.org, a.text("note"))
	if err != nil {
		return err
	}
	if text(note.Fields["case"].Value) != a.text("case") || text(note.Fields["by"].Value) != a.author.Person {
		return refuse(wire.CodeInvalid, "Journalanteckningen ska höra till samma ärende och vara skriven av dig.")
	}
	return nil
}

// fitsRoom asks that the case is linked to one of the organisation that is told:
// otherwise nobody would be, and the journal would say that they were.
func (a *admission) fitsRoom(with string) error {
	rooms, err := a.f.Rooms(a.org, a.root)
	if err != nil {
		return err
	}
	for i := range rooms {
		if own, other := rooms[i].Ends(a.org); own.Case == a.text("case") && other.Org == with {
			return nil
		}
	}
	return refuse(wire.CodeInvalid, "Ärendet är inte kopplat till något hos den andra organisationen. Inget är utlämnat.")
}
