package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"bokvar/internal/casework"
	"bokvar/internal/demo"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// What tells who and where somebody protected is, in these tests; nothing else has it.
var (
	guardedHome = map[string]any{"street": "Gömstigen 97", "postcode": "99 998", "city": "Gömstad-hemligt", "floor": "13 tr hemligt",
		"apartment": "hemlig-1307", "door_hint": "bakom-den-hemliga-granen", "door_code": "9D9D9D-hemlig"}
	guardedPerson = map[string]any{"name": "Vera Gömdén", "phone": "070-174 06 99", "email": "vera@gomd.example", "born": 1911, "personal_number": "200607192382"}
	guardedWords  = []string{"Gömstigen", "99 998", "Gömstad", "13 tr hemligt", "hemlig-1307", "den-hemliga-granen", "9D9D9D", "Vera", "Gömdén", "070-174 06 99", "gomd.example", ":1911", "200607192382"}
)

// guardedTown is the wall's town where both organisations have those people in
// their files, a notice has been sent and a consent is in force. Nothing is
// protected yet.
func guardedTown(t *testing.T) (w *wallTown, jonna *phone) {
	w = newWallTown(t)
	jonna = w.enter("jonna").connect()
	home := text(w.theirs, "household")
	tenant := jonna.any("person", func(r wire.Record) bool { return text(r, "household") == home && text(r, "position") == "tenant" })
	house := houseWriter{w.core.engine}
	for _, write := range []struct {
		org     string
		changes []casework.HouseChange
	}{
		{demo.Landlord, []casework.HouseChange{{Kind: "household", Record: home, Fields: guardedHome}, {Kind: "person", Record: tenant.ID, Fields: guardedPerson}}},
		{demo.Social, []casework.HouseChange{{Kind: "household", Record: w.household, Fields: guardedHome}, {Kind: "person", Record: w.tenant, Fields: guardedPerson}}},
	} {
		if err := house.Write(write.org, "", write.changes); err != nil {
			t.Fatal(err)
		}
	}
	w.collectAs("Vera Gömdén", "200607192382")
	w.link()
	jonna.send(fresh("notice_sent", uuid.NewString(), map[string]any{"household": home, "case": w.theirs.ID, "social_org": demo.Social, "unit": demo.UnitEviction, "handle": w.handle,
		"reason": "arrears", "ground": "own_basis", "ground_text": "Rutin 4", "tenants": []casework.NamedTenant{{Name: "Vera Gömdén"}},
		"address": "Gömstigen 97, 13 tr hemligt", "at": time.Now().UnixMilli(), "signed": "Jonna Ekered", "by": "jonna"}))
	return w, jonna
}

// collectAs is collect, signed by somebody with that name and number.
func (w *wallTown) collectAs(name, number string) {
	w.t.Helper()
	w.newGiving()
	giving := fresh("giving", w.giving, map[string]any{"unit": demo.UnitEviction, "handle": w.handle, "landlord_org": demo.Landlord, "answer": "given", "partners": []string{"landlord"},
		"day": day(0), "witness": "Kim Strandvik", "wording": casework.WordingShown{ID: demo.Wording.ID, Version: 1, Language: "sv", Hash: demo.Wording.Hash}})
	signature := fresh("signature", w.signatures, map[string]any{"giving": w.giving, "how": "oral", "name": name, "personal_number": number, "at": time.Now().UnixMilli()})
	giving.Org, signature.Org = demo.Social, demo.Social
	w.kim.send(giving, signature)
	contact := w.kim.any("contact", func(r wire.Record) bool { return text(r, "case") == w.theirs.ID })
	w.kim.send(fresh("consent_mark", uuid.NewString(), map[string]any{"household": w.theirs.Fields["household"], "case": w.theirs.ID, "contact": contact.ID, "answer": "given",
		"handle": w.handle, "giving": w.giving, "at": time.Now().UnixMilli(), "by": "kim"}))
}

// protect sets the word on both files, as a coordinator and a social worker do.
func (w *wallTown) protect(is bool) {
	w.t.Helper()
	for org, household := range map[string]string{demo.Landlord: text(w.theirs, "household"), demo.Social: w.household} {
		if err := (houseWriter{w.core.engine}).Write(org, "", []casework.HouseChange{{Kind: "household", Record: household, Fields: map[string]any{"protected": is}}}); err != nil {
			w.t.Fatal(err)
		}
	}
}

// allWaysOut is waysOut and what else there is.
func (w *wallTown) allWaysOut(m casework.Member) map[string][]byte {
	w.t.Helper()
	out := w.waysOut(&m, []*wallTown{w}, true)
	p := w.enter(m.ID)
	for _, words := range []string{"Vera", "Gömdén", "Gömstigen", "Gömstad", "20060719-2382"} {
		_, body := w.raw("POST", "/api/search", p.cookie, []byte(fmt.Sprintf("{%q:%q}", "query", words)))
		out["search "+words] = []byte(body)
	}
	for _, path := range []string{"/api/erasure", "/api/devices", "/api/verification", "/api/rescue", "/api/recoveries", "/api/account/events", "/api/log?person=" + m.ID, "/api/log/" + w.giving, "/api/consents/" + w.giving + "/paper.pdf"} {
		_, body := w.raw("GET", path, p.cookie, nil)
		out[path] = []byte(body)
	}
	for _, root := range []string{w.household, text(w.theirs, "household"), w.giving} {
		if told, err := extractFile(w.core, extractArgs{Org: m.Org, Root: root, As: m.ID}); err == nil {
			out["extract "+root] = []byte(told)
		}
	}
	return out
}

// Every person of both organisations, every way out: with a protected identity no
// byte of what tells who or where somebody is leaves the server unasked, also not
// while a consent is in force, and all of it is there again when it is unprotected.
func TestProtectedDetailsLeaveByNoWayUnasked(t *testing.T) {
	w, _ := guardedTown(t)
	count := func() (looked, found int, where []string) {
		for _, m := range demo.Members {
			for way, out := range w.allWaysOut(m) {
				looked++
				for _, word := range guardedWords {
					if strings.HasPrefix(way, "search") && strings.Contains(way, word) {
						continue
					}
					if bytes.Contains(out, []byte(word)) {
						found++
						where = append(where, fmt.Sprintf("%s finds %q by %s", m.ID, word, way))
					}
				}
			}
		}
		return looked, found, where
	}
	_, before, _ := count()
	w.protect(true)
	looked, found, where := count()
	for _, each := range where {
		t.Error(each)
	}
	w.protect(false)
	_, after, _ := count()
	if looked < 300 || before < 100 || after < before {
		t.Fatalf("%d ways out; found %d before, %d after: the test proves nothing", looked, before, after)
	}
	t.Logf("%d ways out, %d finds before, %d while protected, %d after", looked, before, found, after)
}

// holds says which of the words a phone that follows its socket has.
func (p *phone) holds(words []string) (there []string) {
	raw, err := json.Marshal(p.held)
	if err != nil {
		p.r.t.Fatal(err)
	}
	for _, word := range words {
		if bytes.Contains(raw, []byte(word)) {
			there = append(there, word)
		}
	}
	return there
}

// until takes in what comes until the condition holds.
func (p *phone) until(holds func() bool) {
	p.r.t.Helper()
	for !holds() {
		p.take(hear[*wire.Page](p))
	}
}

// S11: protection is set while phones are connected and while one is away: it is
// gone from each at once, or at its next contact; unsent work of the one that was
// away is taken in. Taken back, the details come back.
func TestS11_ProtectionReachesPhonesThatAreConnectedAndThoseThatWereAway(t *testing.T) {
	w, jonna := guardedTown(t)
	kim, away := w.enter("kim").connect(), w.enter("kim").connect()
	for _, p := range []*phone{kim, away} {
		if len(p.holds(guardedWords)) < 5 {
			t.Fatalf("kim's phone holds %v: the test proves nothing", p.holds(guardedWords))
		}
	}
	_ = away.ws.Close()
	home := text(w.theirs, "household")
	street := jonna.held[home]
	jonna.until(func() bool { return text(jonna.held[home], "street") == "Gömstigen 97" })
	jonna.send(wire.Change{Kind: "household", Record: home, Fields: map[string]wire.Set{"protected": {Value: json.RawMessage("true"), Base: street.Versions["protected"]}}})
	for name, p := range map[string]*phone{"jonna": jonna, "kim": kim} {
		p.until(func() bool { return len(p.holds(guardedWords)) == 0 })
		if string(p.held[home].Fields["protected"]) != "true" {
			t.Errorf("%s is not told that it is protected", name)
		}
	}

	// What was written on the phone that was away, before it knew.
	person := away.any("person", func(r wire.Record) bool { return text(r, "household") == home && text(r, "position") == "tenant" })
	contact := away.any("contact", func(r wire.Record) bool { return text(r, "case") == w.theirs.ID })
	away.post(
		wire.Change{Kind: "person", Record: person.ID, Fields: map[string]wire.Set{"phone": {Value: json.RawMessage(`"070-174 06 98"`), Base: person.Versions["phone"]}}},
		fresh("note", uuid.NewString(), map[string]any{"household": home, "case": w.theirs.ID, "contact": contact.ID, "text": "Skrivet utan nät", "at": time.Now().UnixMilli(), "by": "kim"}))
	back := &phone{r: w.running, id: away.id, cookie: away.cookie, held: away.held}
	back.connect()
	if there := back.holds(append([]string{"070-174 06 98"}, guardedWords...)); len(there) > 0 {
		t.Errorf("the phone that was away still holds %q", there)
	}

	jonna.send(wire.Change{Kind: "household", Record: home, Fields: map[string]wire.Set{"protected": {Value: json.RawMessage("false"), Base: jonna.held[home].Versions["protected"]}}})
	kim.until(func() bool {
		return text(kim.held[home], "street") == "Gömstigen 97" && slices.Contains(kim.holds([]string{"070-174 06 98"}), "070-174 06 98")
	})
}

// fetch asks for protected details.
func (p *phone) fetch(root, reason string) (int, string) {
	p.r.t.Helper()
	body, _ := json.Marshal(map[string]string{"reason": reason})
	return p.r.raw("POST", "/api/protected/"+root, p.cookie, body)
}

// Whoever may fetch gives a reason, which is kept and shown in the log; to everybody
// else a file that is there cannot be told from one that is not.
// A database of a program that did not find all that tells of protected people: it is
// found at the start, once.
func TestWhatAnEarlierProgramLeftUnprotected(t *testing.T) {
	w := newWallTown(t)
	w.collectAs("Vera Gömdén", "199006022397")
	w.link()
	said := fresh("withdrawal", uuid.NewString(), map[string]any{"unit": demo.UnitEviction, "handle": w.handle, "how": "visit", "name": "Vera Gömdén", "heard": "Kim", "at": time.Now().UnixMilli()})
	said.Org = demo.Social
	w.kim.send(said)
	w.protect(true)
	protected := func(r *running, root string) (is bool) {
		t.Helper()
		err := r.core.db.Facts(func(f casework.Facts) (err error) {
			is, err = f.Protected(demo.Social, root)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return is
	}
	r := w.running
	if !protected(r, said.Record) || !protected(r, w.giving) {
		t.Fatal("it is not protected to begin with")
	}
	for _, known := range []bool{false, true} {
		err := r.core.db.Write(func(tx server.Tx) error { return tx.(casework.Facts).SetProtected(demo.Social, said.Record, false) })
		if err == nil && !known {
			err = r.core.db.PutSetting(papersKnown, nil)
		}
		if err == nil {
			err = r.stop()
		}
		if err != nil {
			t.Fatal(err)
		}
		r = start(t, w.config.Data)
		if protected(r, said.Record) == known {
			t.Errorf("looked for before: %v; protected: %v", known, !known)
		}
	}
}

func TestProtectedDetailsAreFetchedWithAReason(t *testing.T) {
	w, jonna := guardedTown(t)
	w.protect(true)
	home, reason := text(w.theirs, "household"), "Hembesök i dag tillsammans med tolk"
	may := map[string][]string{home: {"jonna", "peder", "maj"}, w.household: {"samira"}, w.giving: {"samira"}}
	for _, m := range demo.Members {
		p := w.enter(m.ID)
		_, nowhere := p.fetch(uuid.NewString(), reason)
		for _, root := range []string{home, w.household, w.giving} {
			status, body := p.fetch(root, reason)
			inside := m.Org == demo.Landlord && root == home && m.WorksIn(text(w.theirs, "unit")) || m.Org == demo.Social && root != home && m.WorksIn(demo.UnitEviction)
			want := inside && m.Role != casework.Caretaker && m.Role != casework.Administrator
			switch {
			case want != (status == 200):
				t.Errorf("%s fetches %s: %d %.200s", m.ID, root, status, body)
			case want && !strings.Contains(body, "Vera Gömdén"):
				t.Errorf("%s fetches %s and gets %.300s", m.ID, root, body)
			case !want && body != nowhere:
				t.Errorf("%s can tell what is there: %q, and of nothing %q", m.ID, body, nowhere)
			case slices.Contains(may[root], m.ID) && status != 200:
				t.Errorf("%s may not fetch %s", m.ID, root)
			}
			if want && root == home {
				for _, word := range []string{"9D9D9D-hemlig", "Gömstigen 97", "070-174 06 99", `"versions"`} {
					if !strings.Contains(body, word) {
						t.Errorf("%s does not get %s", m.ID, word)
					}
				}
				if strings.Contains(body, secretShared) || strings.Contains(body, `"protected":true`) {
					t.Errorf("%s gets more than what protection closes: %.500s", m.ID, body)
				}
				if strings.Contains(body, "200607192382") == (m.Role == casework.LandlordManager) {
					t.Errorf("%s, identity number: %t", m.ID, strings.Contains(body, "200607192382"))
				}
			}
		}
	}

	for _, odd := range []string{"", "kort", strings.Repeat(" ", 40), strings.Repeat("å", 501)} {
		if status, body := jonna.fetch(home, odd); status != 422 || strings.Contains(body, "Gömstigen") {
			t.Errorf("a reason of %d characters: %d %.200s", len(odd), status, body)
		}
	}
	for _, odd := range []string{"", "[]", "null", `{"reason":7}`, "{", strings.Repeat("[", 5000)} {
		if status, body := w.raw("POST", "/api/protected/"+home, jonna.cookie, []byte(odd)); status < 400 || status >= 500 {
			t.Errorf("%.20q: %d %.200s", odd, status, body)
		}
	}
	if status, _ := w.raw("POST", "/api/protected/"+home, "", []byte(`{"reason":"`+reason+`"}`)); status != 401 {
		t.Errorf("a stranger: %d", status)
	}
	req, _ := http.NewRequest("POST", w.URL+"/api/protected/"+home, strings.NewReader(`{"reason":"`+reason+`"}`))
	req.Header.Set("Cookie", "bokvar="+jonna.cookie)
	req.Header.Set("Origin", "https://elsewhere.example")
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	if resp.StatusCode != 403 {
		t.Errorf("from another page: %d", resp.StatusCode)
	}
	_, _, answer := w.ask("POST", "/api/protected/"+home, jonna.cookie, map[string]string{"reason": reason})
	if answer.StatusCode != 200 || answer.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d, kept by %q", answer.StatusCode, answer.Header.Get("Cache-Control"))
	}

	// The log says who, when and why, to those who see it; the log itself holds ids.
	manager := w.enter(memberWith(casework.LandlordManager))
	_, rows := manager.rows("/api/log/" + home)
	told := 0
	for _, row := range rows {
		if row.Action == "read_protected" {
			told++
			if row.Reason != reason || row.Person == "" || row.What == "" {
				t.Errorf("%+v", row)
			}
		}
	}
	if told < 4 {
		t.Errorf("%d readings in the log", told)
	}
	kept, err := w.core.db.LogOfCase(demo.Landlord, home, 0, 500)
	if err != nil {
		t.Fatal(err)
	}
	if raw, _ := json.Marshal(kept); bytes.Contains(raw, []byte("tolk")) {
		t.Error("the reason lies in the log in clear")
	}
	if _, err := w.core.db.Verify(); err != nil {
		t.Error(err)
	}

	// And an extract for the registered person has it only with a reason.
	with, err := extractFile(w.core, extractArgs{Org: demo.Landlord, Root: home, As: manager.member(), Reason: "Den registrerade har begärt utdrag"})
	if err != nil || !strings.Contains(with, "Gömstigen 97") || !strings.Contains(with, "hämtade skyddade uppgifter") {
		t.Errorf("%v: %.300s", err, with)
	}
	without, err := extractFile(w.core, extractArgs{Org: demo.Landlord, Root: home, As: manager.member()})
	if err != nil || strings.Contains(without, "Gömstigen") || !strings.Contains(without, "skyddade") {
		t.Errorf("%v: %.300s", err, without)
	}
	if _, err := extractFile(w.core, extractArgs{Org: demo.Landlord, Root: home, As: manager.member(), Reason: "kort"}); err == nil {
		t.Error("a reason of four characters is enough for an extract")
	}
}

func memberWith(role casework.Role) string {
	for _, m := range demo.Members {
		if m.Role == role {
			return m.ID
		}
	}
	return ""
}

// member is who the phone's session belongs to.
func (p *phone) member() string {
	m, _, err := p.r.core.accounts.Holder(p.cookie)
	if err != nil {
		p.r.t.Fatal(err)
	}
	return m.ID
}

// Nobody fetches without end: after a day's visits it is one a minute.
func TestProtectedDetailsAreFetchedAtAPersonsPace(t *testing.T) {
	w, jonna := guardedTown(t)
	w.protect(true)
	slowed := 0
	for range 40 {
		if status, _ := jonna.fetch(text(w.theirs, "household"), "Hembesök i dag med tolk"); status == 429 {
			slowed++
		}
	}
	if slowed < 15 {
		t.Errorf("%d of 40 were slowed down", slowed)
	}
	if status, _ := w.enter("peder").fetch(text(w.theirs, "household"), "Hembesök i dag med tolk"); status != 200 {
		t.Errorf("another person is slowed down with her: %d", status)
	}
}
