package main

import (
	"errors"
	"strconv"
	"strings"
	"sync"
	"time"

	"bokvar/internal/audit"
	"bokvar/internal/casework"
	"bokvar/internal/sqlite"
	"bokvar/sync/server"
)

// book is the audit log as package web knows it: access.md says who sees what of it.
type book struct {
	core    *core
	denials denials
}

// logPage is how many rows are told at a time.
const logPage = 200

// logRow is one row as it is shown.
type logRow struct {
	Number int64  `json:"number"`
	At     int64  `json:"at"`
	Person string `json:"person,omitempty"`
	Device string `json:"device,omitempty"`
	Action string `json:"action"`
	What   string `json:"what,omitempty"`
	Org    string `json:"org,omitempty"` // name of another organisation that read what was shared with it
}

var (
	errNoSuchFile = &casework.Error{Code: "not_found", Sentence: "Det finns ingen sådan akt."}
	errNoLog      = &casework.Error{Code: "not_allowed", Sentence: "Det får du inte göra i din roll."}
)

// OfCase tells who opened and wrote in a file. A file that is not there and one
// that is not the asker's are one answer. That it was asked is written down too.
func (b *book) OfCase(by *casework.Member, root string, before int64) (any, error) {
	may, err := b.core.mayRead(by, root, "log")
	if err != nil {
		return nil, err
	}
	if !may {
		return nil, errNoSuchFile
	}
	rows, err := b.core.db.LogOfCase(by.Org, root, before, logPage)
	if err != nil {
		return nil, err
	}
	err = b.core.db.Audit(audit.Entry{At: b.core.clock().UnixMilli(), Person: by.ID, Action: audit.Read, Org: by.Org, Root: root, What: "log"})
	out := shown(rows)
	for i := range out {
		if err == nil {
			out[i].Org, err = b.core.otherOrg(out[i].What)
		}
	}
	return out, err
}

// otherOrg is the name of the organisation that a row of the log says read what was
// shared with it; "" for one's own.
func (o *core) otherOrg(what string) (string, error) {
	_, id, found := strings.Cut(what, "; org ")
	if !found {
		return "", nil
	}
	org, err := o.accounts.Organisation(id)
	if err != nil || org == nil {
		return id, err
	}
	return org.Name, nil
}

// OfOrganisation tells what concerns no case file.
func (b *book) OfOrganisation(by *casework.Member, person string, before int64) (any, error) {
	if b.core.office.Access().Cell("org_log", by.Role).Read == "never" {
		return nil, errNoLog
	}
	rows, err := b.core.db.LogOfOrganisation(by.Org, person, before, logPage)
	return shown(rows), err
}

func shown(rows []sqlite.Row) []logRow {
	out := make([]logRow, 0, len(rows))
	for _, r := range rows {
		out = append(out, logRow{r.Number, r.At, r.Person, r.Device, r.Action, r.What, ""})
	}
	return out
}

// mayRead says whether the person may read records of the kind in a file.
func (o *core) mayRead(by *casework.Member, root, kind string) (may bool, err error) {
	if root == "" {
		return false, nil
	}
	err = o.db.Facts(func(f casework.Facts) error {
		record := &server.State{Org: by.Org, ID: root, Kind: kind, Root: root, Fields: map[string]server.Field{}}
		for _, field := range casework.KindOf(kind).Fields {
			record.Fields[field.Name] = server.Field{Value: []byte(`""`), Version: 1}
		}
		seen, err := o.office.See(f, by.ID, record)
		may = seen.Visible
		return err
	})
	return may, err
}

// Told writes down what was read on a device. Only files that the person carries,
// or has carried, count: anything else was not theirs to open.
func (b *book) Told(by *casework.Member, device string, readings []casework.Reading) error {
	var numbers []int64
	var entries []audit.Entry
	err := b.core.db.Read(func(tx server.Tx) error {
		for _, r := range readings {
			row, err := tx.Inbox(by.ID, by.Org, r.Root)
			if err != nil {
				return err
			}
			if len(numbers) > 0 && r.Number <= numbers[len(numbers)-1] || r.Number < 1 || row.Seq == 0 {
				continue
			}
			more, err := b.reading(tx, by, device, r)
			if err != nil {
				return err
			}
			numbers = append(numbers, r.Number)
			entries = append(entries, more...)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return b.core.db.Told(by.ID, device, numbers, entries)
}

// reading is in the server's order and time; the device's own time stands beside it,
// and on what it was read. What was shared and opened with it is in its owner's log,
// too: there it says which organisation read, and not which of its people.
func (b *book) reading(tx server.Tx, by *casework.Member, device string, r casework.Reading) ([]audit.Entry, error) {
	f, ok := tx.(casework.Facts)
	if !ok {
		return nil, errors.New("the store's transaction lacks the domain's facts")
	}
	ground, err := b.core.office.Ground(f, by, r.Root)
	if err != nil {
		return nil, err
	}
	e := audit.Entry{At: b.core.clock().UnixMilli(), Person: by.ID, Device: device, Action: audit.Read, Org: by.Org, Root: r.Root, What: whatOf(r, "ground "+ground)}
	if r.Offline {
		e.Action = audit.ReadOffline
	}
	entries := []audit.Entry{e}
	if !r.Shared {
		return entries, nil
	}
	reaches, err := b.core.office.Reaches(f, by, r.Root)
	for _, reach := range reaches {
		theirs := e
		theirs.Org, theirs.Root, theirs.Person, theirs.Device = reach.Org, reach.Root, "", ""
		theirs.What = whatOf(r, "ground "+reach.Ground+"; org "+by.Org)
		entries = append(entries, theirs)
	}
	return entries, err
}

// whatOf is what the log says of a reading: "device clock 2026-11-18T07:00:00Z; ground own-unit".
func whatOf(r casework.Reading, ground string) string {
	if r.At <= 0 {
		return ground
	}
	return "device clock " + time.UnixMilli(r.At).UTC().Format(time.RFC3339) + "; " + ground
}

// Denied notes that a role was not enough.
func (b *book) Denied(by *casework.Member, device, what string) {
	if err := b.denied(by.Org, by.ID, device, what); err != nil {
		b.core.trouble("write down a denial", err)
	}
}

// denied writes it down, but not each of a flood.
func (b *book) denied(org, person, device, what string) error {
	now := b.core.clock()
	more, write := b.denials.count(person+"\x00"+what, now)
	if !write {
		return nil
	}
	if more > 0 {
		what += ", and " + strconv.Itoa(more) + " more before"
	}
	return b.core.db.Audit(audit.Entry{At: now.UnixMilli(), Person: person, Device: device, Action: audit.Denied, Org: org, What: what})
}

// denials lets one of a kind through a minute, and counts the others: somebody who
// knocks without end must not fill the disk.
type denials struct {
	mu   sync.Mutex
	seen map[string]*denial
}

type denial struct {
	at   time.Time
	more int
}

const (
	denialEvery = time.Minute
	denialKinds = 1000 // remembered; more begins anew
)

func (d *denials) count(key string, now time.Time) (more int, write bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	one := d.seen[key]
	if one == nil {
		if len(d.seen) >= denialKinds || d.seen == nil {
			d.seen = map[string]*denial{}
		}
		d.seen[key] = &denial{at: now}
		return 0, true
	}
	if now.Sub(one.at) < denialEvery {
		one.more++
		return 0, false
	}
	more, one.at, one.more = one.more, now, 0
	return more, true
}

// refusedEntry says whether somebody was turned away at sign-in, and not by a fault of the server.
func refusedEntry(err error) bool {
	var known *casework.Error
	return errors.As(err, &known)
}
