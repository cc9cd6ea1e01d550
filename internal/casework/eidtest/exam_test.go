package eidtest

import (
	"testing"
	"time"
)

func TestTheServiceOfTheTestsPassesTheExam(t *testing.T) {
	s, err := New(func() time.Time { return time.Date(2026, 11, 18, 8, 0, 0, 0, time.UTC) })
	if err != nil {
		t.Fatal(err)
	}
	Exam(t, s, s.Sign, s.Refuse)
}
