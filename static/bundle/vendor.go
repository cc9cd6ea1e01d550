package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/evanw/esbuild/pkg/api"
)

// Vendored is one module as vendor/VENDOR.json describes it.
type Vendored struct {
	Module  string            `json:"module"`  // its name on npm
	Version string            `json:"version"` // as in package.json and its lock
	Licence string            `json:"licence"`
	Folder  string            `json:"folder"`  // under vendor/
	Imports map[string]string `json:"imports"` // what one imports -> file in the folder
	From    map[string]string `json:"from"`    // file in the folder -> file in the module
	SHA256  map[string]string `json:"sha256"`  // file in the folder -> hash
}

const vendorList = "vendor/VENDOR.json"

func readVendor() ([]Vendored, error) {
	b, err := os.ReadFile(vendorList)
	if err != nil {
		return nil, err
	}
	var list []Vendored
	if err := json.Unmarshal(b, &list); err != nil {
		return nil, fmt.Errorf("%s: %w", vendorList, err)
	}
	return list, nil
}

// checkVendor fails when a vendored file is not the one that was taken.
func checkVendor(list []Vendored) error {
	for _, v := range list {
		for file, want := range v.SHA256 {
			path := filepath.Join("vendor", v.Folder, file)
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			if got := hash(b); got != want {
				return fmt.Errorf("%s is not the file of %s %s: its hash is %s", path, v.Module, v.Version, got)
			}
		}
	}
	return nil
}

// takeVendor copies the listed files from an npm install and writes their
// versions and hashes into the list.
func takeVendor(modules string) error {
	list, err := readVendor()
	if err != nil {
		return err
	}
	for i := range list {
		if err := list[i].take(modules); err != nil {
			return err
		}
	}
	b, err := json.MarshalIndent(list, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(vendorList, append(b, '\n'), 0o644)
}

func (v *Vendored) take(modules string) error {
	from := filepath.Join(modules, filepath.FromSlash(v.Module))
	b, err := os.ReadFile(filepath.Join(from, "package.json"))
	if err != nil {
		return err
	}
	var described struct{ Version, License string }
	if err := json.Unmarshal(b, &described); err != nil {
		return err
	}
	v.Version, v.Licence, v.SHA256 = described.Version, described.License, map[string]string{}
	for file, source := range v.From {
		b, err := os.ReadFile(filepath.Join(from, filepath.FromSlash(source)))
		if err != nil {
			return err
		}
		to := filepath.Join("vendor", v.Folder, file)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(to, b, 0o644); err != nil {
			return err
		}
		v.SHA256[file] = hash(b)
	}
	return nil
}

func hash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// vendorPlugin resolves the names of modules to the vendored files, and nothing else.
func vendorPlugin(list []Vendored) api.Plugin {
	files := map[string]string{}
	for _, v := range list {
		for name, file := range v.Imports {
			files[name], _ = filepath.Abs(filepath.Join("vendor", v.Folder, file))
		}
	}
	return api.Plugin{Name: "vendor", Setup: func(b api.PluginBuild) {
		b.OnResolve(api.OnResolveOptions{Filter: `^[@a-z]`}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
			if args.Kind == api.ResolveEntryPoint {
				return api.OnResolveResult{}, nil
			}
			if path, ok := files[args.Path]; ok {
				return api.OnResolveResult{Path: path}, nil
			}
			if len(args.Path) > 5 && args.Path[:5] == "node:" {
				return api.OnResolveResult{Path: args.Path, External: true}, nil
			}
			return api.OnResolveResult{}, fmt.Errorf("%q is not vendored: see %s", args.Path, vendorList)
		})
	}}
}
