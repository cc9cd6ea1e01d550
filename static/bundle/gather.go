package main

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// gatherPlugin lets everything that is fetched later need the same shared modules:
// the bundler puts modules that the same files need into one, so what would be a
// dozen small files is one request, and compresses better. What is shared stands in
// src/base.ts, and for screens in src/areas/shared.ts.
func gatherPlugin() api.Plugin {
	return api.Plugin{Name: "gather", Setup: func(build api.PluginBuild) {
		build.OnResolve(api.OnResolveOptions{Filter: `^\.`}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
			if args.Kind != api.ResolveJSDynamicImport || args.PluginData == resolving {
				return api.OnResolveResult{}, nil
			}
			found := build.Resolve(args.Path, api.ResolveOptions{
				ResolveDir: args.ResolveDir, Importer: args.Importer, Kind: args.Kind, PluginData: resolving,
			})
			return api.OnResolveResult{Path: found.Path, Errors: found.Errors, PluginData: sharedBy(found.Path)}, nil
		})
		build.OnLoad(api.OnLoadOptions{Filter: `\.tsx?$`}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
			shared, ok := args.PluginData.(string)
			if !ok || shared == "" {
				return api.OnLoadResult{}, nil
			}
			own, err := os.ReadFile(args.Path)
			if err != nil {
				return api.OnLoadResult{}, err
			}
			first, err := filepath.Abs(shared)
			if err != nil {
				return api.OnLoadResult{}, err
			}
			contents := "import " + quote(first) + ";\n" + string(own)
			loader := api.LoaderTS
			if filepath.Ext(args.Path) == ".tsx" {
				loader = api.LoaderTSX
			}
			return api.OnLoadResult{Contents: &contents, Loader: loader, ResolveDir: filepath.Dir(args.Path)}, nil
		})
	}}
}

const resolving = "resolving"

// sharedBy is what a file that is fetched later shares with others of its sort;
// nothing for texts, which need no module.
func sharedBy(path string) string {
	src := filepath.ToSlash(path)
	switch {
	case strings.Contains(src, "/src/areas/"), strings.Contains(src, "/src/screens/"):
		return "src/areas/shared.ts"
	case strings.Contains(src, "/src/core/"):
		return "src/base.ts"
	}
	return ""
}
