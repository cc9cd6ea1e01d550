package office

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"

	"bokvar/internal/casework"
	"bokvar/sync/server"
)

// agree is what the landlord and social services have settled: both have it.
func (w *town) agree() {
	w.t.Helper()
	for _, org := range []string{"hem", "soc"} {
		w.records[org+"/agreement"] = &server.State{Org: org, Kind: "agreement", ID: "agreement", Fields: map[string]server.Field{}}
		for name, value := range map[string]string{"landlord_org": "hem", "landlord_name": "Hem", "social_org": "soc", "social_name": "Soc", "unit": "vrak", "unit_name": "Teamet"} {
			raw, _ := json.Marshal(value)
			w.records[org+"/agreement"].Fields[name] = server.Field{Value: raw}
		}
	}
}

func (w *town) monthly(person, month string) Monthly {
	w.t.Helper()
	m := w.members[person]
	list, err := w.office.MonthlyOf(w, &m, month)
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

// said is one list as a person reads it: the notices' fields, and the numbers.
func said(l MonthlyList) string {
	word := func(n *int) string {
		if n == nil {
			return "–"
		}
		return fmt.Sprint(*n)
	}
	var out []string
	for _, n := range l.Notices {
		raw, _ := json.Marshal(n.Fields)
		out = append(out, string(raw))
	}
	if l.Without == nil {
		return strings.Join(append(out, "no numbers"), " ")
	}
	for _, step := range l.Without.Steps {
		out = append(out, word(step.Count))
	}
	return strings.Join(append(out, "=", word(l.Without.Total)), " ")
}

// Without a ground the monthly list shows numbers only, with a ground it says who; both
// sides read the same numbers, and nobody else reads any.
func TestTheMonthlyListNamesThoseWithAGroundAndCountsTheOthers(t *testing.T) {
	w := newTown(t)
	w.agree()
	const many = 12
	for i := range many {
		w.household(fmt.Sprint("h", i), "18 07:10")
	}
	read := func(person string) string {
		t.Helper()
		list := w.monthly(person, "2026-11")
		if len(list.Lists) != 1 {
			return fmt.Sprint(len(list.Lists), " lists")
		}
		return list.Lists[0].Other + ": " + said(list.Lists[0])
	}
	// All have reached the home visit; the other steps are few, and are kept back with it.
	w.expect("numbers", read("tove"), "Hem: – – – – – = 12")
	w.expect("the landlord reads what it tells", read("jonna"), "Soc: – – – – – = 12")
	w.expect("another unit of social services", read("elin"), "0 lists")

	sent := notice("n")
	for _, f := range []struct{ name, value string }{{"household", `"h3"`}, {"case", `"h3-case"`}, {"at", fmt.Sprint(w.now.UnixMilli())}} {
		set := sent.Fields[f.name]
		set.Value = json.RawMessage(f.value)
		sent.Fields[f.name] = set
	}
	w.must("jonna", sent)
	got := read("tove")
	for _, word := range []string{"Nadia Alström", "Björkgatan 7", "745000", "own_basis", "= 11"} {
		if !strings.Contains(got, word) {
			t.Errorf("the list lacks %s: %s", word, got)
		}
	}
	w.expect("the landlord's own names it too", strings.Contains(read("jonna"), "Nadia Alström") && strings.Contains(read("jonna"), "= 11"), true)
	w.expect("not to another unit of the landlord's", strings.Contains(read("sol"), "Nadia"), false)
	if last := w.monthly("tove", "2026-10").Lists[0]; len(last.Notices) > 0 || last.Without != nil {
		t.Errorf("of last month: %s", said(last))
	}

	// Seven are told of by name: four are left, and that is few.
	for i := range 8 {
		if i == 3 {
			continue
		}
		one := notice(fmt.Sprint("n", i))
		for name, value := range map[string]string{"household": fmt.Sprintf(`"h%d"`, i), "case": fmt.Sprintf(`"h%d-case"`, i), "handle": fmt.Sprintf(`"handle-%d"`, i), "at": fmt.Sprint(w.now.UnixMilli())} {
			set := one.Fields[name]
			set.Value = json.RawMessage(value)
			one.Fields[name] = set
		}
		w.must("jonna", one)
	}
	list := w.monthly("tove", "2026-11").Lists[0]
	if len(list.Notices) != 8 || list.Without == nil || list.Without.Total != nil || list.Without.Least != 5 {
		t.Errorf("%d notices, %s", len(list.Notices), said(list))
	}
	raw, _ := json.Marshal(list)
	for i := 8; i < many; i++ {
		if strings.Contains(string(raw), fmt.Sprintf(`"h%d`, i)) {
			t.Errorf("a case without a notice is named: %s", raw)
		}
	}

	// A protected identity stands on the list without who and where.
	w.must("jonna", set("household", "h3", values{"protected": true}))
	for _, person := range []string{"jonna", "tove"} {
		for _, n := range w.monthly(person, "2026-11").Lists[0].Notices {
			of := w.records[w.members[person].Org+"/"+n.Record]
			hidden := of != nil && (n.Root == "h3" || n.Record == derivedID("notice", "hem/n"))
			if hidden == (n.Fields["tenants"] != nil) || hidden == (n.Fields["address"] != nil) || n.Fields["reason"] == nil {
				t.Errorf("%s reads of %s: %v", person, n.Root, n.Fields)
			}
		}
	}
}

// However many agreements there are, what the lists are made of is read once.
func TestTheMonthlyListReadsOnce(t *testing.T) {
	scans := func(agreements, households int, person string) int {
		w := newTown(t)
		w.agree()
		for i := range households {
			w.household(fmt.Sprint("h", i), "18 07:10")
		}
		for i := range agreements - 1 { // with other units of social services
			for _, org := range []string{"hem", "soc"} {
				one := *w.records[org+"/agreement"]
				one.ID, one.Fields = fmt.Sprint("agreement-", i), maps.Clone(one.Fields)
				w.records[org+"/"+one.ID] = &one
			}
		}
		before := w.scans
		w.expect("lists", len(w.monthly(person, "2026-11").Lists), agreements)
		return w.scans - before
	}
	for _, person := range []string{"jonna", "tove"} {
		one, many := scans(1, 6, person), scans(9, 6, person)
		if many != one || one > 6 {
			t.Errorf("%s: %d lists of records are read for one agreement, %d for nine", person, one, many)
		}
	}
}

// Who reads the list at all is a row of access.md, and so is from how many on.
func TestWhoReadsTheMonthlyList(t *testing.T) {
	w := newTown(t)
	for _, role := range append(append([]casework.Role{}, casework.Roles...), "tenant") {
		cell := w.office.Access().Cell("monthly", role)
		landlord := role == casework.Coordinator || role == casework.Collections || role == casework.LandlordManager
		social := role == casework.SocialWorker || role == casework.ChildWorker || role == casework.SocialManager
		if (cell.Read == "yes") != (landlord || social) || (cell.Least > 0) != social || social && cell.Least != 5 {
			t.Errorf("%s: %s", role, cell)
		}
	}
}
