package main

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// The commented example is every setting with its default, so that it cannot rot.
func TestExampleIsTheDefaults(t *testing.T) {
	path := filepath.Join("..", "..", "docs", "bokvar.example.yaml")
	c, err := readConfig(path)
	if err != nil {
		t.Fatal(err)
	}
	if want := defaults(); !reflect.DeepEqual(c, want) {
		t.Errorf("the example says\n%+v\nthe defaults are\n%+v", c, want)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, settings := range []reflect.Type{reflect.TypeFor[Config](), reflect.TypeFor[LogConfig](), reflect.TypeFor[KeysConfig](), reflect.TypeFor[PushConfig]()} {
		for field := range settings.Fields() {
			if name := field.Tag.Get("yaml"); name != "" && !strings.Contains(string(text), name+":") {
				t.Errorf("the example does not mention %s", name)
			}
		}
	}
}

func TestUnknownKeyIsAnError(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bokvar.yaml")
	if err := os.WriteFile(path, []byte("adress: 127.0.0.1:1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := readConfig(path); err == nil || !strings.Contains(err.Error(), "adress") {
		t.Errorf("a misspelt key gives %v", err)
	}
}
