package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"bokvar/internal/account"
	"bokvar/internal/audit"
	"bokvar/internal/casework"
	"bokvar/internal/demo"
	"bokvar/internal/sqlite"
)

// peopleFail is a store that cannot say who works somewhere.
type peopleFail struct{ *sqlite.DB }

func (peopleFail) AllMembers(string) ([]casework.Member, error) {
	return nil, errors.New("the database fails")
}

// A failure of the server's own is not called a mistake of whoever searches.
func TestASearchOfTheLogThatTheServerCannotMake(t *testing.T) {
	c := defaults()
	c.Data = town(t)
	o, err := openCore(c)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = o.close() }()
	rolf, err := o.accounts.Person("rolf")
	if err != nil {
		t.Fatal(err)
	}
	if o.accounts, err = account.New(peopleFail{o.db}, o.db, o.clock); err != nil {
		t.Fatal(err)
	}
	var said *casework.Error
	if _, err = (&book{core: o}).Search(rolf, "phone", casework.LogSearch{Person: "kim"}); err == nil || errors.As(err, &said) {
		t.Errorf("it says %v", err)
	}
}

func (v *vaulted) searchLog(q casework.LogSearch) (found logFound) {
	v.r.t.Helper()
	status, body := v.do("POST", "/api/log/search", q)
	if err := json.Unmarshal([]byte(body), &found); err != nil || status != 200 {
		v.r.t.Fatalf("%+v: %d %s", q, status, body)
	}
	return found
}

// The log is searched by who, what and when, for those who may read it and in what they
// may read; each search stands in it. What does not fit on a page comes with the next.
func TestTheLogIsSearched(t *testing.T) {
	r := start(t, town(t))
	rolf := r.enrol("rolf")
	day := func(ago int) int64 { return time.Now().AddDate(0, 0, -ago).UnixMilli() }
	write := func(e audit.Entry) {
		t.Helper()
		e.Org = demo.Landlord
		if err := r.core.db.Audit(e); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 2*logPage + 10 {
		write(audit.Entry{At: day(40) + int64(i), Person: "kim", Action: audit.Denied, What: fmt.Sprint("try ", i)})
	}
	write(audit.Entry{At: day(90), Person: "maj", Action: audit.Export, What: "older, and written after what is newer"})
	write(audit.Entry{At: day(40), Person: "maj", Action: audit.Denied, What: "hers"})
	write(audit.Entry{At: day(40), Person: "kim", Action: audit.SignIn})

	on := casework.DayOf(day(40))
	denied := casework.LogSearch{Person: "kim", Kinds: []string{audit.Denied}, From: on, To: on}
	seen := map[string]bool{}
	row := "log; kim; denied; " + on + "; " + on
	want := []string{row}
	for pages := 0; ; pages++ {
		found := rolf.searchLog(denied)
		for _, row := range found.Rows {
			if row.Person != "kim" || row.Action != audit.Denied || seen[row.What] {
				t.Fatalf("page %d: %+v", pages, row)
			}
			seen[row.What] = true
		}
		if denied.Before = found.Next; found.Next == 0 {
			break
		}
		want = append(want, fmt.Sprint(row, "; before ", found.Next))
		if len(found.Rows) != logPage || pages > 3 {
			t.Fatalf("page %d has %d rows", pages, len(found.Rows))
		}
	}
	if len(seen) != 2*logPage+10 {
		t.Errorf("%d were found", len(seen))
	}
	if found := rolf.searchLog(casework.LogSearch{Person: "maj", To: on}); len(found.Rows) != 2 || found.Rows[0].What != "hers" || found.Next != 0 {
		t.Errorf("what maj did: %+v", found)
	}
	if found := rolf.searchLog(casework.LogSearch{Kinds: []string{audit.Export}, To: casework.DayOf(day(80))}); len(found.Rows) != 1 || found.Rows[0].Person != "maj" {
		t.Errorf("an older one: %+v", found)
	}
	if found := rolf.searchLog(casework.LogSearch{From: casework.DayOf(day(89)), To: casework.DayOf(day(41))}); len(found.Rows) != 0 {
		t.Errorf("days without anything: %+v", found)
	}
	all := casework.LogSearch{Person: "maj", From: on, To: on}
	for len(all.Kinds) < mostKinds {
		all.Kinds = append(all.Kinds, strings.Repeat("a", mostKind))
	}
	rolf.searchLog(all)
	want = append(want, "log; maj; "+strings.Join(all.Kinds, " ")+"; "+on+"; "+on)
	logged := map[string]int{}
	for _, row := range landlordLog(r) {
		if row.Action == audit.Search && row.Person == "rolf" && row.Device == rolf.id {
			logged[row.What]++
		}
	}
	for _, what := range want {
		if logged[what] != 1 {
			t.Errorf("%q is logged %d times", what, logged[what])
		}
	}
}

// Whoever opens the organisation's log stands in it, with the phone, once for all its pages.
// A page that goes on from nothing that was told there is a reading of its own.
func TestThatTheLogIsReadIsInIt(t *testing.T) {
	r := start(t, town(t))
	rolf, eva := r.enrol("rolf"), r.enrol("eva")
	for i := range 2*logPage + 10 {
		if err := r.core.db.Audit(audit.Entry{At: time.Now().UnixMilli(), Person: "kim", Action: audit.Denied, Org: demo.Landlord, What: fmt.Sprint("try ", i)}); err != nil {
			t.Fatal(err)
		}
	}
	readings := func() (all []string) {
		t.Helper()
		for _, row := range landlordLog(r) {
			if row.Action == audit.Read {
				all = append(all, row.Person+" "+row.Device+" "+row.What)
			}
		}
		slices.Reverse(all)
		return all
	}
	page := func(v *vaulted, path string) (end int64) {
		t.Helper()
		status, body := v.do("GET", path, nil)
		var rows []logRow
		if err := json.Unmarshal([]byte(body), &rows); err != nil || status != 200 {
			t.Fatalf("%s: %d %s", path, status, body)
		}
		if len(rows) == logPage {
			end = rows[len(rows)-1].Number
		}
		return end
	}
	before := func(end int64) string { return fmt.Sprint("before=", end) }
	opens := func(v *vaulted, path string) (pages int) {
		t.Helper()
		for end := page(v, path); ; end = page(v, path+before(end)) {
			if pages++; end == 0 {
				return pages
			}
		}
	}
	var want []string
	for _, v := range []*vaulted{rolf, eva, rolf} {
		if pages := opens(v, "/api/log?"); pages < 3 {
			t.Fatalf("%d pages", pages)
		}
		want = append(want, map[*vaulted]string{rolf: "rolf ", eva: "eva "}[v]+v.id+" log")
	}
	opens(rolf, "/api/log?person=kim&")
	want = append(want, "rolf "+rolf.id+" log; kim")
	end := page(rolf, "/api/log?")
	page(eva, "/api/log?"+before(end))                     // that of another's opening
	page(rolf, "/api/log?person=kim&"+before(end))         // other rows than those that were opened
	page(rolf, "/api/log?"+before(end))                    // the opening goes on
	page(rolf, "/api/log?"+before(int64(1)<<40))           // what is newer than it
	page(eva, "/api/log?person=kim&"+before(int64(1)<<40)) // without opening it first
	want = append(want, "rolf "+rolf.id+" log", "eva "+eva.id+" log", "rolf "+rolf.id+" log; kim", "rolf "+rolf.id+" log", "eva "+eva.id+" log; kim")
	if got := readings(); !slices.Equal(got, want) {
		t.Errorf("the log says\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for _, path := range []string{"/api/log?person=samira", "/api/log?person=19900602-2398", "/api/log?before=-1"} {
		if status, body := rolf.do("GET", path, nil); status != 422 {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	if status, body := r.enrol("kim").do("GET", "/api/log", nil); status != 403 {
		t.Errorf("kim: %d %s", status, body)
	}
	if got := readings(); len(got) != len(want) {
		t.Errorf("what was turned down is written down as a reading: %v", got[len(want):])
	}
	var root string
	if err := r.core.db.Facts(func(f casework.Facts) error {
		roots, err := f.RootsOfUnit(demo.Landlord, demo.UnitNorth, 0)
		root = roots[0]
		return err
	}); err != nil {
		t.Fatal(err)
	}
	page(rolf, "/api/log/"+root)
	of, err := r.core.db.LogOfCase(demo.Landlord, root, 0, 1)
	if err != nil || of[0].Action != audit.Read || of[0].Person != "rolf" || of[0].Device != rolf.id || !strings.HasPrefix(of[0].What, "log; ground own-unit") {
		t.Errorf("a file's log: %+v, %v", of, err)
	}
}

// Searching opens nothing that reading does not: not a file of other units, not another
// organisation's log; and it takes words of the log and colleagues alone.
func TestSearchingTheLogKeepsToItsRules(t *testing.T) {
	r := start(t, town(t))
	rolf, karin := r.enrol("rolf"), r.enrol("karin")
	var root string
	if err := r.core.db.Facts(func(f casework.Facts) error {
		roots, err := f.RootsOfUnit(demo.Landlord, demo.UnitNorth, 0)
		root = roots[0]
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if status, body := rolf.do("GET", "/api/log/"+root, nil); status != 200 {
		t.Fatalf("%d %s", status, body)
	}
	found := rolf.searchLog(casework.LogSearch{Root: root, Person: "rolf", Kinds: []string{audit.Read}})
	if len(found.Rows) != 1 || found.Rows[0].Action != audit.Read || found.Rows[0].Person != "rolf" {
		t.Errorf("in a file: %+v", found)
	}
	if again := rolf.searchLog(casework.LogSearch{Root: root, Person: "rolf", Kinds: []string{audit.Read}}); len(again.Rows) != 2 || !strings.HasPrefix(again.Rows[0].What, "log; rolf; read; -; -; ground own-unit") {
		t.Errorf("the search is not in the file's log: %+v", again)
	}
	for _, q := range []casework.LogSearch{
		{Person: "samira"}, {Person: "nobody"}, {Person: "19900602-2398"}, {Kinds: []string{"Kanariefågeln sjöng"}}, {Kinds: []string{strings.Repeat("a", 31)}},
		{Kinds: slices.Repeat([]string{"read"}, mostKinds+1)}, {From: "2026-13-01"}, {To: "i går"}, {From: "2026-11-24; DROP"}, {Before: -1},
	} {
		before := len(landlordLog(r))
		if status, body := rolf.do("POST", "/api/log/search", q); status != 422 {
			t.Errorf("%+v: %d %s", q, status, body)
		}
		if len(landlordLog(r)) != before {
			t.Errorf("%+v was written down", q)
		}
	}
	theirs, err := r.core.db.LogOfOrganisation(demo.Social, "", 0, 1)
	if err != nil || len(theirs) != 1 {
		t.Fatal(theirs, err)
	}
	for _, before := range []int64{theirs[0].Number, found.Rows[0].Number, 1 << 40} { // another organisation's row, one of a file, none
		if page := rolf.searchLog(casework.LogSearch{Before: before}); len(page.Rows) != 0 || page.Next != 0 {
			t.Errorf("before a row that is not of this log: %+v", page)
		}
	}
	there := map[string]bool{}
	for _, q := range []casework.LogSearch{{Root: root}, {Root: "nobody"}} {
		status, body := karin.do("POST", "/api/log/search", q)
		there[fmt.Sprint(status, body)] = true
	}
	if len(there) != 1 || !strings.Contains(fmt.Sprint(there), "not_found") {
		t.Errorf("not there and not theirs are told apart: %v", there)
	}
	for _, name := range []string{"kim", "jonna", "maj", "samira", "elin", "disa"} {
		v := r.enrol(name)
		if status, body := v.do("POST", "/api/log/search", casework.LogSearch{}); status != 403 {
			t.Errorf("%s searches the organisation's log: %d %s", name, status, body)
		}
		if status, body := v.do("POST", "/api/log/search", casework.LogSearch{Root: root}); status != 404 {
			t.Errorf("%s searches a file's: %d %s", name, status, body)
		}
	}
	for _, row := range karin.searchLog(casework.LogSearch{}).Rows {
		if row.Person != "" && !slices.ContainsFunc(demo.Members, func(m casework.Member) bool { return m.ID == row.Person && m.Org == demo.Social }) {
			t.Errorf("Karin is shown %+v", row)
		}
	}
}

// A page that goes on where the last one ended is the same opening of the log, for half an
// hour; whoever comes back later, or begins elsewhere, has opened it again.
func TestAnOpeningOfTheLogEnds(t *testing.T) {
	var all openings
	rolf, now := opening{"rolf", "desk", ""}, time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC)
	full := make([]sqlite.Row, logPage)
	full[logPage-1].Number = 700
	all.told(rolf, full, now)
	for _, each := range []struct {
		before int64
		later  time.Duration
		same   bool
	}{{700, 29 * time.Minute, true}, {700, 31 * time.Minute, false}, {701, time.Minute, false}, {0, 0, false}} {
		if same := all.goesOn(rolf, each.before, now.Add(each.later)); same != each.same {
			t.Errorf("before %d, %s later: the same opening: %v", each.before, each.later, same)
		}
	}
	if all.goesOn(opening{"rolf", "phone", ""}, 700, now) {
		t.Error("another device goes on")
	}
	all.told(rolf, full[:1], now)
	if all.goesOn(rolf, 700, now) {
		t.Error("it goes on after its last page")
	}
}
