package apptest

import (
	"fmt"
	"strings"
	"testing"
)

// What is opened on a phone is in the log of the file: at once with a network, and
// afterwards what was opened without one.
func TestWhatIsReadOnThePhoneIsInTheLog(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	manager := SignIn(t, p, "rolf")
	_, records, err := manager.Dial()
	if err != nil {
		t.Fatal(err)
	}
	b := Open(t, p.URL, Phone)
	b.SignIn(p, "kim")
	b.Go("/")
	visits := b.links("/visit/", 2)
	actions := func(visit string) string {
		root := records[strings.TrimPrefix(visit, "/visit/")].Text("household")
		var rows []struct{ Person, Action string }
		manager.request(t, "GET", "/api/log/"+root, "", nil, &rows)
		var all strings.Builder
		for _, r := range rows {
			all.WriteString(r.Person + " " + r.Action + "; ")
		}
		return all.String()
	}
	opened := func(visit, action string) {
		t.Helper()
		Retry(t, "the reading is in the log", func() error {
			if all := actions(visit); !strings.Contains(all, "kim "+action+";") {
				return fmt.Errorf("it holds %s", all)
			}
			return nil
		})
	}
	b.Walk(visits[0])
	opened(visits[0], "read")
	p.Kill()
	b.Walk("/")
	b.Walk(visits[1])
	b.See("Hushåll")
	Retry(t, "the phone has noted the reading", func() error {
		noted, err := b.eval(`String(Object.keys(localStorage).filter((k) => k.startsWith('bokvar-readings-')).some((k) => JSON.parse(localStorage[k]).list.some((r) => r.offline)))`)
		if err == nil && noted != "true" {
			err = fmt.Errorf("not yet as one without a network")
		}
		return err
	})
	p.Again()
	b.Walk("/")
	b.Walk(visits[0])
	opened(visits[1], "read_offline")
	if strings.Contains(actions(visits[0]), "read_offline") {
		t.Error("what was read with a network is said to have been read without one")
	}
}

// What has come in to social services, and is in no household's file yet, is a file of
// its own: who opens it is in its log, with the ground.
func TestWhatHasComeInIsReadInTheLog(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	b := Open(t, p.URL, Desk)
	b.SignIn(p, "samira")
	received("Mirja Korhonen")(b)
	b.See("Väntar på att kopplas")
	giving := strings.TrimPrefix(b.path(), "/received/")
	manager := SignIn(t, p, "karin")
	Retry(t, "the reading is in the log", func() error {
		var rows []struct{ Person, Action, What string }
		manager.request(t, "GET", "/api/log/"+giving, "", nil, &rows)
		for _, r := range rows {
			if r.Person == "samira" && r.Action == "read" && strings.HasSuffix(r.What, "; ground own-unit") {
				return nil
			}
		}
		return fmt.Errorf("it holds %v", rows)
	})
	karin := Open(t, p.URL, Desk)
	karin.SignIn(p, "karin")
	received("Mirja Korhonen")(karin)
	karin.Tap("Vem har läst det")
	karin.See("Samira Holmén", "ärendet ligger på den egna enheten")
}
