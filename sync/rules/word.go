package rules

// Word says who wins when two people changed the same field without knowing of
// each other. The list is closed: a new need is a new word with its own tests.
// What each does is rule M5 and following of sync/SPEC.md.
type Word string

const (
	Latest         Word = "latest"
	First          Word = "first"
	KeepBoth       Word = "keep-both"
	MostProtective Word = "most-protective" // (least<…<most)
	Locked         Word = "locked"
	Ask            Word = "ask"
	Tick           Word = "tick"
	Furthest       Word = "furthest" // (first<…<last)
	LatestImport   Word = "latest-import"
	Keep           Word = "keep"
	Hold           Word = "hold"
	MergeText      Word = "merge-text" // (greatest length, in characters)
)

// parameter is what a word carries in parentheses.
type parameter int

const (
	none  parameter = iota
	order           // values, smallest first: (a<b<c)
	field           // a field of the same record: (as_of)
	limit           // a number, from 1: (1000)
)

var words = map[Word]parameter{
	Latest: none, First: none, KeepBoth: none, MostProtective: order, Locked: none, Ask: none,
	Tick: none, Furthest: order, LatestImport: field, Keep: none, Hold: none, MergeText: limit,
}

// Words lists every word.
func Words() []Word {
	return []Word{Latest, First, KeepBoth, MostProtective, Locked, Ask, Tick, Furthest, LatestImport, Keep, Hold, MergeText}
}
