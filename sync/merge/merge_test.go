package merge_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"bokvar/sync/merge"
	"bokvar/sync/rules"
	"bokvar/sync/server/servertest"
	"bokvar/sync/wire"
)

// TestM6_EachRowInBothOrdersAndAgain exercises every row of rules.md by its id, in
// every field, with the vectors of its word: a then b, b then a, and again.
func TestM6_EachRowInBothOrdersAndAgain(t *testing.T) {
	table, err := rules.Load()
	if err != nil {
		t.Fatal(err)
	}
	for row, cases := range servertest.MergeVectors(t, "../testdata/merge", table) {
		for _, field := range row.Fields {
			for _, c := range cases {
				t.Run(row.ID+"/"+field+"/"+c.Name, func(t *testing.T) {
					a, b := step{"a", c.A}, step{"b", c.B}
					play(t, table, row, field, c, c.AB, a, b)
					play(t, table, row, field, c, c.BA, b, a)
				})
			}
		}
	}
}

type step struct {
	commit string
	servertest.MergeStep
}

// play applies two steps and compares; then both again, as other commits that
// had seen the result: nothing may change any more.
func play(t *testing.T, table *rules.Table, row *rules.Row, field string, c servertest.MergeCase, want servertest.MergeResult, steps ...step) {
	t.Helper()
	var state *merge.State
	if len(c.Start) > 0 {
		state = &merge.State{Org: "org", ID: "r", Kind: row.Kind, Root: "root", Fields: map[string]merge.Field{
			field: {Value: c.Start, Version: 1, By: "s", At: 1, Commit: "s"}}}
		if row.By != "" && row.By != field {
			state.Fields[row.By] = merge.Field{Value: number(c.StartAsOf), Version: 1, Commit: "s"}
		}
	}
	var losers []merge.Loser
	down, status := "", ""
	for _, s := range steps {
		out := merge.Apply(table, state, change(row, field, s), "root", incoming(s))
		if out.Verdict != nil {
			down, status = s.commit, string(out.Verdict.Status)
			continue
		}
		if out.After != nil {
			state = out.After
		}
		for _, l := range out.Losers {
			if l.Field == field {
				losers = append(losers, l)
			}
		}
	}
	wanted := want.Value
	if row.By == field { // the field that says how new it is
		wanted = number(max(c.StartAsOf, c.A.AsOf, c.B.AsOf))
	}
	if got := state.Fields[field].Value; !merge.Equal(got, wanted) {
		t.Errorf("the value is %s, want %s", got, wanted)
	}
	if down != want.Down || status != want.Status {
		t.Errorf("%q was turned down (%q), want %q (%q)", down, status, want.Down, want.Status)
	}
	compareLosers(t, losers, want)
	again := merge.Apply(table, state, wire.Change{Kind: row.Kind, Record: "r", Fields: map[string]wire.Set{
		field: {Value: state.Fields[field].Value}}}, "root", incoming(steps[0]))
	if again.After != nil || again.Losers != nil || again.Verdict != nil {
		t.Errorf("the same value again came to %+v", again)
	}
}

func compareLosers(t *testing.T, losers []merge.Loser, want servertest.MergeResult) {
	t.Helper()
	if want.As == "" {
		if len(losers) != 0 {
			t.Errorf("%d values lost, want none", len(losers))
		}
		return
	}
	if len(losers) != 1 {
		t.Fatalf("%d values lost, want one", len(losers))
	}
	l := losers[0]
	if !merge.Equal(l.Lost.Value, want.Lost) || !merge.Equal(l.Won.Value, want.Value) || l.Open != (want.As == "open") {
		t.Errorf("%s lost against %s (open: %v), want %s against %s, %s", l.Lost.Value, l.Won.Value, l.Open, want.Lost, want.Value, want.As)
	}
}

func change(row *rules.Row, field string, s step) wire.Change {
	c := wire.Change{Org: "org", Kind: row.Kind, Record: "r", Fields: map[string]wire.Set{field: {Value: s.Value, Base: s.Base}}}
	if row.By != "" {
		c.Fields[row.By] = wire.Set{Value: number(s.AsOf), Base: s.Base}
	}
	return c
}

func incoming(s step) merge.Incoming {
	return merge.Incoming{Commit: s.commit, Person: s.commit, When: merge.Interval{From: s.At - merge.Slack/2, To: s.At + merge.Slack/2, At: s.At}}
}

func number(n int64) json.RawMessage {
	raw, _ := json.Marshal(n)
	return raw
}

func table(t *testing.T) *rules.Table {
	t.Helper()
	table, err := rules.Load()
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func visit(version int64, commit string) *merge.State {
	return &merge.State{Org: "org", ID: "r", Kind: "contact", Root: "h", Fields: map[string]merge.Field{
		"outcome":    {Value: json.RawMessage(`"met"`), Version: version, Commit: commit},
		"planned_at": {Value: json.RawMessage(`10`), Version: version, Commit: commit},
	}}
}

func set(fields map[string]wire.Set) wire.Change {
	return wire.Change{Org: "org", Kind: "contact", Record: "r", Fields: fields}
}

func TestM1_WhatWasNeverSetIsSetWhateverTheBase(t *testing.T) {
	out := merge.Apply(table(t), visit(3, "x"), set(map[string]wire.Set{"message": {Value: json.RawMessage(`"hi"`), Base: 9}}), "", merge.Incoming{Commit: "c"})
	if f := out.After.Fields["message"]; f.Version != 1 || len(out.Losers) != 0 {
		t.Errorf("got %+v with %d losers", f, len(out.Losers))
	}
}

func TestM2_WhoHasSeenTheCurrentValueSetsIt(t *testing.T) {
	for _, base := range []int64{3, merge.Current} {
		out := merge.Apply(table(t), visit(3, "x"), set(map[string]wire.Set{"outcome": {Value: json.RawMessage(`"refused"`), Base: base}}), "",
			merge.Incoming{Commit: "c", Person: "kim", When: merge.Interval{From: 5, To: 9, At: 7}})
		want := merge.Field{Value: json.RawMessage(`"refused"`), Version: 4, By: "kim", At: 7, Commit: "c"}
		if got := out.After.Fields["outcome"]; !reflect.DeepEqual(got, want) || len(out.Losers) != 0 {
			t.Errorf("base %d: got %+v with %d losers", base, got, len(out.Losers))
		}
	}
}

func TestM3_WhatACommitBuildsOnCountsAsSeen(t *testing.T) {
	c := set(map[string]wire.Set{"outcome": {Value: json.RawMessage(`"refused"`), Base: 2}})
	out := merge.Apply(table(t), visit(3, "mine"), c, "", merge.Incoming{Commit: "c", After: []string{"mine"}})
	if len(out.Losers) != 0 || out.After == nil {
		t.Errorf("a change on top of one's own opened a conflict: %+v", out)
	}
	out = merge.Apply(table(t), visit(3, "theirs"), c, "", merge.Incoming{Commit: "c", After: []string{"mine"}})
	if len(out.Losers) != 1 || out.After != nil {
		t.Errorf("a change that had not seen the other's was simply applied: %+v", out)
	}
}

func TestM5_DifferentFieldsMergeSilently(t *testing.T) {
	before := visit(1, "x")
	a := merge.Apply(table(t), before, set(map[string]wire.Set{"outcome": {Value: json.RawMessage(`"refused"`), Base: 1}}), "", merge.Incoming{Commit: "a"})
	b := merge.Apply(table(t), a.After, set(map[string]wire.Set{"planned_at": {Value: json.RawMessage(`20`), Base: 1}}), "", merge.Incoming{Commit: "b"})
	if len(b.Losers) != 0 || string(b.After.Fields["outcome"].Value) != `"refused"` || string(b.After.Fields["planned_at"].Value) != "20" {
		t.Errorf("got %+v", b)
	}
	if before.Fields["outcome"].Version != 1 || a.After.Fields["planned_at"].Version != 1 {
		t.Error("a state that was handed in was written into")
	}
}

// steps lets people write one text after the other, each on a base, and answers
// the text, the versions of it, and how many values are open.
func texts(t *testing.T, steps ...textStep) (text string, version int64, open int) {
	t.Helper()
	var state *merge.State
	for _, s := range steps {
		value, _ := json.Marshal(s.text)
		out := merge.Apply(table(t), state, set(map[string]wire.Set{"message": {Value: value, Base: s.base}}), "", merge.Incoming{Commit: s.commit, Person: s.commit, After: s.after})
		if out.Verdict != nil {
			t.Fatalf("%s: %+v", s.commit, out.Verdict)
		}
		if out.After != nil {
			state = out.After
		}
		for _, l := range out.Losers {
			if l.Open {
				open++
			}
		}
	}
	f := state.Fields["message"]
	if err := json.Unmarshal(f.Value, &text); err != nil {
		t.Fatal(err)
	}
	return text, f.Version, open
}

type textStep struct {
	commit string
	base   int64
	text   string
	after  []string
}

func TestM18_WhoWroteOnIsMergedWithWhatTheyHadWritten(t *testing.T) {
	text, _, open := texts(t,
		textStep{"s", 0, "Ring på.", nil},
		textStep{"kim-1", 1, "Ring på. Koden är 12.", nil},
		textStep{"alva-1", 1, "Ring på.\nHunden biter.", nil},
		textStep{"alva-2", 1, "Ring på.\nHunden biter. Ta med godis.", []string{"alva-1"}}, // had not seen Kim's
		textStep{"kim-2", 3, "Ring på. Koden är 34.\nHunden biter.", nil},                  // had seen all but alva-2
	)
	if want := "Ring på. Koden är 34.\nHunden biter. Ta med godis."; text != want || open != 0 {
		t.Errorf("got %q with %d open, want %q", text, open, want)
	}
}

func TestM18_AnOwnTextThatWasWrittenOverIsStillTheBase(t *testing.T) {
	text, _, open := texts(t,
		textStep{"s", 0, "Ett.", nil},
		textStep{"kim-1", 1, "Ett. Två.", nil},
		textStep{"alva-1", 1, "Ett. Tre.", nil},
		textStep{"maj", 3, "Ett. Två. Tre. Fyra.", nil},
		textStep{"alva-2", 1, "Ett. Tre. Fem.", []string{"alva-1"}},
	)
	if want := "Ett. Två. Tre. Fyra. Fem."; text != want || open != 0 {
		t.Errorf("got %q with %d open, want %q", text, open, want)
	}
}

func TestM18_ABaseThatIsNotKeptAnyMoreIsLeftToAPerson(t *testing.T) {
	steps := []textStep{{"s", 0, "Början.", nil}}
	for n := range 8 {
		steps = append(steps, textStep{fmt.Sprint("c", n), int64(n + 1), fmt.Sprintf("Början.\nRad %d.", n), nil})
	}
	late := textStep{"late", 1, "Hej.\nBörjan.", nil}
	if text, version, open := texts(t, append(steps, late)...); text != "Hej.\nBörjan.\nRad 7." || version != 10 || open != 0 {
		t.Errorf("8 versions back: %q, version %d, %d open", text, version, open)
	}
	steps = append(steps, textStep{"c8", 9, "Början.\nRad 8.", nil})
	if text, version, open := texts(t, append(steps, late)...); text != "Början.\nRad 8." || version != 10 || open != 1 {
		t.Errorf("9 versions back: %q, version %d, %d open", text, version, open)
	}
}

func TestM18_WhatWouldGrowTooLongIsLeftToAPerson(t *testing.T) {
	a, b := strings.Repeat("a", 499), strings.Repeat("b", 500)
	if text, _, open := texts(t, textStep{"a", 0, a, nil}, textStep{"b", 0, b, nil}); text != a+"\n"+b || open != 0 {
		t.Errorf("%d characters, %d open", len(text), open)
	}
	if text, _, open := texts(t, textStep{"a", 0, a + "a", nil}, textStep{"b", 0, b, nil}); text != a+"a" || open != 1 {
		t.Errorf("%d characters, %d open", len(text), open)
	}
}

// Whatever two people do to a text, nothing that either added is lost, nothing
// comes back that one took away and the other left alone, and the pieces of
// each stay in their order.
func TestM18_RandomTextsLoseNothing(t *testing.T) {
	table, joined := table(t), 0
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 18))
		var base []string
		for range r.IntN(7) {
			base = append(base, string(rune('A'+r.IntN(5)))+".")
		}
		ours, theirs := edited(r, base, "o"), edited(r, base, "t")
		text, ok := joinedText(table, base, ours, theirs)
		if !ok {
			continue // left to a person
		}
		joined++
		got := counts(strings.Fields(text))
		for _, s := range append(slices.Clone(ours), theirs...) {
			if (s[0] == 'o' || s[0] == 't') && got[s] == 0 {
				t.Fatalf("seed %d: %q was added and is not in %q", seed, s, text)
			}
		}
		for s, n := range got {
			if most := max(counts(ours)[s], counts(theirs)[s]); n > most {
				t.Fatalf("seed %d: %q stands %d times in %q, in neither text more than %d", seed, s, n, text, most)
			}
		}
	}
	if joined < 1000 {
		t.Errorf("only %d of 3000 were joined: the test shows little", joined)
	}
}

// edited takes some sentences away and adds others, named by who and where.
func edited(r *rand.Rand, base []string, who string) (out []string) {
	for i, s := range base {
		switch r.IntN(6) {
		case 0: // taken away
		case 1:
			out = append(out, fmt.Sprint(who, i, "."), s)
		default:
			out = append(out, s)
		}
	}
	if r.IntN(3) == 0 {
		out = append(out, who+"end.")
	}
	return out
}

// joinedText lets two people write over base; not ok when somebody has to choose.
func joinedText(table *rules.Table, base, ours, theirs []string) (text string, ok bool) {
	write := func(s []string) json.RawMessage { raw, _ := json.Marshal(strings.Join(s, "\n")); return raw }
	state := &merge.State{Kind: "contact", Fields: map[string]merge.Field{"message": {Value: write(base), Version: 1, Commit: "s"}}}
	for _, s := range [][]string{ours, theirs} {
		c := set(map[string]wire.Set{"message": {Value: write(s), Base: 1}})
		out := merge.Apply(table, state, c, "", merge.Incoming{Commit: fmt.Sprint(s)})
		if out.After != nil {
			state = out.After
		}
		if len(out.Losers) == 1 && out.Losers[0].Open {
			return "", false
		}
	}
	_ = json.Unmarshal(state.Fields["message"].Value, &text)
	return text, true
}

func counts(s []string) map[string]int {
	out := map[string]int{}
	for _, each := range s {
		out[each]++
	}
	return out
}

func TestM15_AFieldWithoutARowIsHeld(t *testing.T) {
	out := merge.Apply(table(t), visit(1, "x"), set(map[string]wire.Set{"weather": {Value: json.RawMessage(`"rain"`)}}), "", merge.Incoming{Commit: "c"})
	if out.Verdict == nil || out.Verdict.Status != wire.Held || out.Verdict.Code != wire.CodeServerTooOld {
		t.Errorf("got %+v", out)
	}
}

func TestM16_AnotherKindUnderTheSameIDIsNotThere(t *testing.T) {
	out := merge.Apply(table(t), visit(1, "x"), wire.Change{Kind: "note", Record: "r", Fields: map[string]wire.Set{"text": {Value: json.RawMessage(`"x"`)}}}, "", merge.Incoming{Commit: "c"})
	if out.Verdict == nil || out.Verdict.Code != wire.CodeNotFound {
		t.Errorf("got %+v", out)
	}
}

func TestM4_EqualValues(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{`"x"`, `"x"`, true}, {`"x"`, `"y"`, false}, {`null`, ``, true}, {`null`, `0`, false}, {`1`, `"1"`, false},
		{`{"a":1,"b":[1,2]}`, ` { "b" : [1, 2], "a" : 1 } `, true}, {`[1,2]`, `[2,1]`, false},
		{`9007199254740993`, `9007199254740992`, false}, {`"\u00e5"`, `"å"`, true},
	} {
		if got := merge.Equal(json.RawMessage(c.a), json.RawMessage(c.b)); got != c.want {
			t.Errorf("Equal(%s, %s) = %v", c.a, c.b, got)
		}
	}
}
