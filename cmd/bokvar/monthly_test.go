package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"bokvar/internal/audit"
	"bokvar/internal/casework"
	"bokvar/internal/demo"
	"bokvar/internal/office"
	"bokvar/internal/sqlite"
)

// The list of the monthly meeting over HTTP: who may read it, that both sides read the
// same numbers, that of those without a notice nothing but numbers goes over, and that
// whoever reads it stands in their own organisation's log.
func TestTheMonthlyListGoesOverAsNumbersAndWhoHasAGround(t *testing.T) {
	w := newWallTown(t)
	w.as("jonna").connect()
	w.notice(true)
	reads := func(person, query string) (status int, list office.Monthly, body string) {
		t.Helper()
		status, body = w.raw("GET", "/api/monthly"+query, w.as(person).cookie, nil)
		_ = json.Unmarshal([]byte(body), &list) // a refusal has no list
		return status, list, body
	}
	for _, m := range demo.Members {
		role := w.core.office.Access().Cell("monthly", m.Role).Read
		status, list, body := reads(m.ID, "")
		if (status == 200) != (role == "yes") || status != 200 && status != 403 {
			t.Errorf("%s, who reads it %s: %d %s", m.ID, role, status, body)
		}
		if m.ID == "nils" || m.ID == "elin" {
			if len(list.Lists) != 0 {
				t.Errorf("%s of another unit reads %s", m.ID, body)
			}
		}
	}
	_, theirs, _ := reads("jonna", "")
	_, list, body := reads("samira", "")
	if len(list.Lists) != 1 || len(theirs.Lists) != 1 || list.Lists[0].Without == nil || len(list.Lists[0].Notices) != 1 || list.Lists[0].Notices[0].Record != w.noticeID {
		t.Fatalf("samira reads %s", body)
	}
	a, _ := json.Marshal(list.Lists[0].Without)
	b, _ := json.Marshal(theirs.Lists[0].Without)
	if string(a) != string(b) || list.Lists[0].Without.Total == nil || *list.Lists[0].Without.Total < 20 {
		t.Errorf("samira reads the numbers %s, jonna %s", a, b)
	}
	said, numbers := body, 0
	_ = w.core.db.Facts(func(f casework.Facts) error {
		for _, kind := range []string{"household", "person", "case", "claim"} {
			records, err := f.RecordsOfKind(demo.Landlord, kind)
			if err != nil {
				t.Error(err)
			}
			for _, r := range records {
				numbers++
				name := word(r, "name")
				if strings.Contains(said, r.ID) || name != "" && name != "Tova Test" && strings.Contains(said, name) {
					t.Errorf("samira reads of the landlord's %s %s: %s", kind, r.ID, said)
				}
			}
		}
		return nil
	})
	if numbers < 150 {
		t.Errorf("the landlord has only %d records", numbers)
	}
	if status, earlier, body := reads("samira", "?month=2020-01"); status != 200 || len(earlier.Lists) != 1 || earlier.Lists[0].Without != nil || len(earlier.Lists[0].Notices) > 0 {
		t.Errorf("of an earlier month: %d %s", status, body)
	}
	running := day(0)[:len("2026-11")]
	if _, _, asked := reads("samira", "?month="+running); asked != body {
		t.Errorf("the running month by its name: %s, and without: %s", asked, body)
	}
	if status, later, body := reads("samira", "?month=2999-12"); status != 200 || len(later.Lists) != 1 || later.Lists[0].Without != nil || len(later.Lists[0].Notices) > 0 {
		t.Errorf("of a month that is not there yet: %d %s", status, body)
	}
	for _, odd := range []string{"2026", "2026-13", "2026-11-01", "2026-1", "02026-11", "2026-11%00", "-001-11", "x"} {
		if status, _, body := reads("samira", "?month="+odd); status != 422 || !strings.Contains(body, "2026-11") {
			t.Errorf("%q: %d %s", odd, status, body)
		}
	}
	samira := w.as("samira").id
	month := list.Month
	for root, want := range map[string]string{"": month, list.Lists[0].Notices[0].Root: month + "; ground own-unit"} {
		query := w.core.db.LogOfOrganisation
		if root != "" {
			query = w.core.db.LogOfCase
		}
		rows, err := query(demo.Social, root, 0, 1000)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(rows, func(row sqlite.Row) bool {
			return row.Action == audit.Monthly && row.Person == "samira" && row.Device == samira && row.What == want
		}) {
			t.Errorf("the log of %q says nothing of samira's reading on %s: %+v", root, samira, rows)
		}
	}
	_, log := w.raw("GET", "/api/log", w.as("karin").cookie, nil)
	if !strings.Contains(log, `"monthly"`) || !strings.Contains(log, `"samira"`) || strings.Contains(log, "jonna") {
		t.Errorf("social services' log: %.500s", log)
	}
}
