package main

import (
	"encoding/json"
	"maps"
	"os"
	"slices"

	"github.com/evanw/esbuild/pkg/api"
)

// onPaper are the words of the tenant's page that the printed copy says too.
var onPaper = []string{"agreed", "talks", "title", "code", "call"}

// tonguesPlugin leaves the words of the tenant's own page out of the app: that page is
// the server's, and phones carry all languages.
func tonguesPlugin() api.Plugin {
	return api.Plugin{Name: "tongues", Setup: func(build api.PluginBuild) {
		build.OnLoad(api.OnLoadOptions{Filter: `[/\\]tongues[/\\][a-z-]+\.json$`}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
			raw, err := os.ReadFile(args.Path)
			if err != nil {
				return api.OnLoadResult{}, err
			}
			var words map[string]json.RawMessage
			if err := json.Unmarshal(raw, &words); err != nil {
				return api.OnLoadResult{}, err
			}
			var page map[string]string
			if err := json.Unmarshal(words["page"], &page); err != nil {
				return api.OnLoadResult{}, err
			}
			maps.DeleteFunc(page, func(word, _ string) bool { return !slices.Contains(onPaper, word) })
			if words["page"], err = json.Marshal(page); err != nil {
				return api.OnLoadResult{}, err
			}
			out, err := json.Marshal(words)
			contents := string(out)
			return api.OnLoadResult{Contents: &contents, Loader: api.LoaderJSON}, err
		})
	}}
}
