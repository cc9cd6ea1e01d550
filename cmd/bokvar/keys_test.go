package main

import (
	"context"
	"encoding/hex"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"bokvar/internal/casework"
	"bokvar/internal/demo"
	"bokvar/internal/seal"
)

// The master key changes while the server takes work in; nothing waits, nothing is lost.
func TestMasterKeyRotatesWhileTheServerRuns(t *testing.T) {
	data := town(t)
	r := start(t, data)
	waitForControl(t, data)
	stop, done := make(chan struct{}), make(chan struct{})
	var written atomic.Int32
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			default:
			}
			household := uuid.NewString() // a new key with each commit
			err := houseWriter{r.core.engine}.Write(demo.Landlord, "", []casework.HouseChange{{Kind: "household", Record: household, Fields: map[string]any{"street": "Provgatan 1"}}})
			if err != nil {
				t.Error(err)
				return
			}
			written.Add(1)
		}
	}()
	for n := 0; n < 5 || written.Load() < 5 && !t.Failed(); n++ { // and households were written meanwhile, however slow the disk is
		do(t, 0, "keys", "rotate", "-data", data)
		do(t, 0, "keys", "copy", "-data", data)
	}
	close(stop)
	<-done
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	do(t, 0, "verify", "-data", data)
	copies, err := filepath.Glob(filepath.Join(data, "keys", "copies", "roots-*.keys"))
	if err != nil || len(copies) != 1 {
		t.Errorf("copies: %v, %v", copies, err)
	}
}

// A master key that is kept elsewhere is replaced by the one in a file.
func TestMasterKeyKeptElsewhere(t *testing.T) {
	data, elsewhere := t.TempDir(), t.TempDir()
	next := filepath.Join(elsewhere, "next")
	t.Setenv(seal.EnvKey, hex.EncodeToString(make([]byte, 32)))
	do(t, 0, "org", "add", "-data", data, "-id", "hem", "-name", "Hem", "-kind", "landlord")
	if _, err := os.Stat(filepath.Join(data, "keys", "master.key")); err == nil {
		t.Error("the master key was written to the data folder")
	}
	if _, errs := do(t, 1, "keys", "rotate", "-data", data); !strings.Contains(errs, "say which one comes next") {
		t.Error(errs)
	}
	do(t, 0, "keys", "rotate", "-data", data, "-to", next)
	if _, errs := do(t, 1, "verify", "-data", data); !strings.Contains(errs, "after a rotation") {
		t.Error(errs)
	}
	t.Setenv(seal.EnvKey, "")
	if _, errs := do(t, 1, "verify", "-data", data); !strings.Contains(errs, "the master key is missing") {
		t.Error(errs)
	}
	t.Setenv(seal.EnvFile, next)
	do(t, 0, "verify", "-data", data)
}

// A start copies the keys once, and each new day does.
func TestKeysAreCopiedOnceADay(t *testing.T) {
	c := defaults()
	c.Addr, c.Data = "127.0.0.1:0", town(t)
	out := &keptLog{}
	p, err := New(c, logger(out, slog.LevelInfo))
	if err != nil {
		t.Fatal(err)
	}
	copies := func() []string {
		t.Helper()
		found, err := filepath.Glob(filepath.Join(c.Data, "keys", "copies", "roots-*.keys"))
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	if len(copies()) != 1 {
		t.Fatalf("copies: %v", copies())
	}
	if err := os.Remove(copies()[0]); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	for deadline := time.Now().Add(2 * time.Minute); !out.has("audit head"); { // said when the day was begun
		if time.Now().After(deadline) {
			t.Fatal("the day was not begun")
		}
		time.Sleep(10 * time.Millisecond)
	}
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if len(copies()) != 0 {
		t.Errorf("the keys were copied twice: %v", copies())
	}

	o, err := openCore(c)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = o.close() }()
	now := time.Now()
	o.clock = func() time.Time { return now }
	for day := range 2 {
		now = now.AddDate(0, 0, day)
		if err := o.newDay(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		if len(copies()) != day+1 {
			t.Errorf("on day %d: %v", day, copies())
		}
	}
}
