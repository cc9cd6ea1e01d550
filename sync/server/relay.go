package server

import "sync"

// relay hands values to one function, in order, on a goroutine of its own, and
// never makes the sender wait. It lets the After hook call back into the engine.
type relay[T any] struct {
	mu      sync.Mutex
	wake    *sync.Cond
	waiting []T
	closed  bool
	done    chan struct{}
}

func newRelay[T any](f func(T)) *relay[T] {
	r := &relay[T]{done: make(chan struct{})}
	r.wake = sync.NewCond(&r.mu)
	go r.run(f)
	return r
}

func (r *relay[T]) run(f func(T)) {
	defer close(r.done)
	for {
		r.mu.Lock()
		for len(r.waiting) == 0 && !r.closed {
			r.wake.Wait()
		}
		batch := r.waiting
		r.waiting = nil
		r.mu.Unlock()
		if len(batch) == 0 {
			return
		}
		for _, v := range batch {
			if f != nil {
				f(v)
			}
		}
	}
}

// send never blocks.
func (r *relay[T]) send(v T) {
	r.mu.Lock()
	r.waiting = append(r.waiting, v)
	r.mu.Unlock()
	r.wake.Signal()
}

// close waits until everything that was sent has been handed on.
func (r *relay[T]) close() {
	r.mu.Lock()
	r.closed = true
	r.mu.Unlock()
	r.wake.Signal()
	<-r.done
}
