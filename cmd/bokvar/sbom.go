package main

import (
	"context"
	"encoding/json"
	"errors"
	"runtime/debug"
	"strings"

	"bokvar/static"
)

// sbom prints what of others is inside this binary: Go modules as they were built
// in, and the modules of the app, in CycloneDX 1.5.
func sbom(_ context.Context, args []string, std stdio) error {
	if err := parse(flags("sbom", std), args, 0); err != nil {
		return err
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return errors.New("this binary was built without a list of its modules")
	}
	bill := cycloneDX{Format: "CycloneDX", Spec: "1.5", Version: 1, Components: []component{}}
	bill.Metadata.Component = component{Type: "application", Name: "bokvar", Version: version, PURL: "pkg:golang/bokvar"}
	bill.add("golang/std", "library", "Go standard library", info.GoVersion, "")
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		bill.add("golang/"+m.Path, "library", m.Path, m.Version, "")
	}
	var vendored []struct{ Module, Version, Licence string }
	if err := json.Unmarshal(static.Vendor, &vendored); err != nil {
		return err
	}
	for _, v := range vendored {
		bill.add("npm/"+strings.ReplaceAll(v.Module, "@", "%40"), "library", v.Module, v.Version, v.Licence)
	}
	out := json.NewEncoder(std.out)
	out.SetIndent("", "  ")
	return out.Encode(bill)
}

type cycloneDX struct {
	Format   string `json:"bomFormat"`
	Spec     string `json:"specVersion"`
	Version  int    `json:"version"`
	Metadata struct {
		Component component `json:"component"`
	} `json:"metadata"`
	Components []component `json:"components"`
}

type component struct {
	Type     string    `json:"type"`
	Name     string    `json:"name"`
	Version  string    `json:"version"`
	PURL     string    `json:"purl"`
	Licences []licence `json:"licenses,omitempty"`
}

type licence struct {
	Expression string `json:"expression"`
}

func (b *cycloneDX) add(purl, kind, name, version, terms string) {
	c := component{Type: kind, Name: name, Version: version, PURL: "pkg:" + purl + "@" + version}
	if terms != "" {
		c.Licences = []licence{{terms}}
	}
	b.Components = append(b.Components, c)
}
