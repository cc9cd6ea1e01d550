package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"bokvar/internal/audit"
	"bokvar/internal/casework"
	"bokvar/internal/demo"
)

// search asks as the app would, and returns what was found.
func (p *phone) search(query string) (status int, out []found) {
	p.r.t.Helper()
	body, _ := json.Marshal(map[string]string{"query": query})
	req, err := http.NewRequest("POST", p.r.URL+"/api/search", bytes.NewReader(body))
	if err != nil {
		p.r.t.Fatal(err)
	}
	req.Header.Set("Origin", p.r.URL)
	req.Header.Set("X-Bokvar", "1")
	req.Header.Set("Cookie", "bokvar="+p.cookie)
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		p.r.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		p.r.t.Fatal(err)
	}
	_ = json.Unmarshal(raw, &out) // a refusal is no list
	return resp.StatusCode, out
}

// Everybody searches for every person of both organisations; what comes back is
// what access.md shows them, and protected details come to nobody.
func TestSearchShowsWhatTheAskerMaySee(t *testing.T) {
	r := start(t, town(t))
	type known struct{ org, root, name, number string }
	var people []known
	for _, org := range []string{demo.Landlord, demo.Social} {
		err := r.core.db.Facts(func(f casework.Facts) error {
			persons, err := f.RecordsOfKind(org, "person")
			for _, p := range persons {
				var k known
				_ = json.Unmarshal(p.Fields["name"].Value, &k.name)
				_ = json.Unmarshal(p.Fields["personal_number"].Value, &k.number)
				k.org, k.root = org, p.Root
				people = append(people, k)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	protected := people[0]
	if err := (houseWriter{r.core.engine}).Write(protected.org, "", []casework.HouseChange{{Kind: "household", Record: protected.root, Fields: map[string]any{"protected": true}}}); err != nil {
		t.Fatal(err)
	}
	shown, numbers := map[casework.Role]int{}, 0
	for _, m := range demo.Members {
		p := r.signIn(m.ID)
		for _, k := range people {
			status, out := p.search(k.name)
			if status != 200 {
				t.Fatalf("%s searches for %s: %d", m.ID, k.name, status)
			}
			for _, hit := range out {
				shown[m.Role]++
				may, err := r.core.mayRead(&m, hit.Root, "person")
				if err != nil || !may || hit.Root == protected.root {
					t.Errorf("%s finds %s, which is not theirs to see (%v)", m.ID, k.name, err)
				}
			}
			if k.number == "" {
				continue
			}
			_, out = p.search(k.number[2:8] + "-" + k.number[8:])
			numbers += len(out)
			if len(out) > 0 && (m.Role == casework.Caretaker || m.Role == casework.LandlordManager || m.Org != k.org) {
				t.Errorf("%s finds somebody by an identity number", m.ID)
			}
		}
	}
	for _, role := range []casework.Role{casework.Administrator, casework.SystemOperator} {
		if shown[role] != 0 {
			t.Errorf("%s finds %d", role, shown[role])
		}
	}
	if shown[casework.Coordinator] == 0 || shown[casework.Caretaker] == 0 || shown[casework.Coordinator] <= shown[casework.Caretaker] {
		t.Errorf("shown: %v", shown)
	}
	t.Logf("%d people, shown %v, %d by number", len(people), shown, numbers)
	jonna := r.signIn("jonna")
	if status, _ := jonna.search(people[0].name); status != 200 || landlordLog(r)[0].Device != jonna.id || landlordLog(r)[0].Action != audit.Search {
		t.Errorf("%d, and the log says %+v", status, landlordLog(r)[0])
	}
	for _, odd := range []string{"", "a", strings.Repeat("å", 101)} {
		if status, _ := r.signIn("jonna").search(odd); status != 422 {
			t.Errorf("%q: %d", odd, status)
		}
	}
}
