package static

import (
	"io/fs"
	"testing"
)

// Both states are right: bundled, or saying what to run.
func TestReadyAgreesWithFiles(t *testing.T) {
	_, err := fs.Stat(Files(), "index.html")
	if ready := Ready(); (ready == nil) != (err == nil) {
		t.Errorf("Ready says %v, index.html: %v", ready, err)
	}
}
