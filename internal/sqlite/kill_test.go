package sqlite

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"bokvar/sync/server"
	"bokvar/sync/wire"
)

const killFolder = "BOKVAR_KILL_FOLDER" // set for the child: where it writes until it is killed

// TestKilledWhileWriting kills a process that writes bursts of commits, fifty
// times. Whatever it had acknowledged is there, nothing is there twice, and
// everything opens.
func TestKilledWhileWriting(t *testing.T) {
	if dir := os.Getenv(killFolder); dir != "" {
		writeUntilKilled(t, dir)
		return
	}
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 0))
	dir := t.TempDir()
	acknowledged := 0
	for round := range 50 {
		last := killedAt(t, dir, 1+random.IntN(150), time.Duration(random.IntN(8000))*time.Microsecond)
		acknowledged = max(acknowledged, last) // less when it was killed while sending old ones again
		checkKilled(t, dir, acknowledged, fmt.Sprintf("seed %d, round %d", seed, round))
	}
	if acknowledged < 500 {
		t.Fatalf("only %d commits were acknowledged in all: that tries nothing", acknowledged)
	}
}

// killedAt starts a child, lets it acknowledge some commits, kills it a moment
// later, and returns the last commit that it acknowledged.
func killedAt(t *testing.T, dir string, acks int, later time.Duration) (last int) {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^TestKilledWhileWriting$")
	child.Env = append(os.Environ(), killFolder+"="+dir)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	must(t, err)
	must(t, child.Start())
	lines := bufio.NewScanner(out)
	for seen := 0; lines.Scan(); seen++ {
		n, err := strconv.Atoi(lines.Text())
		if err != nil {
			t.Fatalf("the child said %q", lines.Text())
		}
		last = n
		if seen == acks {
			time.AfterFunc(later, func() { _ = child.Process.Kill() })
		}
	}
	if err := child.Wait(); err == nil || child.ProcessState.Exited() {
		t.Fatalf("the child ended by itself: %v", err)
	}
	return last
}

// writeUntilKilled goes on where the last child stopped, in transactions of 1 to
// 50 commits, and sends the last 60 commits again first, as a phone without
// receipts would. It prints each commit's number once it is on disk.
func writeUntilKilled(t *testing.T, dir string) {
	db := open(t, dir, 0)
	next := 0
	must(t, db.Read(func(tx server.Tx) error {
		for ; ; next++ {
			if kept, err := tx.Commit("org", killID(next)); err != nil || kept == nil {
				return err
			}
		}
	}))
	for n := max(0, next-60); ; {
		group := 1 + rand.IntN(50)
		must(t, db.Write(func(tx server.Tx) error {
			for i := n; i < n+group; i++ {
				if err := tx.Savepoint(func() error { return killCommit(tx, i) }); err != nil {
					return err
				}
			}
			return nil
		}))
		for i := n; i < n+group; i++ {
			fmt.Println(i)
		}
		n += group
	}
}

func killID(n int) string { return fmt.Sprintf("commit-%06d", n) }

// killCommit applies commit n unless it is known: a record of its own, in a root
// that is new every third time, and one more on the tally.
func killCommit(tx server.Tx, n int) error {
	if kept, err := tx.Commit("org", killID(n)); err != nil || kept != nil {
		return err
	}
	tally, err := tx.Record("org", "tally")
	if err != nil {
		return err
	}
	if tally == nil {
		tally = &server.State{Org: "org", ID: "tally", Kind: "note"}
	}
	count := tally.Fields["n"].Version + 1
	number, err := tx.NextNumber("kim")
	if err != nil {
		return err
	}
	value, err := json.Marshal(n)
	if err != nil {
		return err
	}
	root := fmt.Sprint("root-", n/3)
	for _, s := range []*server.State{
		{Org: "org", ID: "tally", Kind: "note", Fields: map[string]server.Field{"n": {Value: value, Version: count}}},
		{Org: "org", ID: killID(n), Kind: "note", Root: root, Fields: map[string]server.Field{"n": {Value: value, Version: 1}}},
	} {
		if err := tx.PutRecord(s); err != nil {
			return err
		}
		if _, err := tx.PutInbox("jonna", server.InboxRow{Org: "org", Record: s.ID}); err != nil {
			return err
		}
	}
	return tx.PutCommit(&server.Kept{
		Author:  server.Author{Person: "kim", Org: "org", Device: "phone"},
		Receipt: wire.Receipt{Commit: killID(n), Status: wire.Saved, Number: number},
		Roots:   []server.RootPayload{{Org: "org", Root: root, Payload: value, Records: []string{killID(n)}}},
	})
}

// checkKilled opens what a killed child left.
func checkKilled(t *testing.T, dir string, acknowledged int, when string) {
	t.Helper()
	db, err := Open(Options{Dir: dir})
	if err != nil {
		t.Fatalf("%s: %v", when, err)
	}
	defer db.Close()
	v, err := db.Verify()
	if err != nil {
		t.Fatalf("%s: %v", when, err)
	}
	if v.Commits <= int64(acknowledged) {
		t.Fatalf("%s: %d commits, but number %d was acknowledged", when, v.Commits, acknowledged)
	}
	if v.AuditRows != v.Commits+1 /* the first says that the tables were counted */ || v.Records != v.Commits+1 {
		t.Fatalf("%s: %+v: something is half there", when, v)
	}
	must(t, db.Read(func(tx server.Tx) error {
		tally, err := tx.Record("org", "tally")
		if err != nil || tally.Fields["n"].Version != v.Commits {
			t.Fatalf("%s: the tally says %+v, %v; want each of %d commits once", when, tally, err, v.Commits)
		}
		numbers := map[int64]bool{}
		for n := range int(v.Commits) {
			kept, err := tx.Commit("org", killID(n))
			if err != nil || kept == nil || numbers[kept.Receipt.Number] {
				t.Fatalf("%s: commit %d is %+v, %v; want it there with a number of its own", when, n, kept, err)
			}
			numbers[kept.Receipt.Number] = true
		}
		rows, err := tx.InboxAfter("jonna", 0, int(v.Commits)+2)
		if err != nil || int64(len(rows)) != v.Commits+1 {
			t.Fatalf("%s: %d inbox rows, %v; want one for each of %d records", when, len(rows), err, v.Commits+1)
		}
		return nil
	}))
}
