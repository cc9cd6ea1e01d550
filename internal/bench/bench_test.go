package bench

import (
	"strings"
	"testing"
	"time"

	"os"
)

func TestQuantile(t *testing.T) {
	var sorted []time.Duration
	for i := range 100 {
		sorted = append(sorted, time.Duration(i+1)*time.Millisecond)
	}
	for _, c := range []struct {
		q    float64
		want float64
	}{{0, 1}, {.5, 51}, {.99, 100}, {1, 100}} {
		if got := quantile(sorted, c.q); got != c.want {
			t.Errorf("quantile %v is %v ms, want %v", c.q, got, c.want)
		}
	}
	if quantile(nil, .5) != 0 {
		t.Error("nothing has a quantile")
	}
}

func TestFiguresAreMediansInOrder(t *testing.T) {
	s := newSample()
	for _, v := range []float64{30, 10, 20} {
		s.add("b first", "ms", v)
		s.add("a second", "1/s", v*100)
	}
	got := s.figures("W9")
	want := []Figure{
		{"W9", "b first", "ms", 20, 10, 30, 3},
		{"W9", "a second", "1/s", 2000, 1000, 3000, 3},
	}
	if len(got) != len(want) {
		t.Fatalf("%d figures: %+v", len(got), got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("figure %d is %+v, want %+v", i, got[i], want[i])
		}
	}
}

func TestUnknownWorkloadIsAnError(t *testing.T) {
	if _, err := Run(Config{Only: []string{"W1", "w7"}}); err == nil || !strings.Contains(err.Error(), "w7") {
		t.Errorf("W7 is %v", err)
	}
}

func report() Report {
	return Report{Machine: "a machine", Setting: "a setting", Figures: []Figure{
		{"W1", "records/s", "1/s", 4000, 3500, 4200, 3},
		{"W3", "nothing new, p50", "ms", 1.5, 1.4, 1.9, 3},
		{"W4", "memory per idle device", "kB", 30, 29, 31, 3},
		{"W5", "idle memory", "MB", 25, 25, 26, 3},
	}}
}

func TestPrintedTable(t *testing.T) {
	var out strings.Builder
	if err := report().Print(&out); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"a machine", "a setting", "4000", "1.40–1.90"} {
		if !strings.Contains(out.String(), line) {
			t.Errorf("%q is missing in\n%s", line, &out)
		}
	}
	if strings.Contains(out.String(), "peers") {
		t.Error("it speaks of peers without any")
	}
}

func TestBesidePeers(t *testing.T) {
	file, err := os.Open("testdata/peers.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	r := report()
	if err := r.Beside(file); err != nil {
		t.Fatal(err)
	}
	want := []struct {
		workload, peer string
		theirs, ratio  float64
	}{
		{"W1", "pocketbase", 2000, 2}, // the median of three
		{"W1", "limits", 8000, .5},    // another peer in the same file
		{"W3", "pocketbase", 3, .5},   //
		{"W4", "pocketbase", 60, .5},  // 2,000 clients, not 500
		{"W5", "pocketbase", 50, .5},  // kB there, MB here
	}
	if len(r.Peers) != len(want) {
		t.Fatalf("%d ratios: %+v", len(r.Peers), r.Peers)
	}
	for i, w := range want {
		got := r.Peers[i]
		if got.Workload != w.workload || got.Peer != w.peer || got.Theirs != w.theirs || got.Ratio != w.ratio {
			t.Errorf("ratio %d is %+v, want %+v", i, got, w)
		}
	}
	var out strings.Builder
	if err := r.Print(&out); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "one record a request, synchronous=FULL") {
		t.Errorf("the table does not say which variant:\n%s", &out)
	}
}

func TestPeersThatCannotBeRead(t *testing.T) {
	r := report()
	if err := r.Beside(strings.NewReader(`{"peer":"pocketbase"`)); err == nil {
		t.Error("half a line was taken")
	}
}
