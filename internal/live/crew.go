package live

import "time"

// crew does work on goroutines that wait for more when they are done. A new
// goroutine grows its stack by copying, step by step, for every message anew; one
// of the crew has it already.
type crew struct{ work chan func() }

const crewWait = 200 * time.Millisecond // one that has had nothing to do for so long goes

func newCrew() crew { return crew{make(chan func())} }

// do runs f on a goroutine other than the caller's, and does not wait for it.
func (w crew) do(f func()) {
	select {
	case w.work <- f:
	default:
		go w.member(f)
	}
}

func (w crew) member(f func()) {
	idle := time.NewTimer(crewWait)
	defer idle.Stop()
	for {
		f()
		idle.Reset(crewWait)
		select {
		case f = <-w.work:
		case <-idle.C:
			return
		}
	}
}
