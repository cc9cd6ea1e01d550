package main

import (
	"slices"
	"strings"
	"testing"

	"bokvar/internal/casework"
	"bokvar/internal/demo"
	"bokvar/internal/rescue"
	"bokvar/internal/rescue/rescuetest"
	"bokvar/sync/wire"
)

// threeHolders are two who hold the landlord's first rescue key, and a third who got a
// code later.
func threeHolders(t *testing.T) (r *running, eva, rolf, mona *keyholder) {
	t.Helper()
	r = start(t, town(t))
	eva, rolf = r.holder("eva"), r.holder("rolf")
	eva.makes()
	if _, err := addUser(r.core, casework.Member{ID: "mona", Org: demo.Landlord, Name: "Mona Sjö", Role: casework.LandlordManager, Units: []string{demo.UnitNorth}}); err != nil {
		t.Fatal(err)
	}
	return r, eva, rolf, r.holder("mona")
}

// Whoever becomes a holder later gets halves of the keys from before when two who have
// them open together; then somebody may leave, and what was sealed before still opens.
func TestANewHolderGetsHalvesOfOlderKeys(t *testing.T) {
	r, eva, rolf, mona := threeHolders(t)
	kim := r.enrol("kim")
	key := kim.signing()
	kim.online(1)
	kim.takeAll()
	visit := kim.any("contact", func(rec wire.Record) bool { return len(rec.Fields["outcome"]) == 0 })
	entry, _ := rescuetest.Seal(t, kim.keysOf(), demo.Landlord, noteOn(visit, "kim", canary), 1)
	rolf.makes() // a second key: the phone in the drawer has sealed for the first

	k := mona.view().Keys[0]
	if want := []string{"eva", "rolf"}; k.Reach != rescue.Ready || !slices.Equal(slices.Sorted(slices.Values(k.Hangs)), want) || len(k.Missing) != 2 {
		t.Fatalf("before: %+v", k)
	}
	if k := mona.view().Keys[1]; len(k.Hangs) != 0 || len(k.Missing) != 0 {
		t.Errorf("the key that was made for three: %+v", k)
	}
	rolf.renews(eva.begins())
	v := mona.view()
	if k := v.Keys[0]; len(k.Hangs) != 0 || len(k.Missing) != 0 || v.Opening != nil {
		t.Errorf("after: %+v, %+v", k, v.Opening)
	}

	if _, err := disableUser(r.core, "eva"); err != nil {
		t.Fatal(err)
	}
	if status, taken := kim.handIn(key, entry); status != 200 || len(taken.Kept) != 1 {
		t.Fatalf("%d %+v", status, taken)
	}
	if w := rolf.view().Waiting; w[0].Reach != rescue.Ready {
		t.Errorf("what waits: %+v", w)
	}
	if got := rolf.finishes(mona.begins()); got != (rescue.Result{Found: 1}) {
		t.Errorf("opened: %+v", got)
	}
	if k := rolf.view().Keys[0]; !slices.Equal(slices.Sorted(slices.Values(k.Hangs)), []string{"mona", "rolf"}) {
		t.Errorf("of three one has left: %+v", k)
	}
}

// A paper that was lost is made good by two others: the new code opens all keys again.
func TestTwoOthersMakeALostCodeGood(t *testing.T) {
	_, eva, rolf, mona := threeHolders(t)
	rolf.renews(eva.begins())
	eva.newCode(nil)
	if v := eva.view(); len(v.Keys[0].Missing) != 2 || len(v.Mine.Older) != 1 || v.Keys[0].Reach != rescue.Ready {
		t.Fatalf("with a new code: %+v, %+v", v.Keys, v.Mine)
	}
	mona.renews(rolf.begins())
	v := eva.view()
	if len(v.Keys[0].Missing) != 0 || len(v.Mine.Older) != 0 {
		t.Errorf("made good: %+v, %+v", v.Keys, v.Mine)
	}
	if _, err := disableUser(eva.r.core, "mona"); err != nil {
		t.Fatal(err)
	}
	if got := rescuetest.Give(t, eva.own, eva.view()); len(got) != 1 { // it opens what was made
		t.Errorf("Eva can give %+v", got)
	}
}

// Halves are taken only from who finishes an opening, of keys that it gives them, whole
// pairs that have none, and no others.
func TestHalvesThatAreNotTaken(t *testing.T) {
	_, eva, rolf, mona := threeHolders(t)
	id := eva.begins()
	good := rescuetest.Renew(t, rolf.own, rolf.view())
	theirs := slices.Clone(good[0].Shares)
	theirs[0].Person, theirs[0].With, theirs[1].Person, theirs[1].With = "eva", "rolf", "rolf", "eva"
	for name, each := range map[string]struct {
		by     *keyholder
		id     string
		anew   []rescue.Anew
		status int
	}{
		"who began it":        {eva, id, good, 422},
		"who was given none":  {mona, id, good, 404},
		"no such opening":     {rolf, "x", good, 404},
		"no such key":         {rolf, id, []rescue.Anew{{Number: 2, Shares: good[0].Shares}}, 409},
		"half a pair":         {rolf, id, []rescue.Anew{{Number: 1, Shares: good[0].Shares[1:]}}, 409},
		"of a pair that has":  {rolf, id, []rescue.Anew{{Number: 1, Shares: theirs}}, 409},
		"nothing in a half":   {rolf, id, []rescue.Anew{{Number: 1, Shares: append([]rescue.Share{{Person: good[0].Shares[0].Person, With: good[0].Shares[0].With}}, good[0].Shares[1:]...)}}, 409},
		"the same key twice":  {rolf, id, []rescue.Anew{good[0], good[0]}, 409},
		"more than are there": {rolf, id, []rescue.Anew{{Number: 1, Shares: append(slices.Clone(good[0].Shares), good[0].Shares[0])}}, 409},
	} {
		if status, answer := each.by.do("POST", "/api/rescue/opening/"+each.id, map[string]any{"anew": each.anew}); status != each.status {
			t.Errorf("%s: %d %s", name, status, answer)
		}
	}
	if v := mona.view(); len(v.Shares) != 0 || v.Opening == nil {
		t.Errorf("something was taken: %+v", v)
	}
}

// When of two who hold the key one has left, nobody could open what is sealed for it:
// phones seal for it no more, and what is handed in for it stays on its phone.
func TestWhatNobodyCanOpenStaysOnItsPhone(t *testing.T) {
	r := start(t, town(t))
	eva, rolf := r.holder("eva"), r.holder("rolf")
	eva.makes()
	kim := r.enrol("kim")
	key := kim.signing()
	kim.online(1)
	kim.takeAll()
	visit := kim.any("contact", func(rec wire.Record) bool { return len(rec.Fields["outcome"]) == 0 })
	entry, _ := rescuetest.Seal(t, kim.keysOf(), demo.Landlord, noteOn(visit, "kim", canary), 1)
	if k := rolf.view().Keys[0]; len(k.Hangs) != 2 {
		t.Errorf("nobody is warned: %+v", k)
	}
	if _, err := disableUser(r.core, "eva"); err != nil {
		t.Fatal(err)
	}
	if k := rolf.view().Keys[0]; k.Reach != rescue.Nobody {
		t.Errorf("rolf is shown %+v", k)
	}
	if keys := kim.keysOf(); slices.ContainsFunc(keys, func(k rescue.Public) bool { return k.Org == demo.Landlord }) {
		t.Errorf("phones seal for %+v", keys)
	}
	if status, taken := kim.handIn(key, entry); status != 200 || len(taken.Refused) != 1 || len(taken.Kept) != 0 {
		t.Errorf("%d %+v", status, taken)
	}
}

// Seven who hold now are enough; those who left are not counted.
func TestWhoHasLeftTakesNobodysPlace(t *testing.T) {
	r := start(t, town(t))
	var last *keyholder
	for _, id := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		if _, err := addUser(r.core, casework.Member{ID: "chef-" + id, Org: demo.Landlord, Name: "Chef " + id, Role: casework.LandlordManager, Units: []string{demo.UnitNorth}}); err != nil {
			t.Fatal(err)
		}
		last = &keyholder{vaulted: r.enrol("chef-" + id)}
		last.own, _ = newPair(t)
		status, answer := last.do("PUT", "/api/rescue/code", map[string]any{"public": last.own.PublicKey().Bytes(), "wrapped": []byte("under a code")})
		if want := map[bool]int{true: 204, false: 422}[id != "h"]; status != want {
			t.Fatalf("%s: %d %s", id, status, answer)
		}
	}
	if _, err := disableUser(r.core, "chef-a"); err != nil {
		t.Fatal(err)
	}
	last.must(204, "PUT", "/api/rescue/code", map[string]any{"public": last.own.PublicKey().Bytes(), "wrapped": []byte("under a code")}, nil)
}

// Whoever ends the account of somebody on whom a rescue key hangs is told so first, and
// does it all the same if they say so.
func TestEndingAnAccountOnWhichAKeyHangs(t *testing.T) {
	r, eva, rolf, _ := threeHolders(t)
	data := r.config.Data
	waitForControl(t, data)
	if _, said := do(t, 1, "user", "disable", "-data", data, "eva"); !strings.Contains(said, "rescue key 1 of "+demo.Landlord) {
		t.Errorf("it says %s", said)
	}
	if m, err := r.core.accounts.Person("eva"); err != nil || !m.Active {
		t.Errorf("the account has ended: %+v, %v", m, err)
	}
	rolf.renews(eva.begins())
	do(t, 0, "user", "disable", "-data", data, "eva")
	do(t, 1, "user", "disable", "-data", data, "rolf") // of three, two are left
	do(t, 0, "user", "disable", "-data", data, "-anyway", "rolf")
	do(t, 0, "user", "disable", "-data", data, "kim")
}
