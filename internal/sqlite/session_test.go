package sqlite

import (
	"bytes"
	"strconv"
	"sync"
	"testing"
	"time"

	"bokvar/internal/casework"
)

// A session is kept in memory, and what was changed is seen at once all the same:
// also by those who look it up while it is being changed.
func TestASessionThatEndedIsNeverFoundAgain(t *testing.T) {
	db := open(t, t.TempDir(), 0)
	town(t, db)
	now := time.Now().Truncate(time.Millisecond)
	for round := range 30 {
		hash := []byte("session " + strconv.Itoa(round))
		must(t, db.PutSession(casework.Session{Hash: hash, Person: "kim", Device: "phone", Made: now, Seen: now, Expires: now.Add(time.Hour)}))
		stop := make(chan struct{})
		var looking sync.WaitGroup
		for range 4 {
			looking.Go(func() {
				for {
					if _, err := db.FindSession(hash); err != nil {
						t.Error(err)
					}
					select {
					case <-stop:
						return
					default:
					}
				}
			})
		}
		must(t, db.SetProof(hash, []byte("proof")))
		must(t, db.UseSession(casework.Session{Hash: hash, Seen: now.Add(time.Minute)}, 0))
		found, err := db.FindSession(hash)
		if err != nil || found == nil || !bytes.Equal(found.Proof, []byte("proof")) || !found.Seen.Equal(now.Add(time.Minute)) || !found.Expires.Equal(now.Add(time.Hour+time.Minute)) {
			t.Fatalf("after it was used: %+v, %v", found, err)
		}
		switch round % 3 {
		case 0:
			must(t, db.EndSession(hash))
		case 1:
			must(t, db.EndSessionsOf("kim"))
		case 2:
			must(t, db.EndSessionsOn("kim", "phone"))
		}
		found, err = db.FindSession(hash)
		close(stop)
		looking.Wait()
		again, _ := db.FindSession(hash)
		if err != nil || found != nil || again != nil {
			t.Fatalf("after it ended: %+v, %+v, %v", found, again, err)
		}
	}
}

// Of two who use a session at the same moment, each as they read it, the later one takes
// nothing back: not that the next value was seen, not that it counts alone, not the time.
func TestWhoUsesASessionAtTheSameMomentTakesNothingBack(t *testing.T) {
	db := open(t, t.TempDir(), 0)
	town(t, db)
	now := time.Now().Truncate(time.Millisecond)
	at := func(minutes int) time.Time { return now.Add(time.Duration(minutes) * time.Minute) }
	begun := casework.Session{Hash: []byte("s"), Person: "kim", Device: "phone", Made: now, Seen: now, Expires: at(60)}
	must(t, db.PutSession(begun))
	for what, c := range []struct {
		used casework.Session
		from int64
		want casework.Session // Number, Since, Newer, Seen
	}{
		{casework.Session{Newer: at(5), Seen: at(5)}, 0, casework.Session{Newer: at(5), Seen: at(5)}}, // the next one was seen
		{casework.Session{Seen: at(4)}, 0, casework.Session{Newer: at(5), Seen: at(5)}},               // read before that
		{casework.Session{Number: 1, Since: at(5), Seen: at(6)}, 0, casework.Session{Number: 1, Since: at(5), Seen: at(6)}},
		{casework.Session{Number: 1, Since: at(7), Seen: at(8)}, 0, casework.Session{Number: 1, Since: at(5), Seen: at(8)}},
		{casework.Session{Number: 7, Since: at(9), Newer: at(9), Seen: at(8)}, 1, casework.Session{Number: 7, Since: at(9), Newer: at(9), Seen: at(8)}}, // after a restored backup
	} {
		c.used.Hash = begun.Hash
		must(t, db.UseSession(c.used, c.from))
		got, err := db.FindSession(begun.Hash)
		must(t, err)
		if got.Number != c.want.Number || !got.Since.Equal(c.want.Since) || !got.Newer.Equal(c.want.Newer) || !got.Seen.Equal(c.want.Seen) || !got.Expires.Equal(at(60).Add(c.want.Seen.Sub(now))) {
			t.Errorf("%d: %+v, want %+v", what, got, c.want)
		}
	}
}

func TestADeviceThatIsBlockedIsSeenInItsSessionAtOnce(t *testing.T) {
	db := open(t, t.TempDir(), 0)
	town(t, db)
	now := time.Now()
	must(t, db.PutDevice(casework.Device{Person: "kim", ID: "phone", Locker: "locker", Name: "phone", Made: now, Seen: now}))
	must(t, db.PutSession(casework.Session{Hash: []byte("s"), Person: "kim", Device: "phone", Made: now, Seen: now, Expires: now.Add(time.Hour)}))
	state := casework.DeviceActive
	for _, next := range []casework.DeviceState{casework.DeviceBlocked, casework.DeviceActive, casework.DeviceWipe} {
		if found, err := db.FindSession([]byte("s")); err != nil || found == nil || found.State != state {
			t.Fatalf("%+v, %v, want %s", found, err, state)
		}
		moved, err := db.SetDeviceState("kim", "phone", next, now, state)
		if err != nil || !moved {
			t.Fatal(moved, err)
		}
		if found, err := db.FindSession([]byte("s")); err != nil || found == nil || found.State != next {
			t.Errorf("%+v, %v, want %s", found, err, next)
		}
		state = next
	}
}

func TestSessionsInMemoryAreBounded(t *testing.T) {
	var s sessions
	for i := range 3 * sessionCount {
		s.keep(casework.Session{Hash: []byte(strconv.Itoa(i))}, 0)
		if len(s.known) > sessionCount {
			t.Fatalf("%d sessions are kept", len(s.known))
		}
	}
}
