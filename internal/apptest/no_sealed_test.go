package apptest

import "testing"

// A tenant says no at the door, to a phone without a network that is locked since. The
// phone hands it in, though nobody opens it and there is no rescue key: it counts at
// once, as a withdrawal of the file. Unlocked later the phone sends the no itself, and
// the two are of one file.
func TestANoAtTheDoorCountsFromALockedPhone(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	link := NewLink(t, p)
	b := Open(t, link.URL, SmallPhone)
	b.SignIn(p, "kim")
	b.signs()
	b.Walk(b.links("/visit/", 2)[1] + "/consent/own")
	b.See("Du bestämmer vem")
	link.Cut()
	b.Tap("Nej tack")
	b.See("Du har svarat nej tack", "På telefonen")
	b.Load("/")
	b.Gate("locked")
	of := func(kind, field, value string) (handles []string) {
		t.Helper()
		samira, records, err := SignIn(t, p, "samira").Dial()
		if err != nil {
			t.Fatal(err)
		}
		samira.Close()
		p.Invite("samira")
		for _, r := range records {
			if r.Kind == kind && r.Text(field) == value {
				handles = append(handles, r.Text("handle"))
			}
		}
		return handles
	}
	if before := of("withdrawal", "unit", "soc-vrak"); len(before) != 0 {
		t.Fatalf("to begin with: %v", before)
	}
	link.Heal()
	b.Tap("Kan du inte låsa upp?")
	for range 2 {
		b.Tap("Lämna in det som väntar")
		b.See("Att hyresgästen har sagt nej eller tagit tillbaka sitt ja gäller redan")
	}
	closed := of("withdrawal", "unit", "soc-vrak")
	if len(closed) != 1 || closed[0] == "" || len(of("giving", "answer", "declined")) != 0 {
		t.Fatalf("handed in: %v", closed)
	}
	b.Unlock()
	b.Synced()
	if no := of("giving", "answer", "declined"); len(no) != 1 || no[0] != closed[0] {
		t.Errorf("sent: %v; closed: %v", no, closed)
	}
	if again := of("withdrawal", "unit", "soc-vrak"); len(again) != 1 {
		t.Errorf("closed in the end: %v", again)
	}
}
