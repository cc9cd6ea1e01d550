package main

import (
	"fmt"
	"mime"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// serveDev serves the app over made-up records, bundled anew for every page.
// Open /?screen=/visit/… ; no server, journal or service worker takes part.
func serveDev(addr string) error {
	var current *app
	fmt.Println("open http://" + addr + "/dev?screen=/")
	return http.ListenAndServe(addr, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
		if path.Ext(name) == "" {
			built, err := bundleApp(true)
			if err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			current, name = built, "index.html"
		}
		if current == nil || current.files[name] == nil {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
		w.Header().Set("Cache-Control", "no-store")
		_, _ = w.Write(current.files[name])
	}))
}

// bundleTests makes one file of every src/**/*.test.ts, for `node --test`.
func bundleTests(dir string) error {
	vendored, err := readVendor()
	if err != nil {
		return err
	}
	var entries []string
	err = filepath.WalkDir("src", func(p string, d os.DirEntry, err error) error {
		if err == nil && (strings.HasSuffix(p, ".test.ts") || strings.HasSuffix(p, ".test.tsx")) {
			entries = append(entries, p)
		}
		return err
	})
	if err != nil {
		return err
	}
	if len(entries) == 0 {
		return fmt.Errorf("no tests under src")
	}
	result := api.Build(api.BuildOptions{
		EntryPoints: entries, Outdir: dir, Outbase: "src", OutExtension: map[string]string{".js": ".mjs"},
		Bundle: true, Write: true, Format: api.FormatESModule, Platform: api.PlatformNeutral, Target: api.ES2022,
		JSX: api.JSXAutomatic, JSXImportSource: "preact", Sourcemap: api.SourceMapInline,
		LogLevel: api.LogLevelSilent, Plugins: []api.Plugin{vendorPlugin(vendored)},
		Define: map[string]string{"JOURNAL_WORKER": `""`, "STRETCH_WORKER": `""`, "LICENCES": `""`},
	})
	if len(result.Errors) > 0 {
		return fmt.Errorf("%s", strings.Join(api.FormatMessages(result.Errors, api.FormatMessagesOptions{}), "\n"))
	}
	return nil
}
