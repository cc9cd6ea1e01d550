package demo

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"bokvar/internal/casework"
	"bokvar/sync/server"
)

// Stores are where the town is put. TakeIn reads a list and confirms it, as if
// the member had done so at the instant; cmd wires it to the import.
type Stores struct {
	Accounts casework.AccountStore
	Office   casework.Office
	Read     func(func(casework.Facts) error) error
	TakeIn   func(m casework.Member, fileName string, file io.Reader, at time.Time) error
}

// Options of a town. Empty leaves out every household: there are people, units
// and an agreement, and the work begins with the import.
type Options struct {
	Now   time.Time
	Empty bool
}

// Seed fills the stores. It is for a new database: what is there is not looked at.
func (t *Town) Seed(s Stores, o Options) error {
	for _, org := range Organisations {
		if err := s.Accounts.PutOrganisation(org); err != nil {
			return fmt.Errorf("demo: organisation %s: %w", org.ID, err)
		}
	}
	for _, m := range Members {
		if err := s.Accounts.PutMember(m); err != nil {
			return fmt.Errorf("demo: member %s: %w", m.ID, err)
		}
	}
	for _, org := range Organisations {
		if err := s.Office.Write(org.ID, "", common(org.ID, o.Now)); err != nil {
			return fmt.Errorf("demo: common records of %s: %w", org.ID, err)
		}
	}
	if o.Empty {
		return nil
	}
	return t.fill(s, o.Now)
}

// fill takes the earlier list in and lets the town live for a few days.
func (t *Town) fill(s Stores, now time.Time) error {
	at := earlierAt(now)
	file, err := t.EarlierFile(now)
	if err != nil {
		return err
	}
	if err := s.TakeIn(Person("jonna"), file.Name, bytes.NewReader(file.Data), at.Add(40*time.Minute)); err != nil {
		return fmt.Errorf("demo: taking the earlier list in: %w", err)
	}
	places, err := t.places(s)
	if err != nil {
		return err
	}
	l := &life{town: t, now: now.In(casework.Zone), places: places}
	l.landlord()
	if err := s.Office.Write(Landlord, "jonna", l.theirs); err != nil {
		return fmt.Errorf("demo: the landlord's days: %w", err)
	}
	l.social()
	if err := s.Office.Write(Social, "samira", l.ours); err != nil {
		return fmt.Errorf("demo: the days of social services: %w", err)
	}
	return nil
}

// earlierAt is when the list was printed that the town has taken in: four days ago at 07:10.
func earlierAt(now time.Time) time.Time {
	d := now.In(casework.Zone).AddDate(0, 0, -4)
	return time.Date(d.Year(), d.Month(), d.Day(), 7, 10, 0, 0, casework.Zone)
}

// EarlierFile is the list that the town has taken in when the demo begins.
func (t *Town) EarlierFile(now time.Time) (File, error) {
	at := earlierAt(now)
	// The month is the one of the lists that come after it, so that they tell of the same rents.
	month, _ := months(listedAt(now))
	lines := sheet(t.earlierRows(listedAt(now)), at, month)
	data, err := windows1252(csvText(lines))
	return File{Name: "obetalda-" + at.Format("0102") + ".csv", Data: data}, err
}

// place is where a household of the town is found among the records.
type place struct{ household, cases, person string }

// places finds the landlord's records by contract.
func (t *Town) places(s Stores) (map[string]place, error) {
	byContract := map[string]place{}
	err := s.Read(func(facts casework.Facts) error {
		contracts := map[string]string{} // by household
		households, err := facts.RecordsOfKind(Landlord, "household")
		if err != nil {
			return err
		}
		for _, h := range households {
			contracts[h.ID] = text(h, "contract")
			byContract[contracts[h.ID]] = place{household: h.ID}
		}
		for _, kind := range []string{"case", "person"} {
			records, err := facts.RecordsOfKind(Landlord, kind)
			if err != nil {
				return err
			}
			for _, r := range records {
				contract := contracts[text(r, "household")]
				p := byContract[contract]
				if kind == "case" {
					p.cases = r.ID
				} else if text(r, "position") == "tenant" {
					p.person = r.ID
				}
				byContract[contract] = p
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("demo: finding the households: %w", err)
	}
	return byContract, nil
}

func text(s *server.State, field string) string {
	var v string
	_ = json.Unmarshal(s.Fields[field].Value, &v) // what is no text is empty
	return v
}
