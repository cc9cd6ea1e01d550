package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// asvs are the requirements of OWASP ASVS 5.0.0, levels 1 and 2, by section.
const asvs = `1.1:1-2 1.2:1-9 1.3:1-11 1.4:1-3 1.5:1-2 2.1:1-3 2.2:1-3 2.3:1-4 2.4:1 3.2:1-2 3.3:1-4 3.4:1-6 3.5:1-5 3.7:1-2 4.1:1-3 4.2:1 4.3:1-2 4.4:1-4
5.1:1 5.2:1-3 5.3:1-2 5.4:1-3 6.1:1-3 6.2:1-12 6.3:1-4 6.4:1-4 6.5:1-5 6.6:1-3 6.8:1-4 7.1:1-3 7.2:1-4 7.3:1-2 7.4:1-5 7.5:1-2 7.6:1-2 8.1:1-2 8.2:1-3 8.3:1 8.4:1
9.1:1-3 9.2:1-4 10.1:1-2 10.2:1-2 10.3:1-4 10.4:1-11 10.5:1-5 10.6:1-2 10.7:1-3 11.1:1-2 11.2:1-3 11.3:1-3 11.4:1-4 11.5:1 11.6:1 12.1:1-3 12.2:1-2 12.3:1-4
13.1:1 13.2:1-5 13.3:1-2 13.4:1-5 14.1:1-2 14.2:1-4 14.3:1-3 15.1:1-3 15.2:1-3 15.3:1-7 16.1:1 16.2:1-5 16.3:1-4 16.4:1-3 16.5:1-3 17.1:1 17.2:1-4 17.3:1-2`

// docs/ASVS.md answers each requirement once; each answer that is a yes names a test, or
// the file in which it can be seen.
func TestASVSIsAnswered(t *testing.T) {
	root := filepath.Join("..", "..")
	page, err := os.ReadFile(filepath.Join(root, "docs", "ASVS.md"))
	if err != nil {
		t.Fatal(err)
	}
	answered := map[string]int{}
	for line := range strings.Lines(string(page)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if len(cells) != 3 {
			continue
		}
		for _, id := range strings.Split(cells[0], ",") {
			answered[strings.TrimSpace(id)]++
		}
		if answer := strings.TrimSpace(cells[1]); (answer == "yes" || answer == "partly") && !regexp.MustCompile("`Test|`make |`[a-z]+/|\\(adr/|there are none|this page").MatchString(cells[2]) {
			t.Errorf("nothing shows %s: %s", cells[0], cells[2])
		}
	}
	wanted := 0
	for _, section := range strings.Fields(asvs) {
		name, numbers, _ := strings.Cut(section, ":")
		from, to, more := strings.Cut(numbers, "-")
		first, _ := strconv.Atoi(from)
		last := first
		if more {
			last, _ = strconv.Atoi(to)
		}
		for n := first; n <= last; n++ {
			wanted++
			if id := fmt.Sprint(name, ".", n); answered[id] != 1 {
				t.Errorf("requirement %s stands there %d times", id, answered[id])
			}
		}
	}
	if wanted != 253 {
		t.Errorf("%d requirements; ASVS 5.0.0 has 253 of levels 1 and 2", wanted)
	}
}

// Whatever the documentation calls a test is one, so that it cannot rot; and whatever
// ASVS.md names as a file is there.
func TestTheTestsThatAreNamedExist(t *testing.T) {
	root := filepath.Join("..", "..")
	known := testNames(t, root)
	pages := []string{"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "sync/SPEC.md", "sync/rules/rules.md", "internal/access/access.md"}
	for _, pattern := range []string{"docs/*.md", "docs/*/*.md"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %v, %v", pattern, found, err)
		}
		for _, page := range found {
			pages = append(pages, strings.TrimPrefix(page, root+string(filepath.Separator)))
		}
	}
	named := 0
	for _, page := range pages {
		text, err := os.ReadFile(filepath.Join(root, page))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`\b((?:Test|Fuzz)[A-Z]\w*)(…?)`).FindAllStringSubmatch(string(text), -1) {
			named++
			if !known[m[1]] && !(m[2] != "" && beginsOne(known, m[1])) {
				t.Errorf("%s names %s, and there is no such test", page, m[0])
			}
		}
		for _, m := range regexp.MustCompile("`((?:internal|static|cmd|sync|docs)/[\\w./*-]+)`").FindAllStringSubmatch(string(text), -1) {
			if found, err := filepath.Glob(filepath.Join(root, m[1])); (err != nil || len(found) == 0) && !strings.Contains(m[1], "dist") {
				t.Errorf("%s names %s, and there is no such file", page, m[1])
			}
		}
	}
	if named < 100 {
		t.Errorf("only %d tests are named", named)
	}
}

// beginsOne says whether a test's name begins so: "TestS18_…" are several.
func beginsOne(known map[string]bool, start string) bool {
	for name := range known {
		if strings.HasPrefix(name, start) {
			return true
		}
	}
	return false
}

// testNames are all tests of the repository.
func testNames(t *testing.T, root string) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	declared := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	err := filepath.Walk(root, func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() && (info.Name() == "node_modules" || info.Name() == ".git") {
			if err == nil {
				err = filepath.SkipDir
			}
			return err
		}
		if !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		source, err := os.ReadFile(path)
		for _, m := range declared.FindAllSubmatch(source, -1) {
			names[string(m[1])] = true
		}
		return err
	})
	if err != nil || len(names) < 100 {
		t.Fatalf("%d tests were found: %v", len(names), err)
	}
	return names
}
