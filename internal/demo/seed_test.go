package demo_test

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"testing"
	"time"

	"bokvar/internal/casework"
	"bokvar/internal/demo"
	"bokvar/internal/exchange"
	"bokvar/internal/method"
	"bokvar/internal/office"
	"bokvar/internal/sqlite"
	"bokvar/sync/rules"
	"bokvar/sync/server"
)

// house is the whole of the server below its door.
type house struct {
	db     *sqlite.DB
	desk   office.Desk
	now    time.Time
	stores demo.Stores
}

func openHouse(t *testing.T, now time.Time) *house {
	t.Helper()
	h := &house{now: now}
	clock := func() time.Time { return h.now }
	table, err := rules.Load()
	if err != nil {
		t.Fatal(err)
	}
	profiles, err := method.Load()
	if err != nil {
		t.Fatal(err)
	}
	policy, err := office.New(table, profiles["model"], clock)
	if err != nil {
		t.Fatal(err)
	}
	if h.db, err = sqlite.Open(sqlite.Options{Dir: t.TempDir(), Clock: clock}); err != nil {
		t.Fatal(err)
	}
	engine := server.New(server.Options{Store: h.db, Policy: policy, Rules: table, Clock: clock, Deliver: func([]server.Delivery) {}, After: func([]server.Changed) {}})
	t.Cleanup(func() {
		engine.Close()
		if err := h.db.Close(); err != nil {
			t.Error(err)
		}
	})
	h.desk = office.Desk{Engine: engine}
	h.stores = demo.Stores{Accounts: h.db, Office: h.desk, Read: h.db.Facts, TakeIn: func(m casework.Member, name string, file io.Reader, at time.Time) error {
		_, err := takeIn(h.service(at), m, name, file)
		return err
	}}
	return h
}

func (h *house) service(at time.Time) *exchange.Service {
	return &exchange.Service{Imports: h.db, Office: h.desk, Read: h.db.Facts, Clock: func() time.Time { return at }}
}

func takeIn(s *exchange.Service, m casework.Member, name string, file io.Reader) (*exchange.Proposal, error) {
	p, err := s.Propose(m, name, file, false)
	if err != nil {
		return nil, err
	}
	_, err = s.Confirm(m, p.ID, nil)
	return p, err
}

func TestTownIsReadyToUse(t *testing.T) {
	for _, now := range []time.Time{printed.Add(3 * time.Hour), time.Date(2027, 1, 2, 22, 30, 0, 0, casework.Zone)} {
		h := openHouse(t, now)
		town := demo.NewTown(1)
		if err := town.Seed(h.stores, demo.Options{Now: now}); err != nil {
			t.Fatal(err)
		}
		if n := len(h.records(t, demo.Landlord, "household")); n < 40 || n > 50 {
			t.Errorf("%d households", n)
		}
		h.everythingFits(t)
		today := casework.DayOf(now.UnixMilli())
		visits := map[string]int{}
		for _, c := range h.records(t, demo.Landlord, "contact") {
			if casework.IsNull(c.Fields["outcome"].Value) && casework.IsNull(c.Fields["cancelled"].Value) {
				visits[casework.DayOf(number(c, "planned_at"))]++
			}
		}
		if visits[today] < 8 || visits[casework.AddDays(today, 1)] < 4 || len(visits) != 2 {
			t.Errorf("planned contacts a day: %v", visits)
		}
		h.nextLists(t, town)
	}
}

// nextLists takes in what a coordinator finds in the data folder: every kind of
// row has something in it, and a household that has paid loses its visit.
func (h *house) nextLists(t *testing.T, town *demo.Town) {
	t.Helper()
	paths, err := town.WriteFiles(t.TempDir(), h.now)
	if err != nil {
		t.Fatal(err)
	}
	first := h.take(t, paths[0])
	if len(first.New) < 200 || len(first.Changed) < 5 || first.Unchanged < 20 || len(first.Gone) < 8 || len(first.Rejected) != 6 {
		t.Errorf("the list of 320 rows: %+v", first.Counts(nil))
	}
	taken := 0
	for _, g := range first.Gone {
		taken += len(g.Contacts)
	}
	if taken != 3 {
		t.Errorf("%d contacts go with the debts that are gone, want 3", taken)
	}
	again, err := h.service(h.now).Propose(demo.Person("jonna"), "same.xlsx", bytes.NewReader(read(t, paths[2])), false)
	if err != nil || !again.Nothing || again.Unchanged != 314 {
		t.Errorf("the same list as a workbook: %+v %v", again, err)
	}
	newer := h.take(t, paths[3])
	paid := map[string]bool{}
	for _, g := range newer.Gone {
		paid[g.Contract] = true
	}
	if len(town.PaidLater()) != 8 || len(paid) != 8 || !paid[town.PaidLater()[0]] || len(newer.Changed) != 5 || len(newer.New) != 0 {
		t.Errorf("the newer list: %+v, paid %v", newer.Counts(nil), paid)
	}
	for _, c := range h.records(t, demo.Landlord, "contact") {
		if len(newer.Gone[0].Contacts) > 0 && c.ID == newer.Gone[0].Contacts[0].ID && casework.IsNull(c.Fields["cancelled"].Value) {
			t.Error("the visit to a household that has paid is still on the list")
		}
	}
	h.everythingFits(t)
}

func (h *house) take(t *testing.T, path string) *exchange.Proposal {
	t.Helper()
	p, err := takeIn(h.service(h.now), demo.Person("jonna"), path, bytes.NewReader(read(t, path)))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestEmptyTownHasPeopleAlone(t *testing.T) {
	h := openHouse(t, printed)
	if err := demo.NewTown(1).Seed(h.stores, demo.Options{Now: printed, Empty: true}); err != nil {
		t.Fatal(err)
	}
	if n := len(h.records(t, demo.Landlord, "household")); n != 0 {
		t.Errorf("%d households", n)
	}
	for org, want := range map[string]int{demo.Landlord: 1, demo.Social: 3} {
		if n := len(h.records(t, org, "roster")); n != want {
			t.Errorf("%s: %d roster rows, want %d", org, n, want)
		}
		if n := len(h.records(t, org, "agreement")); n != 1 {
			t.Errorf("%s: %d agreements", org, n)
		}
	}
	for _, m := range demo.Members {
		found, err := h.db.FindMember(m.ID)
		if err != nil || found == nil || !m.Role.Known() {
			t.Errorf("%s: %v %v", m.ID, found, err)
		}
	}
	h.everythingFits(t)
}

// everythingFits holds every value against the schema.
func (h *house) everythingFits(t *testing.T) {
	t.Helper()
	for _, org := range []string{demo.Landlord, demo.Social, demo.Operators} {
		for _, kind := range casework.Schema {
			for _, r := range h.records(t, org, kind.Name) {
				for _, f := range kind.Fields {
					if problem := casework.Validate(kind.Name, f.Name, r.Fields[f.Name].Value); problem != nil {
						t.Errorf("%s %s: %v: %s", kind.Name, r.ID, problem, r.Fields[f.Name].Value)
					}
				}
			}
		}
	}
}

func (h *house) records(t *testing.T, org, kind string) (records []*server.State) {
	t.Helper()
	err := h.db.Facts(func(f casework.Facts) (err error) {
		records, err = f.RecordsOfKind(org, kind)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return records
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func number(s *server.State, field string) int64 {
	var n int64
	if json.Unmarshal(s.Fields[field].Value, &n) != nil {
		return 0
	}
	return n
}
