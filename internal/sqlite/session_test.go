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
		must(t, db.TouchSession(hash, now.Add(time.Minute)))
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
