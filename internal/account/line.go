package account

import "sync"

// line lets few through at a time, and the others in the order in which they came; but
// those who have failed lately, or crowd, stand aside while others wait: fifty who
// guess codes keep nobody long who has one. Every fourth turn is theirs nevertheless,
// so that nobody waits for ever.
type line struct {
	mu      sync.Mutex
	free    int
	turns   int
	waiting [2][]chan struct{} // those who go first, those who stand aside
	crowd   map[string]int     // waiting or let through, by address
}

const (
	few       = 3 // in the line at once from the same address
	asideTurn = 4
)

func newLine(atOnce int) *line { return &line{free: atOnce, crowd: map[string]int{}} }

// ask takes a place. What it returns is closed when it is one's turn; leave must follow.
func (l *line) ask(address string, failures int) (turn <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := 0
	if failures > 0 || l.crowd[address] >= few {
		at = 1
	}
	l.crowd[address]++
	place := make(chan struct{})
	l.waiting[at] = append(l.waiting[at], place)
	l.next()
	return place
}

// leave gives the turn to the next.
func (l *line) leave(address string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.crowd[address]--; l.crowd[address] == 0 {
		delete(l.crowd, address)
	}
	l.free++
	l.next()
}

func (l *line) next() {
	for l.free > 0 && len(l.waiting[0])+len(l.waiting[1]) > 0 {
		l.turns++
		at := 0
		if len(l.waiting[0]) == 0 || l.turns%asideTurn == 0 && len(l.waiting[1]) > 0 {
			at = 1
		}
		close(l.waiting[at][0])
		l.waiting[at] = l.waiting[at][1:]
		l.free--
	}
}
