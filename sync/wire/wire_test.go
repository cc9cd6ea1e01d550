package wire_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"bokvar/sync/server/servertest"
	"bokvar/sync/wire"
)

// vector is one message as it comes over the line. Text is the message, filled
// up with spaces to Pad bytes. Problem is the code it is answered with; without
// one, Means is what it says in full.
type vector struct {
	Name    string          `json:"name"`
	Text    string          `json:"text"`
	Pad     int             `json:"pad"`
	Problem string          `json:"problem"`
	Means   json.RawMessage `json:"means"`
}

// TestW1_Vectors runs sync/testdata/wire, which the app's tests run as well.
func TestW1_Vectors(t *testing.T) {
	files := servertest.Vectors[[]vector](t, "../testdata/wire")
	for file, read := range map[string]func([]byte) (any, *wire.Problem){"from_device": wire.FromDevice, "from_server": wire.FromServer} {
		if len(files[file]) == 0 {
			t.Errorf("%s.json is empty", file)
		}
		for _, v := range files[file] {
			t.Run(file+"/"+v.Name, func(t *testing.T) {
				text := v.Text + strings.Repeat(" ", max(0, v.Pad-len(v.Text)))
				m, problem := read([]byte(text))
				switch {
				case problem != nil && problem.Code != v.Problem:
					t.Errorf("problem %q, want %q", problem.Code, v.Problem)
				case problem == nil && v.Problem != "":
					t.Errorf("read as %+v, want the problem %q", m, v.Problem)
				case problem == nil:
					var want bytes.Buffer
					if err := json.Compact(&want, v.Means); err != nil {
						t.Fatal(err)
					}
					if got := must(t, m); got != want.String() {
						t.Errorf("read as\n%s, want\n%s", got, want.String())
					}
				}
			})
		}
	}
}

func must(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// TestW4_Commits runs sync/testdata/wire/commits.json: what makes a commit malformed.
func TestW4_Commits(t *testing.T) {
	files := servertest.Vectors[[]vector](t, "../testdata/wire")
	if len(files["commits"]) == 0 {
		t.Fatal("commits.json is empty")
	}
	for _, v := range files["commits"] {
		t.Run(v.Name, func(t *testing.T) {
			p, code := wire.DecodeCommit([]byte(v.Text))
			if code != v.Problem {
				t.Errorf("code %q, want %q", code, v.Problem)
			}
			if want := string(v.Means); len(want) > 0 && want != fmt.Sprintf("%q", p.ID) {
				t.Errorf("the id was read as %q, want %s", p.ID, want)
			}
		})
	}
	big := `{"id":"big","changes":[{"kind":"note","record":"n","fields":{"text":{"v":"` + strings.Repeat("x", wire.MaxCommit) + `"}}}]}`
	if p, code := wire.DecodeCommit([]byte(big)); code != wire.CodeTooBig || p.ID != "big" {
		t.Errorf("a big commit: %q, id %q", code, p.ID)
	}
}

func TestW3_TheNewestCommonVersion(t *testing.T) {
	for _, c := range []struct {
		theirs []int
		want   int
	}{{[]int{1}, 1}, {[]int{1, 2}, 2}, {[]int{9, 2, 1}, 2}, {[]int{9, 1}, 1}, {[]int{3}, 0}, {[]int{0, -1}, 0}, {nil, 0}} {
		if got := wire.CommonVersion(c.theirs); got != c.want {
			t.Errorf("%v: %d, want %d", c.theirs, got, c.want)
		}
	}
	if last := wire.Versions[len(wire.Versions)-1]; last != wire.Version || wire.CommonVersion(wire.Versions) != wire.Version {
		t.Errorf("the newest version is %d and not %d", last, wire.Version)
	}
}

func TestW6_CommitsArePackedIntoFrames(t *testing.T) {
	var commits []json.RawMessage
	for i := range 40 {
		commits = append(commits, json.RawMessage(fmt.Sprintf(`{"id":"%d","x":"%s"}`, i, strings.Repeat("x", 20_000))))
	}
	commits = append(commits, json.RawMessage(`"`+strings.Repeat("x", wire.MaxCommit-2)+`"`))
	n := 0
	for _, m := range wire.NewCommits(commits) {
		raw := must(t, m)
		if len(raw) > wire.MaxMessage {
			t.Errorf("a message of %d bytes", len(raw))
		}
		for _, c := range m.Commits {
			if string(c) != string(commits[n]) {
				t.Errorf("commit %d came out of order", n)
			}
			n++
		}
	}
	if n != len(commits) {
		t.Errorf("%d commits came out, %d went in", n, len(commits))
	}
	if len(wire.NewCommits(nil)) != 0 {
		t.Error("nothing makes a message")
	}
}

// The limits keep the relations that their comments state.
func TestW1_LimitsFitIntoEachOther(t *testing.T) {
	commit := json.RawMessage(`"` + strings.Repeat("x", wire.MaxCommit-2) + `"`)
	if len(must(t, wire.NewCommits([]json.RawMessage{commit})[0])) > wire.MaxMessage {
		t.Error("the largest commit does not fit into a message")
	}
	if wire.PageBytes >= wire.MaxMessage {
		t.Error("the largest page does not fit into a message")
	}
}

// Every code in wire.go has a sentence, and there is no other.
func TestW7_EveryCodeHasASentence(t *testing.T) {
	source, err := os.ReadFile("wire.go")
	if err != nil {
		t.Fatal(err)
	}
	codes := regexp.MustCompile(`Code\w+ += "(\w+)"`).FindAllStringSubmatch(string(source), -1)
	if len(codes) < 10 || len(codes) != len(wire.Sentences) {
		t.Errorf("%d codes, %d sentences", len(codes), len(wire.Sentences))
	}
	for _, c := range codes {
		if wire.Sentences[c[1]] == "" {
			t.Errorf("the code %s has no sentence", c[1])
		}
	}
}

func TestW8_IDsAndNames(t *testing.T) {
	for id, want := range map[string]bool{"kim": true, "0190b0f2-aaaa-7bbb-8ccc-123456789abc": true, "a.b:c_d": true, "": false, "a b": false, "å": false,
		"a/b": false, strings.Repeat("x", 64): true, strings.Repeat("x", 65): false} {
		if wire.ValidID(id) != want {
			t.Errorf("ValidID(%q) is %v", id, !want)
		}
	}
	for name, want := range map[string]bool{"note": true, "tick_2": true, "": false, "Note": false, "2x": false, "_x": false, "a-b": false, strings.Repeat("x", 41): false} {
		if wire.ValidName(name) != want {
			t.Errorf("ValidName(%q) is %v", name, !want)
		}
	}
}

func TestW9_ABatchIsBoundedAndAnObject(t *testing.T) {
	b, problem := wire.DecodeBatch([]byte(`{"messages":[{"type":"have"},5]}`), 100)
	if problem != nil || len(b.Messages) != 2 {
		t.Errorf("%+v %+v", b, problem)
	}
	for text, code := range map[string]string{`[]`: wire.CodeMalformed, `{"messages":5}`: wire.CodeMalformed, `{"messages":[` + strings.Repeat(" ", 100) + `]}`: wire.CodeTooBig} {
		if _, problem := wire.DecodeBatch([]byte(text), 100); problem == nil || problem.Code != code {
			t.Errorf("%s: %+v, want %s", text, problem, code)
		}
	}
}

func TestAPageIsEncodedAsJSONWouldBe(t *testing.T) {
	for _, records := range [][]json.RawMessage{{}, {json.RawMessage(`{"a":1}`)}, {json.RawMessage(`{"f":"\"records\":[]"}`), json.RawMessage(`{}`)}} {
		page := wire.Page{Type: wire.TypePage, Epoch: 3, From: 7, Cursor: 12, Waiting: 2, Records: records}
		want, err := json.Marshal(page)
		if err != nil {
			t.Fatal(err)
		}
		got, err := page.Encode()
		if err != nil || string(got) != string(want) {
			t.Errorf("it is %s, %v; want %s", got, err, want)
		}
	}
}
