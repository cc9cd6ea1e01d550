package merge_test

import (
	"encoding/json"
	"testing"
	"unicode/utf8"

	"bokvar/sync/merge"
	"bokvar/sync/rules"
	"bokvar/sync/wire"
)

// FuzzMergeText: whatever two people make of a text, it is joined within its
// length or left to a person; who changed nothing takes nothing away.
func FuzzMergeText(f *testing.F) {
	f.Add("Ring på. Koden är 1234.", "Ring inte på. Koden är 1234.", "Ring på. Koden är 1234.\nHej.")
	f.Add("", "a", "b")
	f.Add("a\r\n\u2028b", "a\r\n", "\u2028b")
	rules, err := rules.Load()
	if err != nil {
		f.Fatal(err)
	}
	write := func(s string) json.RawMessage { raw, _ := json.Marshal(s); return raw }
	f.Fuzz(func(t *testing.T, base, ours, theirs string) {
		if !utf8.ValidString(base + ours + theirs) {
			return
		}
		put := func(state *merge.State, commit, text string) merge.Outcome {
			return merge.Apply(rules, state, set(map[string]wire.Set{"message": {Value: write(text), Base: 1}}), "", merge.Incoming{Commit: commit})
		}
		start := &merge.State{Kind: "contact", Fields: map[string]merge.Field{"message": {Value: write(base), Version: 1, Commit: "s"}}}
		state := start
		if out := put(start, "o", ours); out.After != nil {
			state = out.After
		}
		out := put(state, "t", theirs)
		if len(out.Losers) == 1 && out.Losers[0].Open {
			if out.After != nil {
				t.Fatal("left to a person, and changed")
			}
			return
		}
		if out.After != nil {
			state = out.After
		}
		var text string
		if err := json.Unmarshal(state.Fields["message"].Value, &text); err != nil {
			t.Fatalf("%s: %v", state.Fields["message"].Value, err)
		}
		longest := max(1000, utf8.RuneCountInString(ours), utf8.RuneCountInString(theirs))
		switch {
		case utf8.RuneCountInString(text) > longest:
			t.Fatalf("%d characters", utf8.RuneCountInString(text))
		case ours == base && text != theirs, theirs == base && text != ours:
			t.Fatalf("from %q, %q and %q became %q", base, ours, theirs, text)
		}
	})
}
