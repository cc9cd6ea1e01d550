package apptest

import (
	"os"
	"testing"
)

func TestMain(m *testing.M) {
	code := m.Run()
	EndRun()
	os.Exit(code)
}
