package servertest

import (
	"testing"

	"bokvar/sync/server"
)

func TestMemoryPassesTheExam(t *testing.T) {
	ExamineStore(t, func(*testing.T) server.Store { return NewMemory("g1") })
}
