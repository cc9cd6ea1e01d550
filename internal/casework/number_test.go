package casework

import (
	"encoding/json"
	"os"
	"testing"
	"time"
)

// The same file is there for the app's own check of numbers.
func TestReadNumber(t *testing.T) {
	source, err := os.ReadFile("testdata/numbers.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Today   string
		Numbers []struct{ Text, Number, Code, Sentence string }
	}
	if err := json.Unmarshal(source, &file); err != nil {
		t.Fatal(err)
	}
	today, err := time.Parse(time.DateOnly, file.Today)
	if err != nil || len(file.Numbers) == 0 {
		t.Fatalf("no numbers in the file: %v", err)
	}
	for _, c := range file.Numbers {
		got, problem := ReadNumber(c.Text, today)
		if problem == nil {
			problem = &Error{}
		}
		if got != c.Number || problem.Code != c.Code || problem.Sentence != c.Sentence {
			t.Errorf("%q: got %q %q %q, want %q %q %q", c.Text, got, problem.Code, problem.Sentence, c.Number, c.Code, c.Sentence)
		}
	}
}

func TestBornOf(t *testing.T) {
	for number, want := range map[string]string{"199006022397": "1990-06-02", "197010632391": "1970-10-03", "19900602239": "", "199006022398": ""} {
		if got, ok := BornOf(number); got != want || ok != (want != "") {
			t.Errorf("%s: got %q %t, want %q", number, got, ok, want)
		}
	}
}
