package sqlite

import (
	"testing"

	"bokvar/sync/server"
	"bokvar/sync/server/servertest"
)

func TestStoreExam(t *testing.T) {
	servertest.ExamineStore(t, func(t *testing.T) server.Store { return open(t, t.TempDir(), 0) })
}
