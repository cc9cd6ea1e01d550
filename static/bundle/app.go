package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// app is the bundled app in memory: path under dist -> content.
type app struct {
	files   map[string][]byte
	initial []string // JS and CSS that every screen needs
	meta    metafile // of the scripts
}

// engines are the oldest browsers we build for.
var engines = []api.Engine{
	{Name: api.EngineIOS, Version: "16.4"},
	{Name: api.EngineSafari, Version: "16.4"},
	{Name: api.EngineChrome, Version: "100"},
	{Name: api.EngineFirefox, Version: "115"},
}

// bundleApp builds everything in memory. With dev the entry is the dev page.
func bundleApp(dev bool) (*app, error) {
	vendored, err := readVendor()
	if err != nil {
		return nil, err
	}
	if err := checkVendor(vendored); err != nil {
		return nil, err
	}
	b := &builder{app: &app{files: map[string][]byte{}}, plugin: vendorPlugin(vendored), dev: dev}
	for _, step := range []func() error{b.licences(vendored), b.buildWorkers, b.styles, b.scripts, b.copied, b.page, b.serviceWorker} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return b.app, nil
}

type builder struct {
	named string // the version of the shell
	*app
	plugin               api.Plugin
	dev                  bool
	workers              map[string]string // define -> path
	licencesPath         string
	script, style, paper string
}

func (b *builder) options(entry string) api.BuildOptions {
	return api.BuildOptions{
		EntryPoints: []string{entry}, Outdir: "dist", Bundle: true, Write: false, Metafile: true,
		EntryNames: "assets/[name]-[hash]", ChunkNames: "assets/[name]-[hash]", AssetNames: "assets/[name]-[hash]",
		MinifyWhitespace: !b.dev, MinifyIdentifiers: !b.dev, MinifySyntax: !b.dev,
		Engines: engines, Format: api.FormatESModule, Charset: api.CharsetUTF8,
		JSX: api.JSXAutomatic, JSXImportSource: "preact",
		LegalComments: api.LegalCommentsNone, LogLevel: api.LogLevelSilent,
		Plugins: []api.Plugin{b.plugin, englishPlugin(), gatherPlugin(), tonguesPlugin()},
		Define:  b.defines(),
	}
}

func (b *builder) defines() map[string]string {
	all := map[string]string{"LICENCES": quote("/" + b.licencesPath)}
	for name := range workers {
		all[name] = quote("/" + b.workers[name])
	}
	return all
}

// workers are scripts of their own, by the name that the app calls their address.
var workers = map[string]string{
	"JOURNAL_WORKER": "src/core/journal.worker.ts",
	"STRETCH_WORKER": "src/core/stretch.worker.ts",
}

// build runs esbuild, takes its files and returns the path of the entry's output.
func (b *builder) build(o api.BuildOptions) (entry string, meta metafile, err error) {
	result := api.Build(o)
	if len(result.Errors) > 0 {
		return "", meta, errors.New(strings.Join(api.FormatMessages(result.Errors, api.FormatMessagesOptions{}), "\n"))
	}
	if err := json.Unmarshal([]byte(result.Metafile), &meta); err != nil {
		return "", meta, err
	}
	root, err := filepath.Abs("dist")
	if err != nil {
		return "", meta, err
	}
	for _, f := range result.OutputFiles {
		rel, err := filepath.Rel(root, f.Path)
		if err != nil {
			return "", meta, err
		}
		b.files[filepath.ToSlash(rel)] = f.Contents
	}
	for out, m := range meta.Outputs {
		if m.EntryPoint == o.EntryPoints[0] {
			entry = strings.TrimPrefix(out, "dist/")
		}
	}
	return entry, meta, nil
}

type metafile struct {
	Outputs map[string]struct {
		EntryPoint string
		Imports    []struct{ Path, Kind string }
	}
}

// statically lists the output and everything it imports before it can run.
func (m metafile) statically(out string, seen map[string]bool) {
	if seen[out] {
		return
	}
	seen[out] = true
	for _, i := range m.Outputs["dist/"+out].Imports {
		if i.Kind == "import-statement" {
			m.statically(strings.TrimPrefix(i.Path, "dist/"), seen)
		}
	}
}

// needs lists what the sources (screens, texts) need beside the initial files.
func (a *app) needs(sources ...string) []string {
	needed := map[string]bool{}
	for out, m := range a.meta.Outputs {
		if m.EntryPoint != "" && slices.Contains(sources, m.EntryPoint) {
			a.meta.statically(strings.TrimPrefix(out, "dist/"), needed)
		}
	}
	return slices.Sorted(maps.Keys(needed))
}

func (b *builder) buildWorkers() error {
	b.workers = map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(workers)) {
		o := b.options(workers[name])
		o.Format = api.FormatIIFE
		path, _, err := b.build(o)
		if err != nil {
			return err
		}
		b.workers[name] = path
	}
	return nil
}

func (b *builder) styles() (err error) {
	o := b.options("css/main.css")
	if b.style, _, err = b.build(o); err != nil {
		return err
	}
	b.initial = append(b.initial, b.style)
	b.paper, _, err = b.build(b.options("css/print.css"))
	return err
}

func (b *builder) scripts() error {
	entry := "src/main.tsx"
	if b.dev {
		entry = "src/dev/main.tsx"
	}
	o := b.options(entry)
	o.Splitting = true
	if b.dev {
		o.Sourcemap = api.SourceMapInline
	}
	script, meta, err := b.build(o)
	if err != nil {
		return err
	}
	b.script, b.meta = script, meta
	needed := map[string]bool{}
	meta.statically(script, needed)
	for out := range needed {
		b.initial = append(b.initial, out)
	}
	sort.Strings(b.initial)
	return nil
}

// copied are the files that go as they are.
func (b *builder) copied() error {
	icons, err := filepath.Glob("icons/*")
	if err != nil {
		return err
	}
	for _, name := range append(icons, "manifest.webmanifest") {
		content, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		b.files[filepath.ToSlash(name)] = content
	}
	return nil
}

// licences puts the terms of everything that is inside the bundle beside it.
func (b *builder) licences(vendored []Vendored) func() error {
	return func() error {
		var out strings.Builder
		for _, v := range vendored {
			text, err := os.ReadFile(filepath.Join("vendor", v.Folder, "LICENSE"))
			if err != nil {
				return err
			}
			fmt.Fprintf(&out, "%s %s (%s)\n\n%s\n\n", v.Module, v.Version, v.Licence, strings.TrimSpace(string(text)))
		}
		content := []byte(out.String())
		b.licencesPath = "assets/licences-" + hash(content)[:8] + ".txt"
		b.files[b.licencesPath] = content
		return nil
	}
}

// page fills the names into index.html. Nothing in it is inline but the icons,
// which are neither script nor style.
func (b *builder) page() error {
	page, err := os.ReadFile("index.html")
	if err != nil {
		return err
	}
	sprite, err := sprite()
	if err != nil {
		return err
	}
	var preload strings.Builder
	for _, name := range b.initial {
		if path.Ext(name) == ".js" && name != b.script {
			fmt.Fprintf(&preload, `<link rel="modulepreload" href="/%s">`+"\n", name)
		}
	}
	filled := strings.NewReplacer(
		"%STYLE%", "/"+b.style,
		"%PAPER%", "/"+b.paper,
		"%SCRIPT%", "/"+b.script,
		"%PRELOAD%\n", preload.String(),
		"%SPRITE%", sprite,
	).Replace(string(page))
	if strings.Contains(filled, "%STYLE") || strings.Contains(filled, "%PAPER") || strings.Contains(filled, "%SPRITE") || strings.Contains(filled, "%PRELOAD") {
		return errors.New("index.html: a name was not filled in")
	}
	// One name for the page and its service worker, so that a version can be withdrawn by it.
	b.files["index.html"] = []byte(filled)
	b.named = b.version()
	b.files["index.html"] = []byte(strings.ReplaceAll(filled, "%VERSION%", b.named))
	return nil
}

// sprite is the icons as a hidden part of the page.
func sprite() (string, error) {
	b, err := os.ReadFile("icons/icons.svg")
	if err != nil {
		return "", err
	}
	_, symbols, ok := strings.Cut(string(b), ">\n  <symbol ")
	if !ok {
		return "", errors.New("icons/icons.svg: no <symbol> found")
	}
	return "<svg hidden>\n  <symbol " + strings.TrimSpace(symbols), nil
}

// version names this content: the same sources give the same version.
func (b *builder) version() string {
	var all strings.Builder
	for _, name := range b.names() {
		fmt.Fprintln(&all, name, hash(b.files[name]))
	}
	return hash([]byte(all.String()))[:12]
}

// serviceWorker comes last: it carries the list of what the shell consists of.
func (b *builder) serviceWorker() error {
	list := []string{"/"}
	for _, name := range b.names() {
		if name != "index.html" && name != b.licencesPath {
			list = append(list, "/"+name)
		}
	}
	o := b.options("src/sw/events.ts")
	o.Format, o.EntryNames = api.FormatIIFE, "sw"
	encoded, err := json.Marshal(list)
	if err != nil {
		return err
	}
	o.Define["SHELL_FILES"] = string(encoded)
	o.Define["SHELL_VERSION"] = quote(b.named)
	_, _, err = b.build(o)
	return err
}

func (a *app) names() []string {
	names := make([]string, 0, len(a.files))
	for name := range a.files {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

func quote(s string) string {
	b, _ := json.Marshal(s) // a string always encodes
	return string(b)
}
