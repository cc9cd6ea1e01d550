package exchange

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"bokvar/internal/casework"
)

func fileOf(s string) io.Reader { return strings.NewReader(s) }

func TestOnlyTheDeskOfALandlordImports(t *testing.T) {
	s := newOffice().service()
	for _, m := range []casework.Member{
		{ID: "kim", Org: "hem", Role: casework.Caretaker, Units: []string{"norr"}, Active: true},
		{ID: "samira", Org: "soc", Role: casework.SocialWorker, Units: []string{"vrak"}, Active: true},
		{ID: "gone", Org: "hem", Role: casework.Coordinator, Units: []string{"norr"}},
		{ID: "unitless", Org: "hem", Role: casework.Collections, Active: true},
	} {
		if _, err := s.Propose(m, "x.csv", fileOf(plainList), false); code(err) != CodeNotAllowed {
			t.Errorf("%s: %v", m.ID, err)
		}
		if _, err := s.Confirm(m, "x", nil); code(err) != CodeNotAllowed {
			t.Errorf("%s: %v", m.ID, err)
		}
		if _, err := s.List(m); code(err) != CodeNotAllowed {
			t.Errorf("%s: %v", m.ID, err)
		}
	}
}

func TestAnotherOrganisationsProposalIsNotThere(t *testing.T) {
	o := newOffice()
	p := o.propose(t, lists("07:10", nadia), false)
	other := jonna
	other.Org = "annan"
	if _, err := o.service().Get(other, p.ID); code(err) != CodeNotFound {
		t.Errorf("%v", err)
	}
	if err := o.service().Drop(other, p.ID); code(err) != CodeNotFound || len(o.proposals) != 1 {
		t.Errorf("%v", err)
	}
}

func TestChangedBetweenProposingAndConfirming(t *testing.T) {
	o := newOffice()
	o.take(t, lists("07:10", nadia, ulf))
	p := o.propose(t, lists("07:30", nadia), false)
	o.set(t, "contact", "visit-1", "household", HouseholdID("hem", "10-2"))
	o.set(t, "contact", "visit-1", "form", "visit")
	o.set(t, "contact", "visit-1", "planned_at", now.UnixMilli())
	before := o.commits
	_, err := o.service().Confirm(jonna, p.ID, nil)
	if code(err) != CodeStale || o.commits != before || len(err.(*Problem).Proposal.Gone[0].Contacts) != 1 {
		t.Fatalf("%v, %d commits", err, o.commits-before)
	}
	shown, err := o.service().Get(jonna, p.ID)
	if err != nil || len(shown.Gone[0].Contacts) != 1 {
		t.Errorf("what is shown now: %+v %v", shown, err)
	}
	if done, err := o.service().Confirm(jonna, p.ID, nil); err != nil || done.Gone != 1 {
		t.Errorf("%+v %v", done, err)
	}
	if _, err := o.service().Confirm(jonna, p.ID, nil); code(err) != CodeNotFound {
		t.Errorf("confirming twice: %v", err)
	}
}

func TestProposalsWaitAWeek(t *testing.T) {
	o := newOffice()
	p := o.propose(t, lists("07:10", nadia), false)
	waiting, err := o.service().List(jonna)
	if err != nil || len(waiting) != 1 || waiting[0].ID != p.ID || waiting[0].Counts.New != 1 || waiting[0].By != "jonna" {
		t.Fatalf("%+v %v", waiting, err)
	}
	s := o.service()
	s.Clock = func() time.Time { return now.Add(8 * 24 * time.Hour) }
	if _, err := s.Propose(jonna, "ny.csv", fileOf(lists("07:10", ulf)), false); err != nil {
		t.Fatal(err)
	}
	if waiting, err := s.List(jonna); err != nil || len(waiting) != 1 || waiting[0].ID == p.ID {
		t.Errorf("%+v %v", waiting, err)
	}
	if err := s.Drop(jonna, waiting[0].ID); code(err) != CodeNotFound {
		t.Errorf("%v", err)
	}
}

func TestRejectedRowsAsFile(t *testing.T) {
	o := newOffice()
	p := o.propose(t, lists("07:10", nadia, "10-9;=HYPERLINK(\"http://x\");;B 1;+46701740605;2026-11;7.840,-;0;;"), false)
	data, err := o.service().RejectedFile(jonna, p.ID)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(data, []byte("\ufeff")) || !strings.Contains(string(data), `"'=HYPERLINK(""http://x"")"`) || !strings.Contains(string(data), "'+46701740605") {
		t.Errorf("%s", data)
	}
	// Put right, it can be brought again.
	list := mustParse(t, strings.Replace(string(data), "7.840,-;", "7840;", 1))
	if len(list.Entries) != 1 || list.Entries[0].Contract != "10-9" || list.Entries[0].Phone != "+46701740605" || list.Entries[0].Capital != 784000 {
		t.Errorf("%+v", list)
	}
}

func TestNothingReadableIsNoList(t *testing.T) {
	o := newOffice()
	o.take(t, lists("07:10", nadia))
	_, err := o.service().Propose(jonna, "x.csv", fileOf(lists("07:30", ";Ulf;;B;;2026-11;1;0;;")), false)
	if code(err) != CodeNothingToTake || !strings.Contains(err.Error(), "Rad 3: Kontraktet saknar nummer.") {
		t.Errorf("%v", err)
	}
}
