package account

import (
	"fmt"
	"testing"
)

func isTurn(place <-chan struct{}) bool {
	select {
	case <-place:
		return true
	default:
		return false
	}
}

// Fifty who guess stand in the line; who comes after them and has not failed goes
// ahead, and they get every fourth turn.
func TestWhoHasNotFailedGoesAhead(t *testing.T) {
	l := newLine(2)
	l.ask("a", 0)
	l.ask("b", 0) // both are at it
	var guessing, others []<-chan struct{}
	for i := range 50 {
		guessing = append(guessing, l.ask(fmt.Sprint("guesser-", i), 1))
	}
	for i := range 8 {
		others = append(others, l.ask(fmt.Sprint("person-", i), 0))
	}
	turns := func(places []<-chan struct{}) (n int) {
		for _, place := range places {
			if isTurn(place) {
				n++
			}
		}
		return n
	}
	if turns(guessing)+turns(others) > 0 {
		t.Fatal("more than two are at it")
	}
	for range 8 {
		l.leave("a")
	}
	if n, m := turns(others), turns(guessing); n != 6 || m != 2 {
		t.Errorf("after eight turns %d who had not failed had theirs, and %d guessers", n, m)
	}
	for i := 1; i < len(others); i++ {
		if isTurn(others[i]) && !isTurn(others[i-1]) {
			t.Errorf("%d came before %d", i, i-1)
		}
	}
	for range 50 {
		l.leave("b")
	}
	if turns(others) != len(others) || turns(guessing) != len(guessing) {
		t.Error("somebody waits for ever")
	}
}

// Whoever sends many at once from one address stands aside as well, before one failed.
func TestACrowdFromOneAddressStandsAside(t *testing.T) {
	l := newLine(1)
	l.ask("somebody", 0)
	for range 100 {
		l.ask("crowd", 0)
	}
	colleague := l.ask("person", 0)
	for range few + 2 {
		l.leave("x")
	}
	if !isTurn(colleague) {
		t.Error("a hundred from one address keep the others")
	}
}
