package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"bokvar/internal/audit"
	"bokvar/internal/casework"
	"bokvar/internal/demo"
	"bokvar/sync/wire"
)

const visitToday = "Hembesök i dag tillsammans med tolk"

// details fetches them, as somebody who may.
func (p *phone) details(root string) (d protectedDetails) {
	p.r.t.Helper()
	status, body := p.fetch(root, visitToday)
	if status != 200 || json.Unmarshal([]byte(body), &d) != nil {
		p.r.t.Fatalf("%d %.300s", status, body)
	}
	return d
}

func (d protectedDetails) record(kind string) (r protectedRecord) {
	for _, each := range d.Records {
		if each.Kind == kind && r.ID == "" {
			r = each
		}
	}
	return r
}

// with makes the change of a fetched record to new values.
func (r protectedRecord) with(fields map[string]any) wire.Change {
	c := wire.Change{Kind: r.Kind, Record: r.ID, Fields: map[string]wire.Set{}}
	for name, value := range fields {
		raw, _ := json.Marshal(value)
		c.Fields[name] = wire.Set{Value: raw, Base: r.Versions[name]}
	}
	return c
}

// changes puts new values, and answers what the server says.
func (p *phone) changes(root, reading string, changes ...wire.Change) (int, string) {
	p.r.t.Helper()
	body, _ := json.Marshal(map[string]any{"reading": reading, "changes": changes})
	return p.r.raw("PUT", "/api/protected/"+root, p.cookie, body)
}

// commitsOf counts the log's commits of a file by a person.
func (w *wallTown) commitsOf(org, root, person string) (count int) {
	w.t.Helper()
	rows, err := w.core.db.LogOfCase(org, root, 0, 1000)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, row := range rows {
		if row.Action == audit.Commit && row.Person == person && row.Device != "house" {
			count++
		}
	}
	return count
}

// Those whom access.md lets write change what they have just fetched: it is in the log
// and in the file, with whoever fetches next, and in no page and by no other way out.
func TestProtectedDetailsAreChangedByWhoFetchedThem(t *testing.T) {
	w, jonna := guardedTown(t)
	w.protect(true)
	home := text(w.theirs, "household")
	peder := w.enter("peder").connect()
	stolen := jonna.details(home).Reading
	changed := map[string]int{}
	for i, m := range demo.Members {
		p := w.enter(m.ID)
		_, nowhere := p.changes(uuid.NewString(), stolen, wire.Change{Kind: "household", Record: home, Fields: map[string]wire.Set{"floor": {Value: json.RawMessage(`"9 tr"`)}}})
		for _, root := range []string{home, w.household} {
			inside := m.Org == demo.Landlord && root == home && m.WorksIn(text(w.theirs, "unit")) || m.Org == demo.Social && root == w.household && m.WorksIn(demo.UnitEviction)
			if fetches := inside && m.Role != casework.Caretaker && m.Role != casework.Administrator; !fetches {
				status, body := p.changes(root, stolen, wire.Change{Kind: "household", Record: root, Fields: map[string]wire.Set{"floor": {Value: json.RawMessage(`"9 tr"`)}}})
				if body != nowhere || status < 400 {
					t.Errorf("%s can tell what is there: %d %s, and of nothing %s", m.ID, status, body, nowhere)
				}
				continue
			}
			d, before := p.details(root), w.commitsOf(m.Org, root, m.ID)
			street, phone := fmt.Sprintf("Nygömda vägen %d", 700+i), fmt.Sprintf("070-555 %02d 97", i)
			status, body := p.changes(root, d.Reading, d.record("household").with(map[string]any{"street": street, "door_hint": nil}), d.record("person").with(map[string]any{"phone": phone}))
			if manages := m.Role == casework.LandlordManager || m.Role == casework.SocialManager; manages {
				if status != 403 || strings.Contains(body, street) {
					t.Errorf("%s reads it and writes it: %d %s", m.ID, status, body)
				}
				continue
			}
			changed[root]++
			var now changedDetails
			if status != 200 || json.Unmarshal([]byte(body), &now) != nil || now.At == 0 || now.Conflict || len(now.Records) != 2 {
				t.Fatalf("%s: %d %s", m.ID, status, body)
			}
			again := p.details(root)
			if got := string(again.record("household").Fields["street"]); got != `"`+street+`"` || again.record("household").Fields["door_hint"] != nil && string(again.record("household").Fields["door_hint"]) != "null" {
				t.Errorf("%s wrote %s, and it is %s", m.ID, street, got)
			}
			if n := w.commitsOf(m.Org, root, m.ID) - before; n != 1 {
				t.Errorf("%d commits of %s in the log", n, m.ID)
			}
		}
	}
	if changed[home] != 3 || changed[w.household] != 2 {
		t.Fatalf("changed: %v", changed)
	}

	// Whatever comes to phones that follow, and every way out to everybody.
	peder.send(fresh("note", uuid.NewString(), map[string]any{"household": home, "case": w.theirs.ID, "text": "Efteråt", "at": time.Now().UnixMilli(), "by": "peder"}))
	peder.until(func() bool { return len(peder.holds([]string{"Efteråt"})) == 1 })
	if there := peder.holds([]string{"Nygömda", "070-555"}); len(there) > 0 {
		t.Errorf("the phone of somebody who follows holds %q", there)
	}
	for _, m := range demo.Members {
		for way, out := range w.allWaysOut(m) {
			if bytes.Contains(out, []byte("Nygömda")) || bytes.Contains(out, []byte("070-555")) {
				t.Errorf("%s finds it by %s", m.ID, way)
			}
		}
	}
	if _, err := w.core.db.Verify(); err != nil {
		t.Error(err)
	}
}

// Somebody is added to a protected household by whoever fetched it and may write there:
// they are in the file, with whoever fetches next, and by no way out with anybody. What
// phones get is that there is somebody, and what they are there.
func TestSomebodyIsAddedToAProtectedHousehold(t *testing.T) {
	w, jonna := guardedTown(t)
	w.protect(true)
	home := text(w.theirs, "household")
	peder := w.enter("peder").connect()
	d := jonna.details(home)
	add := func(id string, more map[string]any) wire.Change {
		fields := map[string]any{"household": home, "position": "adult", "name": "Gömfrid Tillagd", "phone": "070-666 12 97", "personal_number": "199006022397"}
		for name, value := range more {
			if fields[name] = value; value == nil {
				delete(fields, name)
			}
		}
		return protectedRecord{Kind: "person", ID: id}.with(fields)
	}
	id := uuid.NewString()
	before := w.commitsOf(demo.Landlord, home, "jonna")
	based := add(id, nil)
	based.Fields["phone"] = wire.Set{Value: json.RawMessage(`"070-666 12 97"`), Base: 3}
	for name, c := range map[string]struct {
		by     *phone
		change wire.Change
		status int
	}{
		"without a name":                  {jonna, add(id, map[string]any{"name": nil}), 404},
		"without what they are":           {jonna, add(id, map[string]any{"position": nil}), 404},
		"as something that is not":        {jonna, add(id, map[string]any{"position": "cat"}), 422},
		"with a wrong number":             {jonna, add(id, map[string]any{"personal_number": "199006022398"}), 422},
		"in another household":            {jonna, add(id, map[string]any{"household": w.household}), 404},
		"with a field that nobody has":    {jonna, add(id, map[string]any{"colour": "blue"}), 404},
		"as if they had been there":       {jonna, based, 404},
		"as another organisation's":       {jonna, func() wire.Change { c := add(id, nil); c.Org = demo.Social; return c }(), 404},
		"by a caretaker":                  {w.enter("kim"), add(id, nil), 422},
		"by who reads and writes nothing": {w.enter("rolf"), add(id, nil), 422},
	} {
		if status, body := c.by.changes(home, d.Reading, c.change); status < 400 || c.by == jonna && status != c.status || strings.Contains(body, "Gömfrid") {
			t.Errorf("%s: %d %s; want %d", name, status, body, c.status)
		}
	}
	rolf := w.enter("rolf")
	if status, body := rolf.changes(home, rolf.details(home).Reading, add(id, nil)); status != 403 {
		t.Errorf("a manager, with a fetch of their own: %d %s", status, body)
	}
	if n := w.commitsOf(demo.Landlord, home, "jonna") - before; n != 0 {
		t.Errorf("%d commits of nobody", n)
	}
	for range 2 { // the answer was lost, and it is sent again
		var now changedDetails
		status, body := jonna.changes(home, d.Reading, add(id, nil))
		if status != 200 || json.Unmarshal([]byte(body), &now) != nil || len(now.Records) != 1 || string(now.Records[0].Fields["name"]) != `"Gömfrid Tillagd"` {
			t.Fatalf("%d %s", status, body)
		}
	}
	if n := w.commitsOf(demo.Landlord, home, "jonna") - before; n != 1 {
		t.Errorf("%d commits of one person", n)
	}
	if status, body := jonna.changes(home, d.Reading, add(id, map[string]any{"position": "child"})); status != 403 {
		t.Errorf("what they are is changed in the case: %d %s", status, body)
	}
	found := 0
	for _, r := range jonna.details(home).Records {
		if r.ID == id {
			found++
		}
	}
	if found != 1 {
		t.Errorf("whoever fetches next finds them %d times", found)
	}
	children := func() (value string) {
		t.Helper()
		if err := w.core.db.Facts(func(f casework.Facts) error {
			household, err := f.Record(demo.Landlord, home)
			value = string(household.Fields["children"].Value)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return value
	}
	if err := (houseWriter{w.core.engine}).Write(demo.Landlord, "", []casework.HouseChange{{Kind: "household", Record: home, Fields: map[string]any{"children": false}}}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ position, want string }{{"adult", "false"}, {"child", "true"}} {
		if status, body := jonna.changes(home, d.Reading, add(uuid.NewString(), map[string]any{"position": c.position})); status != 200 || children() != c.want {
			t.Errorf("with one more %s: %d %s, and that children live there is %s", c.position, status, body, children())
		}
	}
	peder.send(fresh("note", uuid.NewString(), map[string]any{"household": home, "case": w.theirs.ID, "text": "Därefter", "at": time.Now().UnixMilli(), "by": "peder"}))
	peder.until(func() bool { return len(peder.holds([]string{"Därefter"})) == 1 })
	if there := peder.any("person", func(r wire.Record) bool { return r.ID == id }); text(there, "position") != "adult" {
		t.Errorf("a phone says of them: %+v", there)
	}
	if there := peder.holds([]string{"Gömfrid", "070-666"}); len(there) > 0 {
		t.Errorf("a phone holds %q", there)
	}
	for _, m := range demo.Members {
		for way, out := range w.allWaysOut(m) {
			for _, secret := range []string{"Gömfrid", "070-666"} {
				if bytes.Contains(out, []byte(secret)) {
					t.Errorf("%s finds %q by %s", m.ID, secret, way)
				}
			}
		}
	}
	if _, err := w.core.db.Verify(); err != nil {
		t.Error(err)
	}
}

// What is wrong with a change is said, and nothing of it is kept; what is not there, what
// is another's and what another fetched open nothing.
func TestAChangeOfProtectedDetailsThatCannotBe(t *testing.T) {
	w, jonna := guardedTown(t)
	w.protect(true)
	home := text(w.theirs, "household")
	d := jonna.details(home)
	place, person := d.record("household"), d.record("person")
	floor := place.with(map[string]any{"floor": "5 tr"})
	elsewhere := floor
	elsewhere.Org = demo.Social
	stale := place.with(map[string]any{"floor": "5 tr"})
	stale.Fields["floor"] = wire.Set{Value: json.RawMessage(`"5 tr"`), Base: place.Versions["floor"] + 1}
	neighbours := jonna.any("household", func(r wire.Record) bool { return r.ID != home })
	old := uuid.NewString()
	if err := (houseWriter{w.core.engine}).Write(demo.Landlord, "jonna", []casework.HouseChange{{Kind: "protected_reading", Record: old,
		Fields: map[string]any{"file": home, "person": "jonna", "at": time.Now().Add(-16 * time.Minute).UnixMilli(), "reason": visitToday}}}); err != nil {
		t.Fatal(err)
	}
	before := w.commitsOf(demo.Landlord, home, "jonna")
	for name, c := range map[string]struct {
		reading string
		changes []wire.Change
		status  int
		code    string
	}{
		"no fetch":                       {"", []wire.Change{floor}, 422, "reading_over"},
		"a made-up fetch":                {uuid.NewString(), []wire.Change{floor}, 422, "reading_over"},
		"another's fetch":                {w.enter("peder").details(home).Reading, []wire.Change{floor}, 422, "reading_over"},
		"a fetch of long ago":            {old, []wire.Change{floor}, 422, "reading_over"},
		"a record that is no fetch":      {w.theirs.ID, []wire.Change{floor}, 422, "reading_over"},
		"another organisation's":         {d.Reading, []wire.Change{elsewhere}, 404, "not_found"},
		"their household":                {d.Reading, []wire.Change{{Kind: "household", Record: w.household, Fields: floor.Fields}}, 404, "not_found"},
		"another household of one's own": {d.Reading, []wire.Change{{Kind: "household", Record: neighbours.ID, Fields: floor.Fields}}, 404, "not_found"},
		"nobody's":                       {d.Reading, []wire.Change{{Kind: "household", Record: uuid.NewString(), Fields: floor.Fields}}, 404, "not_found"},
		"a person called a household":    {d.Reading, []wire.Change{{Kind: "household", Record: person.ID, Fields: floor.Fields}}, 404, "not_found"},
		"the case":                       {d.Reading, []wire.Change{{Kind: "case", Record: w.theirs.ID, Fields: map[string]wire.Set{"status": {Value: json.RawMessage(`"closed"`)}}}}, 403, "not_allowed"},
		"the protection":                 {d.Reading, []wire.Change{place.with(map[string]any{"protected": false})}, 403, "not_allowed"},
		"what protection does not close": {d.Reading, []wire.Change{place.with(map[string]any{"safety": "Ring först"})}, 403, "not_allowed"},
		"an unknown field":               {d.Reading, []wire.Change{place.with(map[string]any{"colour": "blue"})}, 403, "not_allowed"},
		"a field and one that is not":    {d.Reading, []wire.Change{floor, person.with(map[string]any{"position": "child"})}, 403, "not_allowed"},
		"somebody changed it":            {d.Reading, []wire.Change{stale}, 409, "stale"},
		"a wrong number":                 {d.Reading, []wire.Change{floor, person.with(map[string]any{"personal_number": "199006022398"})}, 422, "number_check"},
		"no name":                        {d.Reading, []wire.Change{person.with(map[string]any{"name": nil})}, 422, "required"},
		"the same record twice":          {d.Reading, []wire.Change{floor, floor}, 400, "malformed"},
		"nothing":                        {d.Reading, nil, 400, "malformed"},
	} {
		status, body := jonna.changes(home, c.reading, c.changes...)
		if status != c.status || !strings.Contains(body, `"`+c.code+`"`) || strings.Contains(body, "Gömstigen") {
			t.Errorf("%s: %d %s; want %d %s", name, status, body, c.status, c.code)
		}
	}
	for _, odd := range []string{"", "[]", "null", `{"changes":[null]}`, `{"reading":7}`, "{", strings.Repeat("[", 5000), `{"reading":"` + d.Reading + `","changes":[{"kind":"household","record":"` + home + `","fields":{"floor":null}}]}`} {
		if status, body := w.raw("PUT", "/api/protected/"+home, jonna.cookie, []byte(odd)); status < 400 && !strings.Contains(odd, "floor") || status >= 500 {
			t.Errorf("%.60q: %d %.200s", odd, status, body)
		}
	}
	if status, _ := w.raw("PUT", "/api/protected/"+home, "", []byte("{}")); status != 401 {
		t.Errorf("a stranger: %d", status)
	}
	if now := jonna.details(home).record("household"); string(now.Fields["floor"]) != `"13 tr hemligt"` {
		t.Errorf("the floor is %s", now.Fields["floor"])
	}
	if n := w.commitsOf(demo.Landlord, home, "jonna") - before; n != 0 {
		t.Errorf("%d commits of nothing", n)
	}
	rows, err := w.core.db.LogOfCase(demo.Landlord, home, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if row.Action == audit.CommitRefused || row.Action == audit.CommitHeld {
			t.Errorf("what was wrong is kept: %+v", row)
		}
	}

	// Sent again after a lost answer it is there already.
	for range 2 {
		if status, body := jonna.changes(home, d.Reading, floor); status != 200 || !strings.Contains(body, "5 tr") {
			t.Errorf("%d %s", status, body)
		}
	}
	if n := w.commitsOf(demo.Landlord, home, "jonna") - before; n != 1 {
		t.Errorf("%d commits of one change that was sent twice", n)
	}
}

// The picture of a consent on paper is opened by a fetch with a reason, logged with it,
// and by nothing else while the identity is protected.
func TestThePictureOfAPaperIsOpenedByAFetch(t *testing.T) {
	w, _ := guardedTown(t)
	picture := []byte("\xff\xd8 a paper \xff\xd9")
	sum := sha256.Sum256(picture)
	paper := fresh("paper_photo", uuid.NewString(), map[string]any{"giving": w.giving, "size": len(picture), "hash": hex.EncodeToString(sum[:]), "at": time.Now().UnixMilli()})
	coming := fresh("paper_photo", uuid.NewString(), map[string]any{"giving": w.giving, "size": 9, "hash": strings.Repeat("a", 64), "at": time.Now().UnixMilli()})
	paper.Org, coming.Org = demo.Social, demo.Social
	w.kim.send(paper, coming)
	if err := w.core.db.PutPhoto(demo.Social, w.giving, paper.Record, "kim", picture); err != nil {
		t.Fatal(err)
	}
	plainly := func(p *phone) (int, string) { return w.raw("GET", "/api/photos/"+paper.Record, p.cookie, nil) }
	open := func(p *phone, root, id, reading string) (int, string) {
		return w.raw("POST", "/api/protected/"+root+"/photos/"+id, p.cookie, []byte(fmt.Sprintf("{%q:%q}", "reading", reading)))
	}
	if status, body := plainly(w.samira); status != 200 || body != string(picture) {
		t.Fatalf("before it is protected: %d %.100s", status, body)
	}
	if rows, err := w.core.db.LogOfCase(demo.Social, w.giving, 0, 1); err != nil || rows[0].Action != audit.Read || rows[0].What != "photo; ground own-unit" {
		t.Errorf("%+v, %v", rows, err)
	}
	w.protect(true)
	if status, body := plainly(w.samira); status != 404 {
		t.Errorf("while it is protected: %d %.100s", status, body)
	}
	d := w.samira.details(w.giving)
	if d.record("paper_photo").ID == "" {
		t.Fatalf("the fetch does not say that there is a picture: %+v", d)
	}
	if status, body := open(w.samira, w.giving, paper.Record, d.Reading); status != 200 || body != string(picture) {
		t.Errorf("%d %.100s", status, body)
	}
	_, _, answer := w.ask("POST", "/api/protected/"+w.giving+"/photos/"+paper.Record, w.samira.cookie, map[string]string{"reading": d.Reading})
	if answer.Header.Get("Cache-Control") != "no-store" || answer.Header.Get("Content-Type") != "image/jpeg" {
		t.Errorf("%v", answer.Header)
	}
	rows, err := w.core.db.LogOfCase(demo.Social, w.giving, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	told := 0
	for _, row := range rows {
		if row.Action == audit.ReadProtected && row.What == d.Reading+"; photo" && row.Person == "samira" && row.Device == w.samira.id {
			told++
		}
	}
	if told != 2 {
		t.Errorf("it was opened twice, and the log says %d times", told)
	}
	_, shown := w.enter("karin").rows("/api/log/" + w.giving)
	reasons := 0
	for _, row := range shown {
		if row.What == d.Reading+"; photo" && row.Reason == visitToday {
			reasons++
		}
	}
	if reasons != 2 {
		t.Errorf("the log shows %d reasons: %+v", reasons, shown)
	}

	other := w.samira.details(w.household).Reading
	for name, c := range map[string]struct {
		root, id, reading string
		status            int
	}{
		"no fetch":                    {w.giving, paper.Record, "", 422},
		"a fetch of another file":     {w.giving, paper.Record, other, 422},
		"by way of another file":      {w.household, paper.Record, other, 404},
		"another's fetch":             {w.giving, paper.Record, w.enter("tove").details(w.giving).Reading, 422},
		"no such picture":             {w.giving, uuid.NewString(), d.Reading, 404},
		"a record that is no picture": {w.giving, w.signatures, d.Reading, 404},
		"one that has not come":       {w.giving, coming.Record, d.Reading, 404},
		"another organisation's file": {text(w.theirs, "household"), paper.Record, d.Reading, 404},
		"a file that is not there":    {uuid.NewString(), paper.Record, d.Reading, 404},
	} {
		if status, body := open(w.samira, c.root, c.id, c.reading); status != c.status || strings.Contains(body, "a paper") {
			t.Errorf("%s: %d %.200s; want %d", name, status, body, c.status)
		}
	}
	opened := 0
	for _, m := range demo.Members {
		p := w.enter(m.ID)
		may := m.Org == demo.Social && m.WorksIn(demo.UnitEviction) && m.Role != casework.Administrator
		reading := d.Reading
		if may {
			reading = p.details(w.giving).Reading
			opened++
		}
		status, body := open(p, w.giving, paper.Record, reading)
		if _, nowhere := open(p, uuid.NewString(), paper.Record, reading); may != (status == 200) || !may && body != nowhere {
			t.Errorf("%s: %d %.100s; of nothing %s", m.ID, status, body, nowhere)
		}
	}
	if opened != 3 {
		t.Errorf("%d people opened it", opened)
	}
	if status, _ := w.raw("POST", "/api/protected/"+w.giving+"/photos/"+paper.Record, "", []byte("{}")); status != http.StatusUnauthorized {
		t.Errorf("a stranger: %d", status)
	}
	if v, err := w.core.db.Verify(); err != nil || v.Pictures != 1 {
		t.Errorf("%+v, %v", v, err)
	}
}
