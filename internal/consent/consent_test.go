package consent

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

const today = "2026-11-24"

// given is a giving that opens the case c for p to the landlord hem.
func given(order int64, change ...func(*Giving)) Giving {
	g := Giving{ID: fmt.Sprint("g", order), Order: order, Answer: Given, Handle: "h", Org: "hem", Partners: []string{Landlord},
		Day: "2026-11-01", Case: "c", Signers: []Signer{{ID: fmt.Sprint("s", order), Person: "p"}}}
	for _, f := range change {
		f(&g)
	}
	return g
}

func knew(id string) func(*Giving)       { return func(g *Giving) { g.Knew = id } }
func until(day string) func(*Giving)     { return func(g *Giving) { g.Until = day } }
func wrong(r ...Reason) func(*Giving)    { return func(g *Giving) { g.Wrong = r } }
func answer(a Answer) func(*Giving)      { return func(g *Giving) { g.Answer = a } }
func signed(s ...Signer) func(*Giving)   { return func(g *Giving) { g.Signers = s } }
func partners(p ...string) func(*Giving) { return func(g *Giving) { g.Partners = p } }
func waiting(g *Giving)                  { g.Case, g.Signers = "", []Signer{{ID: g.Signers[0].ID}} }
func handle(h string) func(*Giving)      { return func(g *Giving) { g.Handle = h } }
func inCase(c string) func(*Giving)      { return func(g *Giving) { g.Case = c } }
func withdrawal(order int64) Closing {
	return Closing{ID: fmt.Sprint("w", order), Order: order, Handle: "h"}
}
func givings(g ...Giving) File              { return File{Givings: g} }
func (f File) closed(c ...Closing) File     { f.Closings = c; return f }
func (f File) confirmed(giving string) File { f.Confirmations = []Confirmation{{giving}}; return f }

func TestEveryState(t *testing.T) {
	two := signed(Signer{"a", "p"}, Signer{"b", "q"})
	for _, c := range []struct {
		name string
		file File
		want string // state of each signer, with its reasons
		open string // persons for whom the case is open
	}{
		{"nothing was asked", File{}, "", ""},
		{"asked", givings(given(1, answer(Asked))), "asked", ""},
		{"declined", givings(given(1, answer(Declined))), "declined", ""},
		{"given", givings(given(1)), "open", "p"},
		{"given by two", givings(given(1, two)), "open open", "p q"},
		{"one of two is linked", givings(given(1, signed(Signer{"a", "p"}, Signer{"b", ""}))), "open waiting", "p"},
		{"waits in the intake", givings(given(1, waiting)), "waiting", ""},
		{"valid today for the last time", givings(given(1, until(today))), "open", "p"},
		{"ran out yesterday", givings(given(1, until("2026-11-23"))), "expired", ""},
		{"to others than the landlord", givings(given(1, partners("psychiatry"))), "open", ""},
		{"to another landlord", givings(given(1, func(g *Giving) { g.Org = "bo" })), "open", ""},
		{"to no landlord in particular", givings(given(1, func(g *Giving) { g.Org = "" })), "open", ""},
		{"of another case", givings(given(1, inCase("d"))), "open", ""},

		{"withdrawn", givings(given(1)).closed(withdrawal(2)), "ended", ""},
		{"withdrawn while it waited", givings(given(1, waiting)).closed(withdrawal(2)), "ended", ""},
		{"withdrawn after it ran out", givings(given(1, until("2026-11-23"))).closed(withdrawal(2)), "ended", ""},
		{"withdrawn in social services' case", givings(given(1, handle("x"))).closed(Closing{ID: "w", Order: 2, Case: "c"}), "ended", ""},
		{"withdrawn in another case", givings(given(1)).closed(Closing{ID: "w", Order: 2, Case: "d"}), "open", "p"},
		{"withdrawn under another handle of the same case", givings(given(1), given(2, handle("k"))).closed(withdrawal(3)), "ended ended", ""},
		{"both are withdrawn at once", givings(given(1, two)).closed(withdrawal(2)), "ended ended", ""},
		{"one of two withdraws", givings(given(1, two)).closed(Closing{ID: "w", Order: 2, Handle: "h", Signature: "b"}), "open ended", "p"},
		{"one of two withdraws before anyone is linked", givings(given(1, waiting, signed(Signer{"a", ""}, Signer{"b", ""}))).closed(Closing{ID: "w", Order: 2, Handle: "h", Signature: "b"}), "waiting ended", ""},
		{"by telephone, one of two", givings(given(1, two)).closed(Closing{ID: "w", Order: 2, Case: "c", Person: "q"}), "open ended", "p"},
		{"by one who cannot be told apart", givings(given(1, two), given(2, signed(Signer{"x", ""}))).closed(Closing{ID: "w", Order: 3, Handle: "h", Signature: "b"}), "open ended ended", "p"},

		{"a later no ends it", givings(given(1), given(2, answer(Declined))), "ended declined", ""},
		{"another's no leaves it", givings(given(1), given(2, answer(Declined), signed(Signer{"x", "q"}))), "open declined", "p"},
		{"a no under the handle ends all", givings(given(1, two), given(2, answer(Declined), signed())), "ended ended declined", ""},
		{"being asked again leaves it", givings(given(1), given(2, answer(Asked))), "open asked", "p"},
		{"a new yes beside the old", givings(given(1, until("2026-11-23")), given(2)), "expired open", "p"},

		{"held: did not know", givings(given(2)).closed(withdrawal(1)), "held:later_withdrawal", ""},
		{"knew", givings(given(2, knew("w1"))).closed(withdrawal(1)), "open", "p"},
		{"knew of an older one only", givings(given(3, knew("w1"))).closed(withdrawal(1), withdrawal(2)), "held:later_withdrawal", ""},
		{"knew of the latest", givings(given(3, knew("w2"))).closed(withdrawal(1), withdrawal(2)), "open", "p"},
		{"confirmed", givings(given(2)).closed(withdrawal(1)).confirmed("g2"), "open", "p"},
		{"confirmed and withdrawn again", givings(given(2)).closed(withdrawal(1), withdrawal(3)).confirmed("g2"), "ended", ""},
		{"another was confirmed", givings(given(2)).closed(withdrawal(1)).confirmed("g9"), "held:later_withdrawal", ""},
		{"given, withdrawn, given again knowing it", givings(given(1), given(3, knew("w2"))).closed(withdrawal(2)), "ended open", "p"},
		{"did not know of the other's withdrawal", givings(given(2)).closed(Closing{ID: "w", Order: 1, Case: "c", Person: "q"}), "open", "p"},
		{"held, and waits", givings(given(2, waiting)).closed(withdrawal(1)), "held:later_withdrawal", ""},
		{"did not know of a no", givings(given(1, answer(Declined)), given(2)), "declined held:later_withdrawal", ""},
		{"knew of the no", givings(given(1, answer(Declined)), given(2, knew("g1"))), "declined open", "p"},

		{"no partner", givings(given(1, partners())), "held:no_partner", ""},
		{"no partner, confirmed", givings(given(1, partners())).confirmed("g1"), "held:no_partner", ""},
		{"no signer", givings(given(1, signed())), "held:no_signer", ""},
		{"oral, nobody heard it", givings(given(1, wrong(NoWitness))), "held:no_witness", ""},
		{"on paper, nobody says where it lies", givings(given(1, wrong(NoOriginal))), "held:no_original", ""},
		{"on paper, confirmed", givings(given(1, wrong(NoOriginal))).confirmed("g1"), "open", "p"},
		{"oral, confirmed", givings(given(1, wrong(NoWitness))).confirmed("g1"), "open", "p"},
		{"unknown words", givings(given(1, wrong(UnknownWording))), "held:unknown_wording", ""},
		{"unknown words, confirmed", givings(given(1, wrong(UnknownWording))).confirmed("g1"), "open", "p"},
		{"a changed byte", givings(given(1, wrong(Changed))), "held:changed", ""},
		{"a changed byte is not mended by asking", givings(given(1, wrong(Changed, LaterWithdrawal))).confirmed("g1"), "held:changed", ""},
		{"a blocked device", givings(given(1, wrong(BlockedDevice))), "held:blocked_device", ""},
		{"a blocked device, confirmed", givings(given(1, wrong(BlockedDevice))).confirmed("g1"), "open", "p"},
		{"several reasons", givings(given(2, partners(), wrong(UnknownWording))).closed(withdrawal(1)), "held:later_withdrawal,no_partner,unknown_wording", ""},
	} {
		judged := Judge(c.file, today)
		if got := words(judged); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		var open []string
		for _, p := range Opens(c.file, judged, "c", "hem").People {
			open = append(open, p.Person)
		}
		if got := strings.Join(open, " "); got != c.open {
			t.Errorf("%s: open for %q, want %q", c.name, got, c.open)
		}
	}
}

func words(judged []Standing) string {
	var out []string
	for _, s := range judged {
		word := string(s.State)
		for i, r := range s.Reasons {
			word += string(":,"[min(i, 1)]) + string(r)
		}
		out = append(out, word)
	}
	return strings.Join(out, " ")
}

func TestWhichClosing(t *testing.T) {
	file := givings(given(1), given(4)).closed(withdrawal(2), withdrawal(3))
	judged := Judge(file, today)
	if judged[0].By != "w2" || judged[1].By != "w3" {
		t.Errorf("ended by %q, held by %q", judged[0].By, judged[1].By)
	}
}

func TestCover(t *testing.T) {
	file := givings(given(1, until("2026-12-01")), given(2, until("2026-12-24")), given(3, signed(Signer{"x", "q"})))
	c := Opens(file, Judge(file, today), "c", "hem")
	want := Cover{[]Covered{{Person: "p", Day: "2026-11-01", Until: "2026-12-24"}, {Person: "q", Day: "2026-11-01"}}}
	if !reflect.DeepEqual(c, want) {
		t.Fatalf("%+v", c)
	}
	for _, each := range []struct {
		people []string
		day    string
		all    bool
	}{
		{[]string{"p"}, today, true}, {[]string{"p", "q"}, today, true}, {[]string{"p", "r"}, today, false},
		{nil, today, false}, {[]string{"p"}, "2026-12-24", true}, {[]string{"p"}, "2026-12-25", false}, {[]string{"q"}, "2026-12-25", true},
	} {
		if got := c.All(each.people, each.day); got != each.all {
			t.Errorf("%v on %s: %v", each.people, each.day, got)
		}
	}
	if since, end := c.Since(today); since != "2026-11-01" || end != "2026-12-24" {
		t.Errorf("since %s until %s", since, end)
	}
	if _, end := c.Since("2026-12-25"); end != "" || !c.Anyone("2026-12-25") || (Cover{}).Anyone(today) {
		t.Error("after the first has run out")
	}
}

// Whatever happens before it, a withdrawal that names nobody closes its file.
func TestAfterAWithdrawalNothingIsOpen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var f File
		n := rapid.IntRange(1, 8).Draw(t, "events")
		pick := func(name string, from ...string) string { return rapid.SampledFrom(from).Draw(t, name) }
		for i := range int64(n) {
			switch pick("event", "giving", "giving", "closing", "confirmation") {
			case "giving":
				f.Givings = append(f.Givings, given(i+1, handle(pick("handle", "h", "k")), inCase(pick("case", "", "c")),
					answer(Answer(pick("answer", "given", "given", "declined", "asked"))), knew(pick("knew", "", "w1", "w2", "w3")), until(pick("until", "", today))))
			case "closing":
				f.Closings = append(f.Closings, Closing{ID: fmt.Sprint("w", i+1), Order: i + 1, Handle: pick("handle", "", "h", "k"), Case: pick("case", "", "c"), Person: pick("person", "", "p", "q")})
			case "confirmation":
				f.Confirmations = append(f.Confirmations, Confirmation{fmt.Sprint("g", pick("of", "1", "2", "3"))})
			}
		}
		f.Closings = append(f.Closings, Closing{ID: "last", Order: 100, Handle: "h"}, Closing{ID: "last too", Order: 101, Handle: "k"})
		for _, s := range Judge(f, today) {
			if slices.Contains([]State{IsOpen, IsHeld, IsWaiting}, s.State) {
				t.Fatalf("%s is %s after everything was withdrawn: %+v", s.Giving, s.State, f)
			}
		}
	})
}

// The order in which a file is read changes nothing: only the server's order does.
func TestOrderOfReadingChangesNothing(t *testing.T) {
	file := givings(given(1), given(3), given(5, knew("w4"), signed(Signer{"a", "p"}, Signer{"b", "q"}))).closed(withdrawal(2), withdrawal(4))
	turned := givings(file.Givings[2], file.Givings[1], file.Givings[0]).closed(withdrawal(4), withdrawal(2))
	a, b := Judge(file, today), Judge(turned, today)
	for _, one := range a {
		if !slices.ContainsFunc(b, func(s Standing) bool { return reflect.DeepEqual(s, one) }) {
			t.Errorf("%+v is not among %+v", one, b)
		}
	}
}

// A no that was handed in sealed closes as a withdrawal first; opened later it is the
// same no, in its first place, by either of its ids. The phone knows the id, too.
func TestANoThatWasHandedInIsOne(t *testing.T) {
	if id := NoID("g1"); id != "920b2b200e3feceab1bed79662af61cb" {
		t.Errorf("the phone's test has another id than %s", id)
	}
	no := func(order int64) Giving { return given(order, answer(Declined), signed()) }
	first := func(order int64, giving string) Closing { return Closing{ID: NoID(giving), Order: order, Handle: "h"} }
	for _, c := range []struct {
		name string
		file File
		want string
	}{
		{"unopened it closes", givings(given(1)).closed(first(2, "g9")), "ended"},
		{"a yes after it, that knew of it", givings(given(1), given(3, knew(NoID("g9")))).closed(first(2, "g9")), "ended open"},
		{"a yes after it, that did not", givings(given(1), given(3)).closed(first(2, "g9")), "ended held:later_withdrawal"},
		{"opened after that yes", givings(given(1), given(3, knew(NoID("g9"))), no(9)).closed(first(2, "g9")), "ended open declined"},
		{"the yes knew of it as a giving", givings(given(1), given(3, knew("g9")), no(9)).closed(first(2, "g9")), "ended open declined"},
		{"sent first, and handed in after the yes", givings(given(1), no(2), given(3, knew("g2"))).closed(first(9, "g2")), "ended declined open"},
		{"another no is another", givings(given(3, knew(NoID("g9"))), no(9)).closed(first(2, "g8")), "ended declined"},
	} {
		got := []string{}
		for _, s := range Judge(c.file, today) {
			word := string(s.State)
			for _, r := range s.Reasons {
				word += ":" + string(r)
			}
			got = append(got, word)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v; want %s", c.name, got, c.want)
		}
	}
}
