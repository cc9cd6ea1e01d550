package bench

import (
	"fmt"
	"strings"

	"github.com/google/uuid"

	"bokvar/internal/casework"
)

// The town of the bench: one landlord (and, in W10, social services). Every person is signed in on one device.
const (
	org       = "bench"
	noteBytes = 1000 // of text in one note
)

// people adds n members of a role to a unit and returns their cookies by number.
func people(s Seeder, prefix string, n int, role casework.Role, unit string) ([]string, error) {
	return peopleOf(s, org, prefix, n, role, unit)
}

// peopleOf does it for another organisation.
func peopleOf(s Seeder, org, prefix string, n int, role casework.Role, unit string) ([]string, error) {
	cookies := make([]string, n)
	for i := range n {
		id := fmt.Sprintf("%s-%d", prefix, i)
		err := s.PutMember(casework.Member{ID: id, Org: org, Name: id, Role: role, Units: []string{unit}, Active: true})
		if err != nil {
			return nil, err
		}
		if cookies[i], err = s.Cookie(id, Device(id)); err != nil {
			return nil, err
		}
	}
	return cookies, nil
}

// Device is a person's only one.
func Device(person string) string {
	return uuid.NewSHA1(uuid.NameSpaceOID, []byte(person)).String()
}

// file is one household with a case, in a unit, and a visit by the persons named.
type file struct{ household, case_, contact string }

func newFile() file {
	return file{uuid.NewString(), uuid.NewString(), uuid.NewString()}
}

func (f file) changes(unit string, named ...string) []casework.HouseChange {
	out := []casework.HouseChange{
		{Kind: "household", Record: f.household, Fields: map[string]any{"street": "Provgatan 1", "city": "Sjöberga", "floor": "2 tr", "children": true}},
		{Kind: "case", Record: f.case_, Fields: map[string]any{"household": f.household, "unit": unit, "reason": "arrears", "status": "open"}},
	}
	if len(named) > 0 {
		out = append(out, casework.HouseChange{Kind: "contact", Record: f.contact, Fields: map[string]any{
			"household": f.household, "case": f.case_, "form": "visit", "purpose": "home_visit", "people": named}})
	}
	return out
}

// note is the fields of one note of a kilobyte.
func (f file) note(by string, at int64) map[string]any {
	return map[string]any{"household": f.household, "case": f.case_, "contact": f.contact, "text": words(noteBytes), "at": at, "by": by}
}

// noteWithout is a note that hangs on the case alone.
func (f file) noteWithout(by string, at int64) map[string]any {
	n := f.note(by, at)
	delete(n, "contact")
	return n
}

const sentence = "Öppnade på glänt och ville prata, men inte när barnen hör. Bad oss ringa efter fem. "

func words(n int) string {
	return strings.ToValidUTF8(strings.Repeat(sentence, n/len(sentence)+1)[:n], "")
}

// background writes so many records, all of one unit's cases.
func background(s Seeder, unit string, records int, note func(string)) error {
	const perFile = 50 // household, case and 48 notes
	var batch []casework.HouseChange
	for done := 0; done < records; done += perFile {
		f := newFile()
		batch = append(batch, f.changes(unit)...)
		for range perFile - 2 {
			batch = append(batch, casework.HouseChange{Kind: "note", Record: uuid.NewString(), Fields: f.noteWithout("somebody", 1)})
		}
		if len(batch) >= 2000 || done+perFile >= records {
			if err := s.Write(org, "", batch); err != nil {
				return err
			}
			batch = batch[:0]
			if done%100_000 < perFile {
				note(fmt.Sprintf("  %d of %d records stored", done, records))
			}
		}
	}
	return nil
}
