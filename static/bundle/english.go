package main

import (
	"fmt"
	"os"
	"regexp"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// englishPlugin leaves the keys out of the English texts: they are the Swedish ones,
// which src/text/index.ts puts beside them again. What is left is a list of texts in the
// order of the Swedish keys. A key that is missing, or that Swedish does not have, stops the build.
func englishPlugin() api.Plugin {
	return api.Plugin{Name: "english", Setup: func(build api.PluginBuild) {
		build.OnLoad(api.OnLoadOptions{Filter: `/src/text/[a-z]+\.en\.ts$`}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
			_, english, err := textsOf(args.Path)
			if err != nil {
				return api.OnLoadResult{}, err
			}
			keys, _, err := textsOf(strings.TrimSuffix(args.Path, ".en.ts") + ".sv.ts")
			if err != nil {
				return api.OnLoadResult{}, err
			}
			if len(keys) != len(english) {
				return api.OnLoadResult{}, fmt.Errorf("%s has %d texts, Swedish %d", args.Path, len(english), len(keys))
			}
			list := make([]string, len(keys))
			for i, key := range keys {
				text, known := english[key]
				if !known {
					return api.OnLoadResult{}, fmt.Errorf("%s has no %s", args.Path, key)
				}
				list[i] = text
			}
			contents := "export default [" + strings.Join(list, ",\n") + "];\n"
			return api.OnLoadResult{Contents: &contents, Loader: api.LoaderTS}, nil
		})
	}}
}

var (
	textLine = regexp.MustCompile(`^\s+'([^']+)': ('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"),(?: //.*)?$`)
	noText   = regexp.MustCompile(`^\s*(//.*|import .*|export default \{|\}.*;)?$`)
)

// textsOf reads a file of texts: its keys in order, and each text as it is written.
func textsOf(path string) (keys []string, texts map[string]string, err error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, err
	}
	texts = map[string]string{}
	for i, line := range strings.Split(string(content), "\n") {
		if found := textLine.FindStringSubmatch(line); found != nil {
			keys = append(keys, found[1])
			texts[found[1]] = found[2]
		} else if !noText.MatchString(line) {
			return nil, nil, fmt.Errorf("%s:%d is no text of a line: %s", path, i+1, line)
		}
	}
	return keys, texts, nil
}
