package main

import (
	"cmp"
	"errors"
	"slices"
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
	core     *core
	denials  denials
	openings openings
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
	Reason string `json:"reason,omitempty"` // why protected details were fetched
	Org    string `json:"org,omitempty"`    // name of another organisation that read what was shared with it
}

var (
	errNoSuchFile = &casework.Error{Code: "not_found", Sentence: "Det finns ingen sådan akt."}
	errNoLog      = &casework.Error{Code: "not_allowed", Sentence: "Det får du inte göra i din roll."}
)

// OfCase tells who opened and wrote in a file. A file that is not there and one
// that is not the asker's are one answer. That it was asked is written down too.
func (b *book) OfCase(by *casework.Member, device, root string, before int64) (any, error) {
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
	reasons, err := b.core.reasonsOf(by, rows)
	if err != nil {
		return nil, err
	}
	err = b.core.wasRead(by, device, audit.Read, root, "log")
	out := shown(rows, reasons)
	for i := range out {
		if err == nil {
			out[i].Org, err = b.core.otherOrg(out[i].What)
		}
	}
	return out, err
}

// wasRead writes down that the person has looked at something of a file, or taken it
// out, and on what ground.
func (o *core) wasRead(by *casework.Member, device, action, root, what string) error {
	var ground string
	err := o.db.Facts(func(f casework.Facts) (err error) {
		ground, err = o.office.Ground(f, by, root)
		return err
	})
	if err != nil {
		return err
	}
	return o.db.Audit(audit.Entry{At: o.clock().UnixMilli(), Person: by.ID, Device: device, Action: action, Org: by.Org, Root: root, What: what + "; ground " + ground})
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

// OfOrganisation tells what concerns no case file. That it was opened is written down, with
// whose rows were asked for; a page that goes on where the one before ended is the same opening.
func (b *book) OfOrganisation(by *casework.Member, device, person string, before int64) (any, error) {
	if b.core.office.Access().Cell("org_log", by.Role).Read == "never" {
		return nil, errNoLog
	}
	fits, err := b.fits(by, casework.LogSearch{Person: person, Before: before})
	if err != nil {
		return nil, err
	}
	if !fits {
		return nil, errNoLogSearch
	}
	rows, err := b.core.db.LogOfOrganisation(by.Org, person, before, logPage)
	if err != nil {
		return nil, err
	}
	o := opening{by.ID, device, person}
	now := b.core.clock()
	if !b.openings.goesOn(o, before, now) {
		what := "log"
		if person != "" {
			what += "; " + person
		}
		if err := b.core.db.Audit(audit.Entry{At: now.UnixMilli(), Person: by.ID, Device: device, Action: audit.Read, Org: by.Org, What: what}); err != nil {
			return nil, err
		}
	}
	b.openings.told(o, rows, now)
	return shown(rows, nil), nil
}

// openings are the readings of organisations' logs that have more pages. What is forgotten
// when the program ends is written down as a new one.
type openings struct {
	mu   sync.Mutex
	ends map[opening]end
}

// openingLasts is how long after a page the next one belongs to the same opening: who comes
// back after lunch has opened the log again.
const openingLasts = 30 * time.Minute

// end is the last row that was told, and when.
type end struct {
	row int64
	at  time.Time
}

// opening is who reads the log, where, and whose rows; "" for everybody's.
type opening struct{ person, device, of string }

func (o *openings) goesOn(one opening, before int64, now time.Time) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	last, ok := o.ends[one]
	return ok && before == last.row && now.Before(last.at.Add(openingLasts))
}

func (o *openings) told(one opening, rows []sqlite.Row, now time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(rows) < logPage {
		delete(o.ends, one)
		return
	}
	if o.ends == nil {
		o.ends = map[opening]end{}
	}
	o.ends[one] = end{rows[len(rows)-1].Number, now}
}

type logFound struct {
	Rows []logRow `json:"rows"`
	Next int64    `json:"next,omitempty"` // where it goes on; left out when that is all
}

// Limits of what one search names: kinds, and letters of each. The log's row holds all of them.
const (
	mostKinds = 60
	mostKind  = 30
)

var errNoLogSearch = &casework.Error{Code: casework.CodeInvalid, Sentence: "Så kan man inte söka. Kontrollera dagarna."}

// Search finds by who, what and when, in what the asker may read: access.md's rows `log`
// and `org_log`. Each page that is asked for is written down, with what was searched for.
func (b *book) Search(by *casework.Member, device string, q casework.LogSearch) (any, error) {
	if q.Root == "" && b.core.office.Access().Cell("org_log", by.Role).Read == "never" {
		return nil, errNoLog
	}
	if q.Root != "" {
		may, err := b.core.mayRead(by, q.Root, "log")
		if err != nil {
			return nil, err
		}
		if !may {
			return nil, errNoSuchFile
		}
	}
	asked := sqlite.LogQuery{Org: by.Org, Root: q.Root, Person: q.Person, Actions: q.Kinds, Before: q.Before}
	fits, err := b.fits(by, q)
	if err != nil {
		return nil, err
	}
	if !fits || !spanOf(&asked, q.From, q.To) {
		return nil, errNoLogSearch
	}
	found, err := b.core.db.SearchLog(asked, logPage)
	if err != nil {
		return nil, err
	}
	reasons := map[string]string{}
	if q.Root != "" {
		if reasons, err = b.core.reasonsOf(by, found.Rows); err != nil {
			return nil, err
		}
	}
	err = b.searched(by, device, q)
	out := logFound{shown(found.Rows, reasons), found.Next}
	for i := range out.Rows {
		if err == nil && q.Root != "" {
			out.Rows[i].Org, err = b.core.otherOrg(out.Rows[i].What)
		}
	}
	return out, err
}

// fits says whether it names a colleague, words of the log and a place in it alone: what is
// searched for is written down for ever, all of it.
func (b *book) fits(by *casework.Member, q casework.LogSearch) (bool, error) {
	word := func(r rune) bool { return r == '_' || 'a' <= r && r <= 'z' }
	for _, kind := range q.Kinds {
		if len(kind) > mostKind || strings.TrimFunc(kind, word) != "" {
			return false, nil
		}
	}
	if q.Before < 0 || len(q.Kinds) > mostKinds {
		return false, nil
	}
	if q.Person == "" {
		return true, nil
	}
	people, err := b.core.accounts.People(by.Org)
	return slices.ContainsFunc(people, func(m casework.Member) bool { return m.ID == q.Person }), err
}

// spanOf reads the days; false when one is none.
func spanOf(q *sqlite.LogQuery, from, to string) bool {
	ok := true
	if from != "" {
		q.From, ok = casework.DayStart(from)
	}
	if to != "" && ok {
		q.To, ok = casework.DayStart(casework.AddDays(to, 1))
	}
	return ok
}

// searched writes down what was searched for: a person's id, words of the log, the first
// and the last day, and for a later page the number of the row that it goes on from.
// "log; kim; read search; 2026-11-01; -; before 4711".
func (b *book) searched(by *casework.Member, device string, q casework.LogSearch) error {
	what := "log"
	for _, part := range []string{q.Person, strings.Join(q.Kinds, " "), q.From, q.To} {
		what += "; " + cmp.Or(part, "-")
	}
	if q.Before > 0 {
		what += "; before " + strconv.FormatInt(q.Before, 10)
	}
	if q.Root != "" {
		return b.core.wasRead(by, device, audit.Read, q.Root, what)
	}
	return b.core.db.Audit(audit.Entry{At: b.core.clock().UnixMilli(), Person: by.ID, Device: device, Action: audit.Search, Org: by.Org, What: what})
}

func shown(rows []sqlite.Row, reasons map[string]string) []logRow {
	out := make([]logRow, 0, len(rows))
	for _, r := range rows {
		out = append(out, logRow{Number: r.Number, At: r.At, Person: r.Person, Device: r.Device, Action: r.Action, What: r.What, Reason: reasons[r.What]})
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
	err := b.core.db.Facts(func(f casework.Facts) error {
		for _, r := range readings {
			row, err := f.Inbox(by.ID, by.Org, r.Root)
			if err != nil {
				return err
			}
			if len(numbers) > 0 && r.Number <= numbers[len(numbers)-1] || r.Number < 1 || row.Seq == 0 {
				continue
			}
			more, err := b.reading(f, by, device, r)
			if err != nil {
				return err
			}
			for _, e := range more {
				numbers, entries = append(numbers, r.Number), append(entries, e)
			}
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
func (b *book) reading(f casework.Facts, by *casework.Member, device string, r casework.Reading) ([]audit.Entry, error) {
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
	reaches, err := b.core.office.Reaches(f, by, r.Root, r.Offline)
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
	e := audit.Entry{At: now.UnixMilli(), Person: person, Device: device, Action: audit.Denied, Org: org, What: what}
	return b.write(b.denials.count(e, now))
}

// settle writes down how many there were of a flood beside those that have rows of
// their own, once its minute is over; at the end of the program of all.
func (b *book) settle(end bool) error {
	return b.write(b.denials.settle(b.core.clock(), end))
}

func (b *book) write(rows []audit.Entry) error {
	for _, row := range rows {
		if err := b.core.db.Audit(row); err != nil {
			return err
		}
	}
	return nil
}

// denials lets one of a kind through a minute, and counts the others: somebody who
// knocks without end must not fill the disk.
type denials struct {
	mu   sync.Mutex
	seen map[string]*denial
}

type denial struct {
	first audit.Entry // the row of its own
	last  int64       // ms
	more  int         // since then
}

const (
	denialEvery = time.Minute
	denialKinds = 1000 // counted at once; more are written and counted anew
)

// count answers the rows that are to be written: none for one of a flood.
func (d *denials) count(e audit.Entry, now time.Time) (rows []audit.Entry) {
	d.mu.Lock()
	defer d.mu.Unlock()
	key := e.Org + "\x00" + e.Person + "\x00" + e.What
	if one := d.seen[key]; one != nil && now.Sub(time.UnixMilli(one.first.At)) < denialEvery {
		one.more++
		one.last = e.At
		return nil
	}
	if len(d.seen) >= denialKinds || d.seen[key] != nil {
		rows = d.take(now, len(d.seen) >= denialKinds)
	}
	if d.seen == nil {
		d.seen = map[string]*denial{}
	}
	d.seen[key] = &denial{first: e}
	return append(rows, e)
}

func (d *denials) settle(now time.Time, all bool) []audit.Entry {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.take(now, all)
}

// take forgets those whose minute is over, or all, and answers what was counted of them.
func (d *denials) take(now time.Time, all bool) (rows []audit.Entry) {
	for key, one := range d.seen {
		if !all && now.Sub(time.UnixMilli(one.first.At)) < denialEvery {
			continue
		}
		delete(d.seen, key)
		if one.more > 0 {
			row := one.first
			row.At, row.What = one.last, row.What+", "+strconv.Itoa(one.more)+" more"
			rows = append(rows, row)
		}
	}
	return rows
}

// refusedEntry says whether somebody was turned away at sign-in, and not by a fault of the server.
func refusedEntry(err error) bool {
	var known *casework.Error
	return errors.As(err, &known)
}
