package office

import (
	"encoding/json"

	"bokvar/internal/casework"
	"bokvar/sync/wire"
)

// values judges every value by its type, and that nothing required is missing.
func (a *admission) values() error {
	for field, set := range a.change.Fields {
		if err := judged(casework.Validate(a.kind.Name, field, set.Value)); err != nil {
			return err
		}
	}
	if a.before != nil {
		return nil
	}
	for _, field := range a.kind.Fields {
		if _, given := a.change.Fields[field.Name]; field.Required && !given {
			return judged(casework.Validate(a.kind.Name, field.Name, nil))
		}
	}
	return nil
}

// content judges values and what they point at.
func (a *admission) content() error {
	if err := a.values(); err != nil {
		return err
	}
	for field, set := range a.change.Fields {
		if casework.IsNull(set.Value) {
			continue
		}
		if err := a.points(casework.FieldOf(a.kind.Name, field), set.Value); err != nil {
			return err
		}
	}
	return a.fits()
}

// points judges ids: of records of the same file, of colleagues, of units. What
// says who did something must say the author.
func (a *admission) points(field *casework.FieldType, raw json.RawMessage) error {
	switch field.Type {
	case casework.Ref:
		return a.pointsAt(text(raw), field.Of)
	case casework.Person:
		if field.Name == "by" {
			return a.isAuthor(text(raw))
		}
		return a.isColleague(text(raw))
	case casework.People:
		for _, person := range texts(raw) {
			if err := a.isColleague(person); err != nil {
				return err
			}
		}
	case casework.Unit:
		return a.isUnit(a.org, text(raw))
	case casework.Object:
		var who struct{ By *string }
		if raw[0] == '{' && json.Unmarshal(raw, &who) == nil && who.By != nil {
			return a.isAuthor(*who.By)
		}
	}
	return nil
}

// pointsAt looks for a record of the same organisation and root. What the
// standing knows needs no look at the record itself.
func (a *admission) pointsAt(id, kind string) error {
	if id == "" {
		return nil
	}
	switch kind {
	case "household":
		if id == a.root && len(a.units) > 0 {
			return nil
		}
	case "case":
		for _, u := range a.units {
			if u.Record == id {
				return nil
			}
		}
	case "contact":
		if a.knows(id) {
			return nil
		}
	}
	record, err := a.f.Record(a.org, id)
	if err != nil {
		return err
	}
	if record == nil || record.Kind != kind || record.Root != a.root {
		return notFound()
	}
	return nil
}

func (a *admission) isAuthor(person string) error {
	if person != a.author.Person {
		return refuse(wire.CodeInvalid, "Det går bara att skriva i sitt eget namn.")
	}
	return nil
}

func (a *admission) isColleague(person string) error {
	if person == a.author.Person {
		return nil
	}
	m, err := a.f.Member(person)
	if err != nil {
		return err
	}
	if m == nil || m.Org != a.org || !m.Active {
		return refuse(wire.CodeInvalid, "En av dem som står med arbetar inte här. Välj någon annan.")
	}
	return nil
}

func (a *admission) isUnit(org, unit string) error {
	if org == a.author.Org && a.member.WorksIn(unit) {
		return nil
	}
	record, err := a.f.Record(org, unit)
	if err != nil {
		return err
	}
	if record == nil || record.Kind != "unit" {
		return refuse(wire.CodeInvalid, "Enheten finns inte. Välj en annan.")
	}
	return nil
}

// photoSize holds the picture that is to follow to what is taken in.
func (a *admission) photoSize() error {
	size, hash := number(a.change.Fields["size"].Value), text(a.change.Fields["hash"].Value)
	if size < 1 || size > casework.MaxPhoto || len(hash) != 64 {
		return refuse(wire.CodeInvalid, "Bilden är för stor. Ta en ny bild.")
	}
	return nil
}

// noticeUnit sees to it that a notice lies with the unit that has its case, so
// that those who are called can open it.
func (a *admission) noticeUnit() error {
	unit, id := text(a.change.Fields["unit"].Value), text(a.change.Fields["case"].Value)
	for _, u := range a.units {
		if u.Record == id && u.Unit == unit {
			return nil
		}
	}
	record, err := a.f.Record(a.org, id) // made or moved in this commit
	if err != nil {
		return err
	}
	if record == nil || text(record.Fields["unit"].Value) != unit {
		return refuse(wire.CodeInvalid, "Underrättelsen och ärendet ska ligga på samma enhet. Flytta ärendet först.")
	}
	return nil
}
