package access

// Counts is how many there are of each of several things, as it may be told to
// another organisation. What is nil is kept back.
type Counts struct {
	Total *int
	Parts []*int
}

// Few makes of numbers what may be told where less than least is few.
//
// Nobody who is told, and who knows this rule, can tell a number that is few from any
// other that is: not by what is shown, not by taking the shown ones from the total,
// and not by which are kept back. Zero is few: that nobody is left says as much as that
// one is.
//
// Parts that stand beside each other are kept back together, two and two (the last three
// when there is an odd one): a single one would be the total without the others. Where
// what is kept back is few together, its neighbours are kept back as well. A total that
// is few is kept back with all of its parts.
func Few(parts []int, least int) Counts {
	total := 0
	for _, n := range parts {
		total += n
	}
	told := Counts{Parts: make([]*int, len(parts))}
	if total < least {
		return told
	}
	told.Total = &total
	back := keptBack(parts, least)
	for i := range parts {
		if n := parts[i]; !back[blockOf(i, len(parts))] {
			told.Parts[i] = &n
		}
	}
	return told
}

// keptBack says which blocks are: those in which something is few, and then the next
// ones until what is kept back is not few together.
func keptBack(parts []int, least int) []bool {
	blocks := max(len(parts)/2, 1)
	back, sums := make([]bool, blocks), make([]int, blocks)
	for i, n := range parts {
		at := blockOf(i, len(parts))
		back[at] = back[at] || n < least
		sums[at] += n
	}
	hidden, last, any := 0, 0, false
	for i := range back {
		if back[i] {
			hidden, last, any = hidden+sums[i], i, true
		}
	}
	for step := 1; any && hidden < least && step < blocks; step++ {
		if next := (last + step) % blocks; !back[next] {
			back[next], hidden = true, hidden+sums[next]
		}
	}
	return back
}

// blockOf is the block that a part is kept back with.
func blockOf(part, parts int) int { return min(part/2, max(parts/2, 1)-1) }
