package demo

import (
	_ "embed"
	"math/rand/v2"
	"strings"
)

//go:embed test-numbers.txt
var testNumbers string

// group is an age group that the work looks at.
type group int

const (
	young  group = iota // 18 to 25
	middle              // neither
	old                 // 65 and over
)

// pool hands out test numbers, each once.
type pool struct {
	free map[group][]string
}

func newPool(r *rand.Rand) *pool {
	p := &pool{free: map[group][]string{}}
	for _, n := range strings.Split(testNumbers, "\n") {
		if len(n) != 12 || n == nadiasNumber {
			continue
		}
		g := middle
		switch year := n[:4]; {
		case year >= "2001":
			g = young
		case year <= "1960":
			g = old
		}
		p.free[g] = append(p.free[g], n)
	}
	for _, g := range []group{young, middle, old} {
		list := p.free[g]
		r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	}
	return p
}

// take hands out a number of the group, and one of a neighbouring group when it is empty.
func (p *pool) take(g group) string {
	for _, from := range []group{g, middle, old, young} {
		if n := len(p.free[from]); n > 0 {
			number := p.free[from][n-1]
			p.free[from] = p.free[from][:n-1]
			return number
		}
	}
	return ""
}

// isWoman reads the sex out of a number: the last digit but one is even.
func isWoman(number string) bool { return len(number) == 12 && (number[10]-'0')%2 == 0 }

// dashed writes a number the way lists do: 19900602-2397.
func dashed(number string) string {
	if len(number) != 12 {
		return number
	}
	return number[:8] + "-" + number[8:]
}
