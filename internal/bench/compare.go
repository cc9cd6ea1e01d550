package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
)

// Ratio is one of our figures beside a peer's for the same work. Better says
// which way is better, so that a ratio reads without knowing the unit.
type Ratio struct {
	Workload string  `json:"workload"`
	Name     string  `json:"name"`
	Unit     string  `json:"unit"`
	Ours     float64 `json:"ours"`
	Peer     string  `json:"peer"`
	Variant  string  `json:"variant"`
	Theirs   float64 `json:"theirs"` // median of the peer's runs
	Ratio    float64 `json:"ratio"`  // ours / theirs
	Better   string  `json:"better"` // "more" or "less"
}

// pair says which of a peer's numbers stands beside which of ours.
type pair struct {
	workload, ours, better string
	peer, w, variant       string
	theirs                 string
	scale                  float64 // of their number, to have our unit
}

const (
	pocketbase  = "pocketbase"
	pouchdb     = "pouchdb"
	limits      = "limits"
	oneByOne    = "one record a request"
	oneFull     = oneByOne + ", synchronous=FULL"
	twoThousand = "2000 clients"
)

var pairs = []pair{
	{"W1", "records/s", "more", pocketbase, "w1", oneFull, "rec_s", 1},
	{"W1", "records/s", "more", pocketbase, "w1", oneByOne, "rec_s", 1},
	{"W1", "records/s", "more", limits, "sqlite", "sync=FULL, 1 rows a commit", "rec_s", 1},
	{"W1", "records/s", "more", limits, "sqlite", "sync=FULL, 50 rows a commit", "rec_s", 1},
	{"W1", "records/s", "more", pouchdb, "w1", "PUT one document a request", "rec_s", 1},
	{"W1", "receipt p50", "less", pocketbase, "w1", oneFull, "ack_p50_ms", 1},
	{"W1", "receipt p99", "less", pocketbase, "w1", oneFull, "ack_p99_ms", 1},
	{"W1", "processor time a record", "less", pocketbase, "w1", oneFull, "server_cpu_s", 1e6 / (w1Sockets * w1Notes)},
	{"W2", "one device", "less", pocketbase, "w2", "1 client", "wall_ms", 1},
	{"W2", "bytes on the wire, down", "less", pocketbase, "w2", "1 client", "wire_in_B", 1},
	{"W2", "20 devices at once, all", "less", pocketbase, "w2", "20 clients", "wall_ms", 1},
	{"W2", "one device", "less", pouchdb, "w2", "replication, 1 client", "wall_ms", 1},
	{"W2", "bytes on the wire, down", "less", pouchdb, "w2", "replication, 1 client", "wire_in_B", 1},
	{"W2", "20 devices at once, all", "less", pouchdb, "w2", "replication, 20 clients", "wall_ms", 1},
	{"W3", "nothing new, p50", "less", pouchdb, "w3", "nothing new of 2,500", "full_p50_ms", 1},
	{"W3", "nothing new, p50", "less", pocketbase, "w3", "nothing new of 2,500", "full_p50_ms", 1},
	{"W4", "each has it, p99", "less", pocketbase, "w4", twoThousand, "each_p99_ms", 1},
	{"W4", "each has it, p99", "less", limits, "fan", "relay to 2000 clients, 1024 B", "each_p99_ms", 1},
	{"W4", "all have it, p50", "less", pocketbase, "w4", twoThousand, "all_p50_ms", 1},
	{"W4", "processor time a write", "less", pocketbase, "w4", twoThousand, "server_cpu_ms_per_write", 1},
	{"W4", "memory per idle device", "less", pocketbase, "w4", twoThousand, "rss_kB_per_conn", 1},
	{"W5", "first start", "less", pocketbase, "w5", "first start, empty folder", "start_ms", 1},
	{"W5", "idle memory", "less", pocketbase, "w5", "second start", "rss_idle_kB", 0.001},
}

// Beside puts the peers' figures beside ours: lines of JSON with peer, w (the
// workload), variant and numbers by name. What was measured on one side alone is
// left out.
func (r *Report) Beside(peers io.Reader) error {
	found, err := readPeers(peers)
	if err != nil {
		return err
	}
	for _, p := range pairs {
		ours := r.find(p.workload, p.ours)
		theirs := found[series{p.peer, p.w, p.variant, p.theirs}]
		if ours == nil || len(theirs) == 0 {
			continue
		}
		slices.Sort(theirs)
		median := theirs[len(theirs)/2] * p.scale
		if median == 0 {
			continue
		}
		r.Peers = append(r.Peers, Ratio{Workload: p.workload, Name: p.ours, Unit: ours.Unit, Ours: ours.Median,
			Peer: p.peer, Variant: p.variant, Theirs: median, Ratio: ours.Median / median, Better: p.better})
	}
	return nil
}

// series is one number of a peer, over its runs.
type series struct{ peer, w, variant, name string }

func readPeers(from io.Reader) (map[series][]float64, error) {
	found := map[series][]float64{}
	for rows := json.NewDecoder(from); ; {
		var row map[string]any
		err := rows.Decode(&row)
		if err == io.EOF {
			return found, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read the peers' figures: %w", err)
		}
		peer, _ := row["peer"].(string)
		w, _ := row["w"].(string)
		variant, _ := row["variant"].(string)
		for name, v := range row {
			if n, ok := v.(float64); ok {
				at := series{peer, w, variant, name}
				found[at] = append(found[at], n)
			}
		}
	}
}

func (r Report) printPeers(w io.Writer) error {
	if _, err := fmt.Fprintln(w, "\nbeside peers (ratio: ours / theirs)"); err != nil {
		return err
	}
	t := tabwriter.NewWriter(w, 2, 0, 2, ' ', 0)
	fmt.Fprintln(t, "workload\tfigure\tours\tpeer\tvariant\ttheirs\tratio\tbetter is")
	for _, p := range r.Peers {
		fmt.Fprintf(t, "%s\t%s (%s)\t%s\t%s\t%s\t%s\t%.2f\t%s\n", p.Workload, p.Name, p.Unit, short(p.Ours), p.Peer, p.Variant, short(p.Theirs), p.Ratio, p.Better)
	}
	return t.Flush()
}
