package office

import (
	"testing"

	"bokvar/sync/wire"
)

// What the policy itself costs for a note; the store comes on top.
func BenchmarkNote(b *testing.B) {
	w := visited(b)
	author := authorOf(w, "kim")
	change := note("h", "n", "v", "kim", w.ms("18 08:00"))
	scans := w.scans
	for b.Loop() {
		delete(w.records, "hem/n")
		if err := w.submit(author, []wire.Change{change}); err != nil {
			b.Fatal(err)
		}
	}
	if w.scans != scans {
		b.Fatalf("%d scans of records", w.scans-scans)
	}
}

func TestANoteNeedsNoScanAndLittleReading(t *testing.T) {
	w := visited(t)
	scans, reads := w.scans, w.reads
	w.must("kim", note("h", "n", "v", "kim", w.ms("18 08:00")))
	w.expect("scans", w.scans-scans, 0)
	w.expect("records read", w.reads-reads, 0)
}
