package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"
)

// The English texts travel without their keys, in the order of the Swedish ones.
func TestEnglishTextsTravelInTheOrderOfTheSwedishKeys(t *testing.T) {
	files, err := filepath.Glob("../src/text/*.en.ts")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d files of texts (%v)", len(files), err)
	}
	for _, file := range files {
		keys, _, err := textsOf(strings.TrimSuffix(file, ".en.ts") + ".sv.ts")
		if err != nil {
			t.Fatal(err)
		}
		_, english, err := textsOf(file)
		if err != nil {
			t.Fatal(err)
		}
		built := string(builtText(t, file))
		at := 0
		for _, key := range keys {
			text := strings.Trim(english[key], `'"`)
			plain := strings.NewReplacer(`\'`, `'`, `\"`, `"`).Replace(text)
			found := strings.Index(built[at:], plain)
			if found < 0 || strings.Contains(built, "'"+key+"'") || strings.Contains(built, `"`+key+`"`) {
				t.Fatalf("%s: %s is not where it should be, or lies there with its key", file, key)
			}
			at += found + len(plain)
		}
	}
}

func TestEnglishTextsThatDoNotFitStopTheBuild(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "src", "text")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	write := func(name, content string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("some.sv.ts", "export default {\n  'a': 'Ett',\n  'b': 'Två',\n} as const;\n")
	for name, english := range map[string]string{
		"missing": "export default {\n  'a': 'One',\n};\n",
		"other":   "export default {\n  'a': 'One',\n  'c': 'Two',\n};\n",
		"unclear": "export default {\n  'a': 'One',\n  'b': 'Two' + 'and more',\n};\n",
	} {
		write("some.en.ts", english)
		if result := built(filepath.Join(dir, "some.en.ts")); len(result.Errors) == 0 {
			t.Errorf("%s: built", name)
		}
	}
	write("some.en.ts", "export default {\n  'b': 'Two',\n  'a': 'One',\n};\n")
	if result := built(filepath.Join(dir, "some.en.ts")); len(result.Errors) > 0 || strings.Index(string(result.OutputFiles[0].Contents), "One") > strings.Index(string(result.OutputFiles[0].Contents), "Two") {
		t.Errorf("in another order: %v", result.Errors)
	}
}

func built(file string) api.BuildResult {
	return api.Build(api.BuildOptions{EntryPoints: []string{file}, Bundle: true, Write: false, Format: api.FormatESModule, Charset: api.CharsetUTF8,
		LogLevel: api.LogLevelSilent, Plugins: []api.Plugin{englishPlugin()}})
}

func builtText(t *testing.T, file string) []byte {
	t.Helper()
	result := built(file)
	if len(result.Errors) > 0 {
		t.Fatal(result.Errors)
	}
	return result.OutputFiles[0].Contents
}
