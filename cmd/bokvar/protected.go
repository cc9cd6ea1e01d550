package main

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/google/uuid"

	"bokvar/internal/audit"
	"bokvar/internal/casework"
	"bokvar/internal/sqlite"
	"bokvar/sync/server"
)

// protectedDetails is what a protected identity closes in a file.
type protectedDetails struct {
	Reading string            `json:"reading"` // id of the record that says who fetched it, when and why
	At      int64             `json:"at"`
	Records []protectedRecord `json:"records"`
}

// protectedRecord is a record with those fields and no others. The versions are
// there so that a change can say what it is based on.
type protectedRecord struct {
	Kind     string                     `json:"kind"`
	ID       string                     `json:"id"`
	Fields   map[string]json.RawMessage `json:"fields"`
	Versions map[string]int64           `json:"versions"`
}

// protectedDoor is what a protected identity closes, as package web knows it.
type protectedDoor struct{ core *core }

func (d protectedDoor) Fetch(by *casework.Member, device, root, reason string) (any, error) {
	return d.core.fetchProtected(by, device, root, reason)
}

func (d protectedDoor) Change(by *casework.Member, device, root string, body []byte) (any, error) {
	return d.core.changeProtected(by, device, root, body)
}

func (d protectedDoor) Photo(by *casework.Member, device, root, id, reading string) ([]byte, error) {
	return d.core.protectedPhoto(by, device, root, id, reading)
}

// fetchProtected hands out protected details to somebody who says why. Who fetched,
// when and why is on disk before anything is read: as a record of the file, sealed
// like the rest of it, and as an entry of the log that holds its id. A file that is
// not there and one that is not the asker's are one answer.
func (o *core) fetchProtected(by *casework.Member, device, root, reason string) (any, error) {
	if o.office.Access().Cell("protected_reading", by.Role).Write == "" {
		return nil, errNoLog
	}
	var may bool
	err := o.db.Facts(func(f casework.Facts) (err error) {
		may, err = o.office.Fetches(f, by, root)
		return err
	})
	if err != nil {
		return nil, err
	}
	if !may {
		return nil, errNoSuchFile
	}
	out := protectedDetails{Reading: uuid.NewString(), At: o.clock().UnixMilli(), Records: []protectedRecord{}}
	err = houseWriter{o.engine}.Write(by.Org, by.ID, []casework.HouseChange{{Kind: "protected_reading", Record: out.Reading,
		Fields: map[string]any{"file": root, "person": by.ID, "at": out.At, "reason": reason}}})
	if err != nil {
		return nil, err
	}
	err = o.db.Audit(audit.Entry{At: out.At, Person: by.ID, Device: device, Action: audit.ReadProtected, Org: by.Org, Root: root, What: out.Reading})
	if err != nil {
		return nil, err
	}
	err = o.db.Facts(func(f casework.Facts) error {
		records, err := f.RecordsOf(by.Org, root, "")
		if err != nil {
			return err
		}
		for _, record := range records {
			if out.Records, err = o.addFetched(f, by, record, out.Records); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

// addFetched adds what the person fetches of a record, when that is anything.
func (o *core) addFetched(f casework.Facts, by *casework.Member, record *server.State, to []protectedRecord) ([]protectedRecord, error) {
	seen, err := o.office.Fetch(f, by, record)
	if err != nil || !seen.Visible {
		return to, err
	}
	return append(to, protectedRecord{record.Kind, record.ID, seen.Fields, seen.Versions(record)}), nil
}

// readingHolds is how long a fetch lets its person open the pictures of the file and
// change what they fetched. Longer than the app shows it (static/src/screens/protected).
const readingHolds = 15 * time.Minute

var errReadingOver = &casework.Error{Code: "reading_over", Sentence: "Det är för länge sedan du hämtade uppgifterna. Skriv varför du behöver dem, så hämtas de igen."}

// stillFetched refuses whoever may not fetch, as fetchProtected does, and then who has
// not just fetched this file, by the id that they got.
func (o *core) stillFetched(f casework.Facts, by *casework.Member, root, reading string) error {
	if o.office.Access().Cell("protected_reading", by.Role).Write == "" {
		return errNoLog
	}
	may, err := o.office.Fetches(f, by, root)
	if err != nil {
		return err
	}
	if !may {
		return errNoSuchFile
	}
	record, err := f.Record(by.Org, reading)
	if err != nil {
		return err
	}
	if record == nil || record.Kind != "protected_reading" || record.Root != root || word(record, "person") != by.ID {
		return errReadingOver
	}
	var at int64
	if err := json.Unmarshal(record.Fields["at"].Value, &at); err != nil {
		return err
	}
	if age := o.clock().Sub(time.UnixMilli(at)); age > readingHolds {
		return errReadingOver
	}
	return nil
}

// ofReading is what the log says of a row that belongs to a fetch: its reason is found by it.
func ofReading(reading, what string) string { return reading + "; " + what }

// reasonsOf finds why protected details were fetched, for rows of a log that the
// person may see: by the id of the reading, as far as they may read that record.
func (o *core) reasonsOf(by *casework.Member, rows []sqlite.Row) (map[string]string, error) {
	reasons := map[string]string{}
	err := o.db.Facts(func(f casework.Facts) error {
		for _, r := range rows {
			if r.Action != audit.ReadProtected {
				continue
			}
			reading, _, _ := strings.Cut(r.What, "; ")
			record, err := f.Record(by.Org, reading)
			if err != nil {
				return err
			}
			if record == nil {
				continue // the file was erased
			}
			seen, err := o.office.See(f, by.ID, record)
			if err != nil {
				return err
			}
			var reason string
			if json.Unmarshal(seen.Fields["reason"], &reason) == nil {
				reasons[r.What] = reason
			}
		}
		return nil
	})
	return reasons, err
}

// protectedKnown is the setting that says that the files of protected people have
// been noted.
const protectedKnown = "protected known"

// noteProtected notes the files of protected people in a database that was made
// before they were noted as they come. Nothing is shown before it is done.
func (o *core) noteProtected() error {
	done, err := o.db.Setting(protectedKnown)
	if err != nil || done != nil {
		return err
	}
	organisations, err := o.db.Organisations()
	if err != nil {
		return err
	}
	err = o.db.Write(func(tx server.Tx) error {
		f := tx.(casework.Facts)
		for _, org := range organisations {
			households, err := f.RecordsOfKind(org.ID, "household")
			if err != nil {
				return err
			}
			for _, h := range households {
				if string(h.Fields["protected"].Value) != "true" {
					continue
				}
				if err := f.SetProtected(org.ID, h.Root, true); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return o.db.PutSetting(protectedKnown, []byte("1"))
}

// papersKnown is the setting that says that what tells of protected people has been
// looked for wherever it can be.
const papersKnown = "protected papers known"

// notePapers protects what an earlier program did not find. Nothing is shown before it is done.
func (o *core) notePapers() error {
	done, err := o.db.Setting(papersKnown)
	if err != nil || done != nil {
		return err
	}
	organisations, err := o.db.Organisations()
	if err != nil {
		return err
	}
	err = o.engine.Touch(func(tx server.Tx, _ func(person, org, record string) error) error {
		return o.office.ProtectPapers(tx, organisations)
	})
	if err != nil {
		return err
	}
	return o.db.PutSetting(papersKnown, []byte("1"))
}
