package apptest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"
)

// A caretaker works offline and online, and the phone is put away. Whoever has its
// disk then finds nothing that was read or written, in UTF-8 or UTF-16.
func TestTheProfileFolderHoldsNothingInClear(t *testing.T) {
	t.Parallel()
	p := Start(t, "")
	link := NewLink(t, p)
	b := Open(t, link.URL, SmallPhone)
	b.SignIn(p, "kim")
	passphrase := b.Passphrase
	visit := b.links("/visit/", 1)[0]
	b.Go(visit)
	b.Tap("Jag har sagt vem jag är")
	b.See("Skriv det du såg och hörde")
	b.Fill("Anteckning", "Kanariefågeln sjöng vid fönstret hela dagen.")
	b.Tap("Spara anteckning")
	b.See("Kanariefågeln", "Sparat")
	link.Cut()
	b.Fill("Skriv mer", "Näktergalen teg när vi ringde på.")
	b.Tap("Spara anteckning")
	b.See("Näktergalen", "På telefonen")
	b.Fill("Skriv mer", "Stjärtmesen bygger halvfärdigt")
	b.See("På telefonen")
	secrets := append(toLookFor(t, p), "Kanariefågeln", "Näktergalen", "Stjärtmesen", passphrase, strings.Join(strings.Fields(passphrase), ""))
	b.Go("/") // a start, and an unlocking by hand
	b.See("Nästa besök")
	b.passes(11)
	b.Gate("locked")
	if kept := b.Eval(`JSON.stringify({...localStorage, ...sessionStorage})`); !strings.Contains(kept, "bokvar-readings-") || strings.Contains(kept, "kim") {
		t.Errorf("beside the journal the page keeps %s", kept)
	}
	planted := []string{"Planterat i minneslistan", "Planterat i cachen", "Planterat i databasen", "Planterat i filen"}
	b.Eval(`(async ([local, cache, table, file]) => {
		localStorage.setItem('planted', local);
		await (await caches.open('planted')).put('/planted', new Response(cache));
		await new Promise((done, failed) => {
			const asked = indexedDB.open('planted');
			asked.onupgradeneeded = () => asked.result.createObjectStore('all');
			asked.onerror = failed;
			asked.onsuccess = () => {
				const tx = asked.result.transaction('all', 'readwrite');
				tx.objectStore('all').put(table, 'key');
				tx.oncomplete = () => (asked.result.close(), done());
			};
		});
		const to = await (await (await navigator.storage.getDirectory()).getFileHandle('planted', { create: true })).createWritable();
		await to.write(file);
		await to.close();
		return 'planted';
	})(` + jsonOf(planted) + `)`)
	b.Quit()

	for _, f := range searchFolder(t, b.Profile, secrets) {
		t.Error(f)
	}
	// The same search finds what lies there in clear, wherever it lies.
	found := strings.Join(searchFolder(t, b.Profile, planted), "\n")
	for _, word := range planted {
		if !strings.Contains(found, word) {
			t.Errorf("the search does not find %q, which is there: %s", word, found)
		}
	}
}

// jsonOf is the value as a script writes it.
func jsonOf(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // values of a test that are no JSON
	}
	return string(text)
}

// toLookFor lists the names, streets and telephone numbers that the phone's person can read.
func toLookFor(t *testing.T, p *Program) []string {
	t.Helper()
	c, records, err := SignIn(t, p, "kim").Dial()
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	set := map[string]bool{}
	for _, r := range records {
		for kind, fields := range map[string][]string{"person": {"name", "phone", "personal_number"}, "household": {"street", "door_code"}, "note": {"text"}} {
			if r.Kind != kind {
				continue
			}
			for _, field := range fields {
				if v := r.Text(field); len([]rune(v)) > 5 {
					set[v] = true
				}
			}
		}
	}
	if len(set) < 20 {
		t.Fatalf("only %d names and numbers to look for", len(set))
	}
	var all []string
	for v := range set {
		all = append(all, v)
	}
	return all
}

// searchFolder says which file holds which of the words.
func searchFolder(t *testing.T, dir string, words []string) (found []string) {
	t.Helper()
	var patterns [][]byte
	for _, w := range words {
		patterns = append(patterns, []byte(w), wide(w))
	}
	files := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return stillThere(err)
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return stillThere(err)
		}
		files++
		for i, pattern := range patterns {
			if bytes.Contains(content, pattern) {
				found = append(found, fmt.Sprintf("%s holds %q", strings.TrimPrefix(path, dir), words[i/2]))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 20 {
		t.Fatalf("%d files: is this a profile?", files)
	}
	return found
}

// stillThere is nil where a file was taken away while the folder was read, as the last of a
// browser's processes do on their way out: what is gone holds nothing.
func stillThere(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// wide is the text in UTF-16, little endian, as Chromium writes strings of its own.
func wide(s string) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(s)) {
		out = append(out, byte(u), byte(u>>8))
	}
	return out
}
