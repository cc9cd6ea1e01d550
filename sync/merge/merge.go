// Package merge applies one change to one record by the table of who wins.
//
// # How it decides
//
// A field whose author had seen the current value is simply set. Otherwise the
// field's row in rules.md decides: its word says which value is current
// afterwards, and the other one comes back as a [Loser] so that the caller can
// keep it. The rules are numbered M1… in sync/SPEC.md.
//
// # What this is not
//
// The package is pure: no I/O, no clock, no memory. It does not ask who may
// write, and it makes no conflict records; package server does both.
package merge

import (
	"encoding/json"
	"slices"
	"strings"

	"bokvar/sync/rules"
	"bokvar/sync/wire"
)

// Current as a Set's base means the version that is there now. Only the house
// may say so; wire turns it down from devices.
const Current = -1

// Slack is how far two corrected clocks may differ (ms) and still count as the
// same time; then the server's order decides.
const Slack = 1000

// Interval is when a change was made, by the server's clock in ms: some time
// from From to To, most likely At.
type Interval struct{ From, To, At int64 }

// Incoming is the commit that a change belongs to.
type Incoming struct {
	Commit string
	Person string
	After  []string // commits it builds on: what they wrote counts as seen
	When   Interval
}

// Outcome is what a change came to.
type Outcome struct {
	After   *State  // nil when nothing changed, or when there is a Verdict
	Losers  []Loser // values that did not win, by field name
	Verdict *Verdict
}

// Loser is a value that did not win. It is not lost: the caller keeps it.
type Loser struct {
	Field string
	Row   *rules.Row
	Won   Field // the current value from now on
	Lost  Field // Version 0 when it never was current
	Open  bool  // somebody has to choose; else the word has decided
}

// Verdict turns the whole commit down.
type Verdict struct {
	Status wire.Status // Refused or Held
	Code   string
}

// Apply applies a change to a record; before is nil when there is none, and
// root is used only then. The same input gives the same output, and nothing
// that was handed in is written into.
func Apply(table *rules.Table, before *State, change wire.Change, root string, in Incoming) Outcome {
	if before != nil && before.Kind != change.Kind {
		return Outcome{Verdict: &Verdict{wire.Refused, wire.CodeNotFound}}
	}
	m := merging{table: table, before: before, change: change, in: in}
	if before == nil {
		m.after = &State{Org: change.Org, ID: change.Record, Kind: change.Kind, Root: root, Fields: make(map[string]Field, len(change.Fields))}
	}
	for _, name := range names(change.Fields) {
		if v := m.field(name, change.Fields[name]); v != nil {
			return Outcome{Verdict: v}
		}
	}
	return Outcome{After: m.after, Losers: m.losers}
}

type merging struct {
	table  *rules.Table
	before *State
	change wire.Change
	in     Incoming
	after  *State // nil until something changes
	losers []Loser
}

func (m *merging) field(name string, set wire.Set) *Verdict {
	row := m.table.Row(m.change.Kind, name)
	if row == nil {
		return &Verdict{wire.Held, wire.CodeServerTooOld}
	}
	current := m.current(name)
	incoming := Field{Value: set.Value, By: m.in.Person, At: m.in.When.At, Commit: m.in.Commit}
	if Equal(current.Value, incoming.Value) {
		return nil
	}
	if current.Version == 0 {
		m.put(name, Succeed(row, current, incoming))
		return nil
	}
	d := m.decide(row, current, set)
	switch {
	case d.verdict != nil:
		return d.verdict
	case d.wins:
		if d.merged != nil {
			incoming.Value, incoming.Wrote = d.merged, set.Value
		}
		m.put(name, Succeed(row, current, incoming))
		if d.loser {
			m.lose(Loser{Field: name, Row: row, Won: m.after.Fields[name], Lost: current})
		}
	case d.loser:
		m.lose(Loser{Field: name, Row: row, Won: current, Lost: incoming, Open: d.open})
	}
	return nil
}

func (m *merging) current(name string) Field {
	if m.before == nil {
		return Field{}
	}
	return m.before.Fields[name]
}

func (m *merging) put(name string, f Field) {
	if m.after == nil {
		m.after = m.before.clone()
	}
	m.after.Fields[name] = f
}

func (m *merging) lose(l Loser) { m.losers = append(m.losers, l) }

// seen says whether the author knew the current value (M2, M3). Of a text that
// was merged from theirs they know only their own part.
func (m *merging) seen(current Field, base int64) bool {
	return base == current.Version || base == Current || current.Wrote == nil && m.own(current.Commit)
}

// own says whether a commit is the one at hand or one that it builds on.
func (m *merging) own(commit string) bool {
	return commit == m.in.Commit || slices.Contains(m.in.After, commit)
}

// decision is what a word makes of two values that differ.
type decision struct {
	wins    bool            // the incoming value becomes current
	loser   bool            // the other one is kept beside it
	open    bool            // and somebody has to choose
	merged  json.RawMessage // what becomes current instead of the incoming value
	verdict *Verdict
}

func (m *merging) decide(row *rules.Row, current Field, set wire.Set) decision {
	switch row.Word { // these look at more than who had seen what
	case rules.Locked:
		return decision{verdict: &Verdict{wire.Refused, wire.CodeLocked}}
	case rules.Hold:
		return decision{verdict: &Verdict{wire.Held, wire.CodeLocked}}
	case rules.LatestImport:
		return decision{wins: m.asOf(row.By) >= asInt(m.current(row.By).Value)}
	}
	if m.seen(current, set.Base) {
		return decision{wins: true}
	}
	switch row.Word {
	case rules.Latest:
		return decision{wins: m.in.When.To >= current.At-Slack, loser: true}
	case rules.MostProtective, rules.Furthest:
		return decision{wins: rank(row, set.Value) > rank(row, current.Value), loser: true}
	case rules.Tick:
		return decision{wins: isTrue(set.Value), loser: true}
	case rules.Keep:
		return decision{wins: isNull(current.Value), loser: true}
	case rules.First:
		return decision{loser: true}
	case rules.MergeText:
		return m.mergeText(row, current, set)
	}
	return decision{loser: true, open: true} // ask, keep-both
}

// asOf is how new the incoming import is: what the change says, else what is there.
func (m *merging) asOf(field string) int64 {
	if set, ok := m.change.Fields[field]; ok {
		return asInt(set.Value)
	}
	return asInt(m.current(field).Value)
}

func names(fields map[string]wire.Set) []string {
	out := make([]string, 0, len(fields))
	for name := range fields {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

func asInt(v json.RawMessage) (n int64) {
	if json.Unmarshal(v, &n) != nil {
		return 0
	}
	return n
}

func isTrue(v json.RawMessage) bool { return strings.TrimSpace(string(v)) == "true" }

// rank is the value's place in the row's order; a value that the order does not
// name comes before all.
func rank(row *rules.Row, v json.RawMessage) int {
	if s := ""; json.Unmarshal(v, &s) == nil && s != "" {
		return row.Rank(s)
	}
	return row.Rank(strings.TrimSpace(string(v)))
}
