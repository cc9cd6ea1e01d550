package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"bokvar/internal/casework"
	"bokvar/internal/demo"
	"bokvar/sync/wire"
)

const (
	copyCode    = "7ZK4M9QW2X"
	tovasNumber = "199006622394" // a coordination number: the 2nd of June
)

// withdrawPage sends the tenant's form, as a browser does that says nothing of where it comes from.
func (r *running) withdrawPage(form url.Values) (int, string) {
	r.t.Helper()
	req, err := http.NewRequest("POST", r.URL+"/withdraw", strings.NewReader(form.Encode()))
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", "null")
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	page, _ := io.ReadAll(resp.Body)
	if resp.Header.Get("Cache-Control") != "no-store" || len(resp.Header.Values("Set-Cookie")) > 0 {
		r.t.Errorf("the page may be kept, or sets a cookie: %v", resp.Header)
	}
	return resp.StatusCode, string(page)
}

// giveWithCode is what kim's phone sends of a tenant who has a code, and the number or none.
func (w *wallTown) giveWithCode(code, number string) {
	w.t.Helper()
	w.newGiving()
	giving := fresh("giving", w.giving, map[string]any{"unit": demo.UnitEviction, "handle": w.handle, "landlord_org": demo.Landlord, "answer": "given",
		"partners": []string{"landlord", "psychiatry"}, "day": day(0), "valid_until": day(90), "witness": "Kim Strandvik",
		"wording": casework.WordingShown{ID: demo.Wording.ID, Version: 1, Language: "sv", Hash: demo.Wording.Hash}})
	fields := map[string]any{"giving": w.giving, "how": "oral", "name": "Tova Test", "at": time.Now().UnixMilli(), "copies": []string{casework.CopyHash(code)}}
	if number != "" {
		fields["personal_number"] = number
	}
	signature := fresh("signature", w.signatures, fields)
	giving.Org, signature.Org = demo.Social, demo.Social
	w.kim.send(giving, signature)
	contact := w.kim.any("contact", func(r wire.Record) bool { return text(r, "case") == w.theirs.ID })
	w.kim.send(fresh("consent_mark", uuid.NewString(), map[string]any{"household": w.theirs.Fields["household"], "case": w.theirs.ID, "contact": contact.ID,
		"answer": "given", "handle": w.handle, "at": time.Now().UnixMilli(), "by": "kim"}))
}

func (w *wallTown) landlordReads() bool {
	w.t.Helper()
	return strings.Contains(string(w.enter("jonna").allPages()), secretShared)
}

func TestATenantWithdrawsWithTheCode(t *testing.T) {
	w := newWallTown(t)
	w.giveWithCode(copyCode, tovasNumber)
	w.link()
	if !w.landlordReads() {
		t.Fatal("nothing is open to begin with")
	}
	for range 2 * copyTries { // somebody guesses, from the same address
		w.withdrawPage(url.Values{"code": {"0000000000"}})
	}
	if status, page := w.withdrawPage(url.Values{"code": {"0000000000"}}); status != 429 || !strings.Contains(page, "Vänta en timme") {
		t.Errorf("guessing goes on: %d", status)
	}
	status, page := w.withdrawPage(url.Values{"code": {" 7zk4m-9qw2x "}})
	if status != 200 || !strings.Contains(page, "Du sa ja den "+day(0)) || !strings.Contains(page, "Det gäller nu") || !strings.Contains(page, "Ta tillbaka mitt ja") || !strings.Contains(page, "Ditt födelsedatum") {
		t.Errorf("the right code is delayed or says too little: %d %s", status, page)
	}
	w.tellsNothing(page)
	if !w.landlordReads() {
		t.Error("looking has withdrawn it")
	}
	status, page = w.withdrawPage(url.Values{"code": {copyCode}, "do": {"withdraw"}})
	if status != 200 || !strings.Contains(page, "Det slutade gälla nu") || w.landlordReads() {
		t.Errorf("not withdrawn: %d", status)
	}
	w.tellsNothing(page)
	status, page = w.withdrawPage(url.Values{"code": {copyCode}, "do": {"withdraw"}})
	if status != 200 || !strings.Contains(page, "taget tillbaka") {
		t.Errorf("withdrawing twice: %d", status)
	}
	if _, page = w.withdrawPage(url.Values{"code": {copyCode}}); !strings.Contains(page, "redan taget tillbaka") || strings.Contains(page, "Det gäller nu") {
		t.Error("the page does not say that it is withdrawn")
	}
	w.tellsNothing(page)
	if status, page = w.withdrawPage(url.Values{"code": {"123"}}); status != 400 || !strings.Contains(page, "tio tecken") {
		t.Errorf("a short code: %d", status)
	}
}

// onCopy is what stands on the page for who knows the birth date, and for nobody else.
func onCopy() []string {
	return []string{"Hyresvärden eller inkasso", "Psykiatrin", day(90), "Vräkningsförebyggande teamet"}
}

// tellsNothing looks for what the code alone does not open, in every byte.
func (w *wallTown) tellsNothing(page string) {
	w.t.Helper()
	for _, word := range append(onCopy(), "Tova", "Björkgatan", "Kim", w.caseID, w.giving, w.signatures, tovasNumber, "1990") {
		if strings.Contains(page, word) {
			w.t.Errorf("the page tells %s: %s", word, page)
		}
	}
}

// What was agreed is told to who knows the birth date. Wrong ones are counted, and hinder
// neither the withdrawal nor other tenants.
func TestTheBirthDateOpensWhatWasAgreed(t *testing.T) {
	w := newWallTown(t)
	w.giveWithCode(copyCode, tovasNumber)
	w.link()
	look := func(born string) (int, string) {
		t.Helper()
		return w.withdrawPage(url.Values{"code": {copyCode}, "born": {born}})
	}
	rightDate := func() {
		t.Helper()
		for _, born := range []string{"19900602", " 1990-06-02 ", "1990 06 02", "١٩٩٠٠٦٠٢", "۱۹۹۰/۰۶/۰۲"} {
			status, page := look(born)
			for _, word := range onCopy() {
				if status != 200 || !strings.Contains(page, word) {
					t.Errorf("%q does not open %s: %d %s", born, word, status, page)
				}
			}
			if strings.Contains(page, "Tova") || strings.Contains(page, tovasNumber) || !strings.Contains(page, "Ta tillbaka mitt ja") {
				t.Errorf("with the birth date the page tells too much, or hinders: %s", page)
			}
		}
	}
	refused := func(born string, status int, words string) (page string) {
		t.Helper()
		got, page := look(born)
		if got != status || !strings.Contains(page, words) || !strings.Contains(page, "Ta tillbaka mitt ja") {
			t.Errorf("%q is %d: %s", born, got, page)
		}
		w.tellsNothing(strings.ReplaceAll(page, `value="`+born+`"`, ""))
		return strings.ReplaceAll(page, born, "")
	}
	rightDate()
	for range 2 * copyTries { // nobody is further from the answer by what cannot be a date
		for _, born := range []string{"199006", "19900631", "19900662", "199006022", tovasNumber, "den 2 juni"} {
			refused(born, 400, "Skriv åtta siffror")
		}
	}
	near := refused("19900603", 400, "inte det födelsedatum")
	if far := refused("20111224", 400, "inte det födelsedatum"); near != far {
		t.Errorf("two wrong dates have two answers: %s %s", near, far)
	}
	rightDate() // counts for nothing
	for range copyTries - 2 {
		refused("19850321", 400, "inte det födelsedatum")
	}
	many := refused("19850321", 429, "Vänta en timme")
	if right := refused("19900602", 429, "Vänta en timme"); many != right {
		t.Error("after too many tries the right date is answered in another way")
	}

	const other = "7ZK4M9QW2Y" // the phone that has it is still on its way
	if status, page := w.withdrawPage(url.Values{"code": {other}, "do": {"withdraw"}}); status != 200 || !strings.Contains(page, "Vi har sparat") {
		t.Errorf("wrong dates hinder the withdrawal of another code: %d", status)
	}
	status, page := w.withdrawPage(url.Values{"code": {copyCode}, "do": {"withdraw"}})
	if status != 200 || !strings.Contains(page, "Det slutade gälla nu") || w.landlordReads() {
		t.Errorf("wrong dates hinder the withdrawal: %d %s", status, page)
	}
}

// A copy that is tried from many addresses has no more tries than from one, and an
// address that tries many copies has no more than for one.
func TestBirthDatesAreCountedForTheCopyToo(t *testing.T) {
	w := newWallTown(t)
	w.giveWithCode(copyCode, tovasNumber)
	tries := newCopies(w.core)
	for i := range 2 * copyTries {
		a, err := tries.Look(copyCode, "19850321", fmt.Sprintf("192.0.2.%d", i))
		want := errBornWrong
		if i >= copyTries {
			want = errBornTooMany
		}
		if !errors.Is(err, want) || !a.Found || a.Told != nil {
			t.Errorf("try %d from an address of its own: %v", i, err)
		}
	}
	for _, each := range tries.wrong {
		each.since = each.since.Add(-copyWindow)
	}
	if a, err := tries.Look(copyCode, "19900602", "192.0.2.1"); err != nil || a.Told == nil {
		t.Errorf("an hour later: %v", err)
	}
	for range copyTries {
		_, _ = tries.Look(copyCode, "19850321", "192.0.2.1")
	}
	const mirjas = "19980801"
	if a, err := tries.Look(demo.CopyCode, mirjas, "192.0.2.1"); !errors.Is(err, errBornTooMany) || a.Told != nil {
		t.Errorf("another copy from an address without tries: %v", err)
	}
	if a, err := tries.Look(demo.CopyCode, mirjas, "192.0.2.2"); err != nil || a.Told == nil {
		t.Errorf("the tries of one copy are counted for another: %v", err)
	}
}

// Where nobody knows the birth date there is none to guess.
func TestWithoutABirthDateThePageSaysWhomToCall(t *testing.T) {
	w := newWallTown(t)
	w.giveWithCode(copyCode, "")
	for _, born := range []string{"", "19900602", "0"} {
		status, page := w.withdrawPage(url.Values{"code": {copyCode}, "born": {born}})
		if status != 200 || !strings.Contains(page, "Ring numret på din kopia") || !strings.Contains(page, "08-465 004 91") || !strings.Contains(page, "Ta tillbaka mitt ja") || strings.Contains(page, "Ditt födelsedatum") {
			t.Errorf("%q: %d %s", born, status, page)
		}
		if !strings.Contains(page, "Det gäller inte just nu") { // nobody has linked it yet
			t.Errorf("it is said to be in force: %s", page)
		}
		w.tellsNothing(page)
	}
}

// The phone that has the consent may be in a basement still.
func TestAWithdrawalWaitsForItsConsent(t *testing.T) {
	w := newWallTown(t)
	status, page := w.withdrawPage(url.Values{"code": {copyCode}})
	if status != 200 || !strings.Contains(page, "Vi hittar inte koden än") || !strings.Contains(page, "08-465 004 91") {
		t.Fatalf("an unknown code: %d %s", status, page)
	}
	status, page = w.withdrawPage(url.Values{"code": {copyCode}, "do": {"withdraw"}})
	if status != 200 || !strings.Contains(page, "Vi har sparat") {
		t.Fatalf("withdrawing it: %d %s", status, page)
	}
	w.giveWithCode(copyCode, tovasNumber)
	w.link()
	if w.landlordReads() {
		t.Error("a consent that was withdrawn before it came has opened something")
	}
	if _, page = w.withdrawPage(url.Values{"code": {copyCode}}); !strings.Contains(page, "redan taget tillbaka") {
		t.Error("the page does not say so")
	}
	resp, err := http.Get(w.URL + "/withdraw?lang=en")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	english, _ := io.ReadAll(resp.Body)
	if !strings.Contains(string(english), "Take back your yes") {
		t.Error("no English page")
	}
}

// The page speaks the languages that are switched on, and says which nobody has reviewed.
func TestTheTenantsPageSpeaksTheirLanguage(t *testing.T) {
	w := newWallTown(t)
	page := func(language string) string {
		t.Helper()
		resp, err := http.Get(w.URL + "/withdraw?lang=" + language)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = resp.Body.Close() }()
		body, _ := io.ReadAll(resp.Body)
		return string(body)
	}
	arabic := casework.TongueOf("ar")
	if got := page("ar"); !strings.Contains(got, `<html lang="ar" dir="rtl">`) || !strings.Contains(got, arabic.Page["title"]) || !strings.Contains(got, arabic.Door["unreviewed"]) {
		t.Errorf("the Arabic page: %s", got)
	}
	if got := page("uk"); !strings.Contains(got, `<html lang="sv" dir="ltr">`) || strings.Contains(got, "Українська") {
		t.Errorf("a language that is switched off is shown: %s", got)
	}
	karin := w.signIn("karin").connect()
	karin.send(fresh("translation", "translation-uk", map[string]any{"language": "uk", "on": true,
		"review": casework.Reviewed{By: "karin", At: time.Now().UnixMilli(), Hash: casework.TongueOf("uk").Hash}}))
	ukrainian := casework.TongueOf("uk")
	if got := page("uk"); !strings.Contains(got, ukrainian.Page["title"]) || strings.Contains(got, ukrainian.Door["unreviewed"]) {
		t.Errorf("what was switched on and reviewed: %s", got)
	}
}

// Nobody guesses 128 bits, so a scanned copy waits for nothing: neither for the tries of
// others at the same address, nor for its consent to arrive.
func TestAScannedSecretIsNeverDelayed(t *testing.T) {
	w := newWallTown(t)
	const secret = "7ZK4M9QW2X7ZK4M9QW2X7ZK4M9"
	for range 2 * copyTries {
		w.withdrawPage(url.Values{"code": {"0000000000"}})
	}
	if status, page := w.withdrawPage(url.Values{"code": {secret}, "do": {"withdraw"}}); status != 200 || !strings.Contains(page, "Vi har sparat") {
		t.Fatalf("the secret waits: %d %s", status, page)
	}
	w.giveWithCode(secret, "")
	w.link()
	if w.landlordReads() {
		t.Error("a consent that was withdrawn before it came has opened something")
	}
}
