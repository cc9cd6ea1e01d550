package merge_test

import (
	"encoding/json"
	"reflect"
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
