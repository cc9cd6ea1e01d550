package wire

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"
)

// odd are texts in which the quick way and the full one could differ.
var odd = []string{
	`{"type":"have","cursor":7}`, ` {"type" :"have","cursor":7}`, `{"type":"have","cursor":-0}`, `{"type":"have","cursor":07}`,
	`{"type":"have","cursor":1e3}`, `{"type":"have","cursor":7,"cursor":8}`, `{"type":"have","Cursor":7}`, `{"type":"have"}`, `{"type":"have","cursor":9223372036854775807}`,
	`{"type":"have","cursor":7}x`, `{"type":"have","cursor":7,}`, `{"type":"h\u0061ve","cursor":7}`, `{"type":"have","cursor":null}`, `{"type":"have","commits":[],"cursor":3}`,
	`{"type":"commits","commits":[{"a":[1,{"b":"\ud800 \n"}]} , "x",-1.5e+3,null,true,false,[]]}`, `{"type":"commits","commits":[01]}`, `{"type":"commits","commits":["` + "\x01" + `"]}`,
	`{"type":"commits","commits":["\x"]}`, `{"type":"commits","commits":[nul]}`, `{"type":"commits","commits":[1,]}`, `{"type":"commits","commits":[]}`, `{"type":"commits","commits":null}`,
	`{"type":"commits","commits":[` + strings.Repeat(`[`, 40) + strings.Repeat(`]`, 40) + `]}`, `{"type":"commits","commits":[1],"new":{}}`, `{"type":"commits","commits":[1.]}`, `{"type":"commits","commits":[-]}`,
	`{"type":"commits","commits":["\u12g4"]}`, `{"type":"commits","commits":["\u12"]}`, `{"type":"commits","commits":["`, `{"type":"commits","commits":[{"a":1 "b":2}]}`, `{"commits":[1],"type":"commits"}`,
}

var oddCommits = []string{
	`{"id":"c","at":1,"cursor":2,"changes":[{"kind":"note","record":"r","fields":{"text":{"v":"å \" \\ ","b":3},"at":{"v":12}}}]}`,
	`{"id":"c","after":["a","b"],"changes":[ {"org":"o","kind":"note","record":"r","fields":{"text":{"v":null}}} , {"kind":"note","record":"q","fields":{"a":{"b":1,"v":{"x":[1]}}}}]}`,
	`{"id":"c","after":null,"changes":[{"kind":"note","record":"r","fields":{"text":{"v":1}}}]}`, `{"id":"c","after":[],"changes":[{"kind":"note","record":"r","fields":{"text":{"v":1}}}]}`,
	`{"id":"c","changes":[{"kind":"note","record":"r","fields":{"text":{"v":1},"text":{"v":2}}}]}`, `{"id":"c","changes":[{"kind":"note","record":"r","fields":{"text":{}}}]}`,
	`{"id":"c","changes":[{"kind":"note","record":"r","fields":{"text":{"b":1}}}]}`, `{"id":"c","changes":[{"kind":"note","record":"r","fields":{"text":{"v":1,"V":2}}}]}`,
	`{"id":"c","ID":"d","changes":[{"kind":"note","record":"r","fields":{"text":{"v":1}}}]}`, `{"id":"\u0063","changes":[{"kind":"note","record":"r","fields":{"text":{"v":1}}}]}`,
	`{"id":"c","at":-1,"changes":[{"kind":"note","record":"r","fields":{"text":{"v":1}}}]}`, `{"id":"c","after":["c"],"changes":[{"kind":"note","record":"r","fields":{"text":{"v":1}}}]}`,
	`{"id":"c","changes":[]}`, `{"id":"c","changes":[{"kind":"note","record":"r","fields":{}}]}`, `{"id":"","changes":[{"kind":"note","record":"r","fields":{"a":{"v":1}}}]}`,
	`{"id":"c","at":1.0,"changes":[{"kind":"note","record":"r","fields":{"a":{"v":1}}}]}`, `{"id":"c","changes":[{"kind":"note","record":"r","fields":{"a":{"v":1,"b":-1}}}]}`, `{}`, `{"id":"c"}`,
	`{"id":"c","changes":[{"kind":"note","record":"r","fields":{"a":{"v":1}}}]} `, `{"id":"c","changes":[null]}`, `{"id":"c","changes":[{"kind":"note","record":"r","fields":null}]}`,
}

var oddPages = []string{
	`{"type":"page","epoch":1,"from":2,"cursor":3,"waiting":4,"records":[{"org":"o","f":{"a":"\"å"}}]}`, `{"type":"page","records":[]}`, `{"type":"page","records":null}`, `{"type":"page"}`,
	`{"type":"page","cursor":1,"cursor":2,"records":[]}`, `{"type":"page","Cursor":1,"records":[]}`, `{"type":"page","cursor":"1","records":[]}`, `{"records":[1,2 , 3],"type":"page"} `, `{"records":[]}`,
	`{"type":"receipt","cursor":1}`, `{"type":"page","records":[1,]}`, `{"type":"page","records":[],"new":1}`, `{"type":"page","cursor":1.5}`, `{"type":"page","cursor":-1,"waiting":-0}`,
}

// FuzzQuickMessage: what is read quickly is read as encoding/json reads it.
func FuzzQuickMessage(f *testing.F) {
	for _, text := range append(odd, vectors(f, "from_device.json")...) {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, p := FromDevice(raw)
		if m2, p2 := inFull(raw); !reflect.DeepEqual(m, m2) || !reflect.DeepEqual(p, p2) {
			t.Fatalf("%q is read as\n%+v %+v and in full as\n%+v %+v", raw, m, p, m2, p2)
		}
	})
}

// FuzzQuickPage: the same for pages.
func FuzzQuickPage(f *testing.F) {
	for _, text := range append(oddPages, vectors(f, "from_server.json")...) {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, p := FromServer(raw)
		if m2, p2 := fromServerInFull(raw); !reflect.DeepEqual(m, m2) || !reflect.DeepEqual(p, p2) {
			t.Fatalf("%q is read as\n%+v %+v and in full as\n%+v %+v", raw, m, p, m2, p2)
		}
	})
}

// FuzzQuickCommit: the same for commits.
func FuzzQuickCommit(f *testing.F) {
	for _, text := range append(oddCommits, vectors(f, "commits.json")...) {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if len(raw) > MaxCommit {
			return
		}
		p, code := DecodeCommit(raw)
		if p2, code2 := commitInFull(raw); !reflect.DeepEqual(p, p2) || code != code2 {
			t.Fatalf("%q is read as\n%+v %s and in full as\n%+v %s", raw, p, code, p2, code2)
		}
	})
}

// What apps and this package write is read quickly, or the quick way is for nothing.
func TestWhatAppsWriteIsReadQuickly(t *testing.T) {
	commit, _ := json.Marshal(Commit{ID: "c", After: []string{"b"}, At: 5, Cursor: 6, Changes: []Change{{Org: "o", Kind: "note", Record: "r",
		Fields: map[string]Set{"text": {Value: json.RawMessage(`"sa \"hej\" åt oss"`), Base: 2}, "people": {Value: json.RawMessage(`["a","b"]`)}}}}})
	if p, ok := quickCommit(commit); !ok || p.ID != "c" || len(p.Changes) != 1 || len(p.Changes[0].Fields) != 2 {
		t.Errorf("%s: %+v", commit, p)
	}
	if _, ok := quickPage(func() []byte {
		raw, _ := Page{Type: TypePage, Epoch: 3, From: 1, Cursor: 2, Records: []json.RawMessage{json.RawMessage(`{"org":"o"}`)}}.Encode()
		return raw
	}()); !ok {
		t.Error("a page")
	}
	for _, m := range []any{Have{Type: TypeHave, Cursor: 7}, Commits{Type: TypeCommits, Commits: []json.RawMessage{commit, commit}}} {
		raw, _ := json.Marshal(m)
		if _, ok := quickMessage(raw); !ok {
			t.Errorf("%s", raw)
		}
	}
}

// vectors are the texts of a file of sync/testdata/wire.
func vectors(f *testing.F, file string) (texts []string) {
	raw, err := os.ReadFile("../testdata/wire/" + file)
	if err != nil {
		f.Fatal(err)
	}
	var list []struct{ Text string }
	if err := json.Unmarshal(raw, &list); err != nil || len(list) == 0 {
		f.Fatalf("%s: %d vectors, %v", file, len(list), err)
	}
	for _, v := range list {
		texts = append(texts, v.Text)
	}
	return texts
}

func TestPlainIsWhatAJSONStringSays(t *testing.T) {
	for _, raw := range []string{`"a"`, `""`, `"åäö 😀"`, `"a\n"`, `"a"b"`, `"`, `1`, `null`, "\"a\x01\"", "\"\xff\"", `["a"]`, `"a`, ``} {
		var want string
		err := json.Unmarshal([]byte(raw), &want)
		got, plain := Plain(json.RawMessage(raw))
		if plain && (err != nil || got != want) {
			t.Errorf("%q is plainly %q, and should be %q, %v", raw, got, want, err)
		}
		if usual := raw == `"a"` || raw == `""` || raw == `"åäö 😀"`; plain != usual {
			t.Errorf("%q: plain %v", raw, plain)
		}
	}
}
