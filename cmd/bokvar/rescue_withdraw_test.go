package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"bokvar/internal/casework"
	"bokvar/internal/consent"
	"bokvar/internal/demo"
	"bokvar/internal/rescue"
	"bokvar/internal/rescue/rescuetest"
	"bokvar/sync/wire"
)

// withdraws is the commit of a social worker to whom the tenant has said no.
func (w *wallTown) withdraws(fields map[string]any) wire.Commit {
	all := map[string]any{"unit": demo.UnitEviction, "case": w.caseID, "how": "phone", "at": time.Now().UnixMilli()}
	for name, value := range fields {
		all[name] = value
	}
	return wire.Commit{ID: uuid.NewString(), At: time.Now().UnixMilli(), Changes: []wire.Change{fresh("withdrawal", uuid.NewString(), all)}}
}

// withdrawals lists what social services have of the kind.
func (w *wallTown) withdrawals() (ids []string) {
	w.t.Helper()
	err := w.core.db.Facts(func(f casework.Facts) error {
		records, err := f.RecordsOfKind(demo.Social, "withdrawal")
		for _, r := range records {
			ids = append(ids, r.ID)
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return ids
}

// A withdrawal that a blocked phone hands in sealed closes the wall at once, before
// anybody opens it; handed in again, opened by two, or sent after all it is the same
// withdrawal, and does not end what the tenant has agreed to since.
func TestS20_AWithdrawalInSealedWorkCountsBeforeItIsOpened(t *testing.T) {
	w := newWallTown(t)
	leif, karin := w.holder("leif"), w.holder("karin")
	leif.makes()
	phone := w.enrol("samira")
	key := phone.signing()
	w.giveWithCode(copyCode, "")
	w.link()
	if !w.landlordReads() {
		t.Fatal("nothing is open to begin with")
	}
	commit := w.withdraws(map[string]any{"person": w.tenant})
	entry, raw := rescuetest.Seal(t, phone.keysOf(), demo.Social, commit, 1)
	for _, word := range []string{"Tova", "Björkgatan", "Samira", "samira"} {
		if strings.Contains(entry.Head, word) {
			t.Errorf("outside the seal stands %q: %s", word, entry.Head)
		}
	}
	w.signIn("leif") // somebody is there to block it
	if err := w.core.accounts.Block("samira", phone.id); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if status, taken := phone.handIn(key, entry); status != 200 || !slices.Equal(taken.Closed, []string{commit.ID}) || len(taken.Kept) != 1 {
			t.Fatalf("%d %+v", status, taken)
		}
		if w.landlordReads() {
			t.Fatal("the landlord still reads")
		}
	}
	if got := w.withdrawals(); !slices.Equal(got, []string{commit.Changes[0].Record}) {
		t.Fatalf("withdrawals: %v", got)
	}

	// The tenant says yes again, to somebody who knows of the no.
	w.newGiving()
	w.samira.send(fresh("giving", w.giving, map[string]any{"unit": demo.UnitEviction, "handle": w.handle, "landlord_org": demo.Landlord, "answer": "given",
		"partners": []string{"landlord"}, "day": day(0), "witness": "Samira Holmén", "knew_withdrawal": commit.Changes[0].Record,
		"wording": casework.WordingShown{ID: demo.Wording.ID, Version: 1, Language: "sv", Hash: demo.Wording.Hash}}),
		fresh("signature", w.signatures, map[string]any{"giving": w.giving, "how": "oral", "name": "Tova Test", "at": time.Now().UnixMilli()}))
	w.link()
	if !w.landlordReads() {
		t.Fatal("the new yes opens nothing")
	}
	if got := karin.finishes(leif.begins()); got != (rescue.Result{Saved: 1}) {
		t.Errorf("opened by two: %+v", got)
	}
	if got := w.core.engine.Submit(authorAt(demo.Social, "samira", phone.id), rawsOf(raw))[0]; got.Status != wire.Saved {
		t.Errorf("sent after all: %+v", got)
	}
	if status, taken := phone.handIn(key, entry); status != 200 || len(taken.Known) != 1 {
		t.Errorf("handed in once more: %d %+v", status, taken)
	}
	if !w.landlordReads() {
		t.Error("the same no, opened, has ended the later yes")
	}
	if got := w.withdrawals(); len(got) != 1 {
		t.Errorf("withdrawals: %v", got)
	}
	if _, err := w.core.db.Verify(); err != nil {
		t.Error(err)
	}
}

// says is the commit of a caretaker to whom the tenant has said so at the door.
func (w *wallTown) says(answer, knew string) wire.Commit {
	fields := map[string]any{"unit": demo.UnitEviction, "handle": w.handle, "landlord_org": demo.Landlord, "answer": answer, "partners": []string{"landlord"}, "day": day(0),
		"wording": casework.WordingShown{ID: demo.Wording.ID, Version: 1, Language: "sv", Hash: demo.Wording.Hash}}
	if knew != "" {
		fields["knew_withdrawal"] = knew
	}
	change := fresh("giving", uuid.NewString(), fields)
	change.Org = demo.Social
	return wire.Commit{ID: uuid.NewString(), At: time.Now().UnixMilli(), Changes: []wire.Change{change}}
}

// A no at the door that a locked phone hands in sealed closes like a withdrawal, before
// anybody opens it, and cannot be told from one outside its seal. Opened it is the same
// no: what the tenant has agreed to since stays open, whichever way that was known.
func TestS20_ANoInSealedWorkCountsBeforeItIsOpened(t *testing.T) {
	w := newWallTown(t)
	leif, karin := w.holder("leif"), w.holder("karin")
	leif.makes()
	phone := w.enrol("kim")
	key := phone.signing()
	w.giveWithCode(copyCode, "")
	w.link()
	if !w.landlordReads() {
		t.Fatal("nothing is open to begin with")
	}
	for _, answer := range []string{"given", "asked"} {
		entry, _ := rescuetest.Seal(t, phone.keysOf(), demo.Social, w.says(answer, ""), 1)
		if status, taken := phone.handIn(key, entry); status != 200 || len(taken.Closed) != 0 || !w.landlordReads() {
			t.Fatalf("%s: %d %+v", answer, status, taken)
		}
	}
	no := w.says("declined", "")
	giving := no.Changes[0].Record
	entry, raw := rescuetest.Seal(t, phone.keysOf(), demo.Social, no, 2)
	for _, word := range []string{giving, "declined", "giving", "kim"} {
		if strings.Contains(entry.Head, word) {
			t.Errorf("outside the seal stands %q: %s", word, entry.Head)
		}
	}
	for range 2 {
		if status, taken := phone.handIn(key, entry); status != 200 || !slices.Equal(taken.Closed, []string{no.ID}) || len(taken.Kept) != 1 {
			t.Fatalf("%d %+v", status, taken)
		}
		if w.landlordReads() {
			t.Fatal("the landlord still reads")
		}
	}
	if got := w.withdrawals(); !slices.Equal(got, []string{consent.NoID(giving)}) {
		t.Fatalf("withdrawals: %v", got)
	}

	// The tenant says yes again, to somebody who knows of it as social services do.
	w.newGiving()
	w.samira.send(fresh("giving", w.giving, map[string]any{"unit": demo.UnitEviction, "handle": w.handle, "landlord_org": demo.Landlord, "answer": "given",
		"partners": []string{"landlord"}, "day": day(0), "witness": "Samira Holmén", "knew_withdrawal": consent.NoID(giving),
		"wording": casework.WordingShown{ID: demo.Wording.ID, Version: 1, Language: "sv", Hash: demo.Wording.Hash}}),
		fresh("signature", w.signatures, map[string]any{"giving": w.giving, "how": "oral", "name": "Tova Test", "at": time.Now().UnixMilli()}))
	w.link()
	if !w.landlordReads() {
		t.Fatal("the new yes opens nothing")
	}
	if got := karin.finishes(leif.begins()); got.Saved != 3 || got.Left != 0 {
		t.Errorf("opened by two: %+v", got)
	}
	if got := w.core.engine.Submit(authorOf(phone), rawsOf(raw))[0]; got.Status != wire.Saved {
		t.Errorf("sent after all: %+v", got)
	}
	if !w.landlordReads() {
		t.Error("the same no, opened, has ended the later yes")
	}
	if _, err := w.core.db.Verify(); err != nil {
		t.Error(err)
	}
}

// Without a rescue key nothing can be handed in but this.
func TestS20_AWithdrawalCountsWhereNothingElseCanBeHandedIn(t *testing.T) {
	w := newWallTown(t)
	phone := w.enrol("samira")
	key := phone.signing()
	w.giveWithCode(copyCode, "")
	w.link()
	commit := w.withdraws(nil)
	status, taken := phone.handIn(key, rescue.Entry{Head: rescuetest.Head(commit, 1, "}")})
	if status != 200 || !slices.Equal(taken.Closed, []string{commit.ID}) || len(taken.Kept)+len(taken.Refused) != 0 {
		t.Fatalf("%d %+v", status, taken)
	}
	if w.landlordReads() {
		t.Error("the landlord still reads")
	}
}

// What a forged handle, another phone's signature and somebody else's phone come to: nothing.
func TestS20_AForgedWithdrawalOutsideTheSealClosesNothing(t *testing.T) {
	w := newWallTown(t)
	leif := w.holder("leif")
	w.holder("karin")
	leif.makes()
	phone, kims := w.enrol("samira"), w.enrol("kim")
	key, other := phone.signing(), kims.signing()
	w.giveWithCode(copyCode, "")
	w.link()
	commit := w.withdraws(nil)
	entry, _ := rescuetest.Seal(t, phone.keysOf(), demo.Social, commit, 1)

	if status, taken := phone.handIn(other, entry); status != 403 {
		t.Errorf("signed by another phone: %d %+v", status, taken)
	}
	// The landlord's own phone names the case, as if it had found the id somewhere.
	foreign := w.withdraws(map[string]any{})
	foreign.Changes[0].Org = demo.Social
	if status, taken := kims.handIn(other, rescue.Entry{Head: rescuetest.Head(foreign, 1, "}")}); status != 200 || len(taken.Closed) != 0 {
		t.Errorf("of a case that is not theirs: %d %+v", status, taken)
	}
	for name, head := range map[string]string{
		"a case that is not there": rescuetest.Head(w.withdraws(map[string]any{"case": uuid.NewString()}), 1, "}"),
		"no case and no handle":    rescuetest.Head(w.withdraws(map[string]any{"case": nil}), 1, "}"),
		"no such unit":             rescuetest.Head(w.withdraws(map[string]any{"unit": "nowhere"}), 1, "}"),
		"a place in the order":     rescuetest.Head(w.withdraws(map[string]any{"order": 1}), 1, "}"),
		"too many":                 rescuetest.Head(wire.Commit{ID: uuid.NewString(), Changes: slices.Repeat(commit.Changes, 9)}, 1, "}"),
		"no record":                `{"t":"commit","c":"` + commit.ID + `","w":[null]}`,
		"no words":                 `{"t":"commit","c":"` + commit.ID + `","w":[{"r":"x","f":null}]}`,
		"not a list":               `{"t":"commit","c":"` + commit.ID + `","w":"x"}`,
	} {
		if status, taken := phone.handIn(key, rescue.Entry{Head: head}); status != 200 || len(taken.Closed) != 0 {
			t.Errorf("%s: %d %+v", name, status, taken)
		}
	}
	if !w.landlordReads() {
		t.Error("something of it has closed the wall")
	}
	if _, err := w.core.db.Verify(); err != nil {
		t.Error(err)
	}
}
