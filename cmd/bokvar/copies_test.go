package main

import (
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

const copyCode = "7ZK4M9QW2X"

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

// giveWithCode is what kim's phone sends of a tenant who has a code.
func (w *wallTown) giveWithCode(code string) {
	w.t.Helper()
	w.giving, w.signatures = uuid.NewString(), uuid.NewString()
	giving := fresh("giving", w.giving, map[string]any{"unit": demo.UnitEviction, "handle": w.handle, "landlord_org": demo.Landlord, "answer": "given",
		"partners": []string{"landlord", "psychiatry"}, "day": day(0), "witness": "Kim Strandvik",
		"wording": casework.WordingShown{ID: demo.Wording.ID, Version: 1, Language: "sv", Hash: demo.Wording.Hash}})
	signature := fresh("signature", w.signatures, map[string]any{"giving": w.giving, "how": "oral", "name": "Tova Test", "at": time.Now().UnixMilli(),
		"copies": []string{casework.CopyHash(code)}})
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
	w.giveWithCode(copyCode)
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
	if status != 200 || !strings.Contains(page, "Hyresvärden eller inkasso") || !strings.Contains(page, "Psykiatrin") || !strings.Contains(page, day(0)) {
		t.Errorf("the right code is delayed or says too little: %d %s", status, page)
	}
	for _, name := range []string{"Tova", "Björkgatan", "Kim", w.caseID, w.giving} {
		if strings.Contains(page, name) {
			t.Errorf("the page tells %s", name)
		}
	}
	if !w.landlordReads() {
		t.Error("looking has withdrawn it")
	}
	status, page = w.withdrawPage(url.Values{"code": {copyCode}, "do": {"withdraw"}})
	if status != 200 || !strings.Contains(page, "Det slutade gälla nu") || w.landlordReads() {
		t.Errorf("not withdrawn: %d", status)
	}
	status, page = w.withdrawPage(url.Values{"code": {copyCode}, "do": {"withdraw"}})
	if status != 200 || !strings.Contains(page, "taget tillbaka") {
		t.Errorf("withdrawing twice: %d", status)
	}
	if _, page = w.withdrawPage(url.Values{"code": {copyCode}}); !strings.Contains(page, "redan taget tillbaka") {
		t.Error("the page does not say that it is withdrawn")
	}
	if status, page = w.withdrawPage(url.Values{"code": {"123"}}); status != 400 || !strings.Contains(page, "tio tecken") {
		t.Errorf("a short code: %d", status)
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
	w.giveWithCode(copyCode)
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
	w.giveWithCode(secret)
	w.link()
	if w.landlordReads() {
		t.Error("a consent that was withdrawn before it came has opened something")
	}
}
