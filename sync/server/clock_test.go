package server_test

import (
	"testing"

	"bokvar/sync/wire"
)

// at sets the server's clock.
func (h *house) at(now int64) {
	h.mu.Lock()
	h.now = now
	h.mu.Unlock()
}

func TestS15_LatestCorrectsClocks(t *testing.T) {
	const minute = 60_000
	for _, c := range []struct {
		name         string
		skewA, skewB int64 // how far each phone's clock is ahead
		a, b         int64 // when each wrote, minutes after noon, true time; a arrives first
		hello        bool  // before they wrote
		want         string
	}{
		{"right clocks: the later one", 0, 0, 20, 10, true, `"a"`},
		{"a clock that is an hour ahead does not win by it", 0, 60, 20, 10, true, `"a"`},
		{"a clock that is a day behind does not lose by it", -1440, 0, 20, 10, true, `"a"`},
		{"the same time: the server's order", 0, 0, 10, 10, true, `"b"`},
		{"no hello, no correction: the server's order", 0, 60, 20, 10, false, `"b"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHouse(t)
			h.item("i1", "kim", "alva")
			for person, skew := range map[string]int64{"kim": c.skewA, "alva": c.skewB} {
				if c.hello {
					h.Hello(author(person), wire.Hello{Versions: []int{1}, Device: person + "-phone", Clock: noon + skew*minute})
				}
			}
			h.at(noon + 30*minute)
			a, b := commit("a", change("item", "i1", fields{"title": "a"}, 1)), commit("b", change("item", "i1", fields{"title": "b"}, 1))
			a.At, b.At = noon+(c.a+c.skewA)*minute, noon+(c.b+c.skewB)*minute
			h.want(h.send("kim", a), wire.Saved, "")
			h.want(h.send("alva", b), wire.Saved, "")
			if got := h.field("i1", "title"); got != c.want {
				t.Errorf("%s won, want %s", got, c.want)
			}
		})
	}
}

// A phone whose clock was moved while it was away cannot date a change before
// its last contact, nor after its arrival.
func TestS15_AChangeLiesBetweenTheLastContactAndItsArrival(t *testing.T) {
	h := newHouse(t)
	h.item("i1", "kim")
	hello := wire.Hello{Versions: []int{1}, Device: "kim", Clock: noon}
	h.Hello(author("kim"), hello)
	h.at(noon + 100_000)
	for n, c := range []struct{ at, want int64 }{{noon - 900_000, noon}, {noon + 50_000, noon + 50_000}, {noon + 900_000, noon + 100_000}} {
		// the clock was right at hello, then wrote, and a second hello brings it in
		w := commit(string(rune('a'+n)), change("item", "i1", fields{"title": n}, int64(n+1)))
		w.At = c.at
		if n == 0 {
			h.Hello(author("kim"), wire.Hello{Versions: []int{1}, Device: "kim", Clock: noon + 100_000})
		}
		h.want(h.send("kim", w), wire.Saved, "")
		if got := h.record("i1").Fields["title"].At; got != c.want {
			t.Errorf("dated %d, want %d", got-noon, c.want-noon)
		}
	}
}
