package apptest

import (
	"os"
	"testing"
	"time"

	"bokvar/internal/casework"
)

// The tests, their programs and their browsers are in the town's time zone, as its people's
// phones are: elsewhere the phone's day and the server's are two for some hours of each day.
func TestMain(m *testing.M) {
	time.Local = casework.Zone
	if err := os.Setenv("TZ", casework.Zone.String()); err != nil {
		panic(err)
	}
	code := m.Run()
	EndRun()
	os.Exit(code)
}
