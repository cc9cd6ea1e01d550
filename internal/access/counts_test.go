package access

import (
	"fmt"
	"strings"
	"testing"
)

func (c Counts) String() string {
	word := func(n *int) string {
		if n == nil {
			return "–"
		}
		return fmt.Sprint(*n)
	}
	var out []string
	for _, n := range c.Parts {
		out = append(out, word(n))
	}
	return strings.Join(out, " ") + " = " + word(c.Total)
}

func TestFewIsKeptBack(t *testing.T) {
	for _, c := range []struct {
		parts []int
		want  string
	}{
		{[]int{}, " = –"},
		{[]int{4}, "– = –"},
		{[]int{5}, "5 = 5"},
		{[]int{12, 7, 9, 30, 6}, "12 7 9 30 6 = 64"},
		{[]int{12, 1, 9, 30, 6}, "– – 9 30 6 = 58"},   // one alone would be 58 without the others
		{[]int{12, 0, 9, 30, 6}, "– – 9 30 6 = 57"},   // nobody is few
		{[]int{12, 7, 9, 30, 1}, "12 7 – – – = 59"},   // the last three are kept back together
		{[]int{1, 2, 9, 30, 6}, "– – – – – = 48"},     // three together would be told by the total
		{[]int{4, 1, 9, 30, 6}, "– – 9 30 6 = 50"},    // five together are not
		{[]int{0, 0, 0, 0, 4}, "– – – – – = –"},       // all are few together
		{[]int{1, 1, 1, 1, 1}, "– – – – – = 5"},       //
		{[]int{9, 9, 0, 1, 8, 8}, "9 9 – – – – = 35"}, // the next ones go with what is few together
		{[]int{9, 9, 8, 8, 0, 1}, "– – 8 8 – – = 35"}, // after the last come the first
	} {
		if got := Few(c.parts, 5).String(); got != c.want {
			t.Errorf("%v: told is %s, want %s", c.parts, got, c.want)
		}
	}
}

// Whoever knows the rule, and goes through every table that there could be behind what
// they are told, finds for each part that is kept back all the numbers that are few: it
// can be told from none of them.
func TestNobodyCanWorkOutWhatIsFew(t *testing.T) {
	const least = 3 // as good as any other: what counts is below, at and above it
	for parts, most := range []int{0, 20, 14, 10, 8, 7, 5} {
		behind := map[string][]map[int]bool{} // what is told, the values that each part may have
		told := map[string]Counts{}
		row := make([]int, parts)
		var all func(at int)
		all = func(at int) {
			if at < parts {
				for row[at] = 0; row[at] <= most; row[at]++ {
					all(at + 1)
				}
				return
			}
			c := Few(row, least)
			key := c.String()
			if behind[key] == nil {
				told[key], behind[key] = c, make([]map[int]bool, parts)
				for i := range behind[key] {
					behind[key][i] = map[int]bool{}
				}
			}
			for i, n := range row {
				behind[key][i][n] = true
				if c.Parts[i] != nil && (*c.Parts[i] != n || n < least) {
					t.Fatalf("%v: part %d is told as %d", row, i, *c.Parts[i])
				}
			}
		}
		all(0)
		compared := 0
		for key, values := range behind {
			back := 0 // what is kept back, together
			if total := told[key].Total; total != nil {
				back = *total
			}
			for _, n := range told[key].Parts {
				if n != nil {
					back -= *n
				}
			}
			if back > most {
				continue // of these not every table was made
			}
			compared++
			for i := range values {
				for few := range least {
					if told[key].Parts[i] == nil && !values[i][few] {
						t.Errorf("of %d parts, told %s: part %d cannot be %d", parts, key, i, few)
					}
				}
			}
		}
		if parts > 1 && compared < 10 {
			t.Errorf("of %d parts only %d tables were compared", parts, compared)
		}
	}
}
