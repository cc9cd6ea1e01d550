package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bokvar/internal/casework"
	"bokvar/internal/demo"
	"bokvar/sync/wire"
)

// do runs a command as a person would.
func do(t *testing.T, code int, args ...string) (out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	if got := run(context.Background(), args, stdio{&o, &e}); got != code {
		t.Fatalf("bokvar %s: exit %d, want %d\n%s%s", strings.Join(args, " "), got, code, o.String(), e.String())
	}
	return o.String(), e.String()
}

func TestExitCodes(t *testing.T) {
	for _, args := range [][]string{{}, {"help"}, {"fly"}, {"serve", "-wings"}, {"backup"}, {"user"}, {"user", "fly"}, {"verify", "x"}} {
		if _, errs := do(t, 2, args...); errs == "" {
			t.Errorf("%v: nothing was said", args)
		}
	}
	if out, _ := do(t, 0, "version"); !strings.HasPrefix(out, "bokvar ") {
		t.Error(out)
	}
	empty := t.TempDir()
	for _, args := range [][]string{
		{"serve", "-data", empty, "-addr", "0.0.0.0:0"}, {"serve", "-config", "no such file"}, {"restore", "-data", empty, "no such file"},
		{"import", "-data", empty, "-org", "none", "no such file"}, {"user", "invite", "-data", t.TempDir(), "nobody"},
	} {
		if _, errs := do(t, 1, args...); !strings.HasPrefix(errs, "bokvar "+args[0]+": ") {
			t.Errorf("%v: %q", args, errs)
		}
	}
}

// The bill of materials names what is inside, with version and licence where known.
func TestBillOfMaterials(t *testing.T) {
	out, _ := do(t, 0, "sbom")
	var bill cycloneDX
	if err := json.Unmarshal([]byte(out), &bill); err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, c := range bill.Components {
		found[c.Name] = c.Version != "" && c.PURL != ""
	}
	for _, name := range []string{"Go standard library", "preact", "signature_pad"} { // a test binary does not list its Go modules
		if !found[name] {
			t.Errorf("%s is not in it", name)
		}
	}
}

func TestPeopleByCommand(t *testing.T) {
	data := t.TempDir()
	do(t, 0, "org", "add", "-data", data, "-id", "hem", "-name", "Hem", "-kind", "landlord")
	do(t, 0, "org", "unit", "-data", data, "-org", "hem", "-id", "norr", "-name", "Norr")
	out, _ := do(t, 0, "user", "add", "-data", data, "-org", "hem", "-id", "kim", "-name", "Kim Strandvik", "-role", "caretaker", "-units", "norr")
	if !strings.Contains(out, "/in#") {
		t.Error(out)
	}
	do(t, 1, "user", "add", "-data", data, "-org", "hem", "-id", "kim", "-name", "Kim Strandvik", "-role", "caretaker")
	do(t, 1, "user", "add", "-data", data, "-org", "hem", "-id", "alva", "-name", "Alva Lindroos", "-role", "social_worker")
	do(t, 0, "user", "change", "-data", data, "-units", "", "kim")
	do(t, 1, "user", "change", "-data", data, "kim")
	do(t, 1, "user", "change", "-data", data, "-role", "social_worker", "kim")
	do(t, 1, "user", "change", "-data", data, "-name", " ", "kim")
	if out, _ = do(t, 0, "user", "list", "-data", data); !strings.Contains(out, "kim  hem  caretaker  active    Kim Strandvik") {
		t.Error(out)
	}
	do(t, 0, "user", "change", "-data", data, "-units", "norr", "-title", "Vikarie", "kim")
	do(t, 0, "user", "invite", "-data", data, "kim")
	do(t, 0, "user", "disable", "-data", data, "kim")
	do(t, 1, "user", "invite", "-data", data, "kim")
	if out, _ = do(t, 0, "user", "list", "-data", data); !strings.Contains(out, "kim  hem  caretaker  disabled  norr  Kim Strandvik") {
		t.Error(out)
	}
	if out, _ = do(t, 0, "org", "list", "-data", data); !strings.Contains(out, "hem  landlord  Hem") {
		t.Error(out)
	}
	do(t, 0, "verify", "-data", data)
}

// A command reaches the server that uses the folder, at once.
func TestCommandsReachTheRunningServer(t *testing.T) {
	data := town(t)
	r := start(t, data)
	kim, jonna := r.signIn("kim").connect(), r.signIn("jonna").connect()
	waitForControl(t, data)
	do(t, 0, "user", "disable", "-data", data, "kim")
	if p := hear[*wire.Problem](kim); p.Code != wire.CodeSignedOut {
		t.Errorf("%+v", p)
	}
	for string(jonna.held["kim"].Fields["active"]) != "false" {
		jonna.take(hear[*wire.Page](jonna))
	}
	do(t, 1, "user", "invite", "-data", data, "kim")
	files, err := demo.NewTown(1).WriteFiles(t.TempDir(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if out, _ := do(t, 0, "import", "-data", data, "-org", demo.Landlord, files[0]); !strings.Contains(out, "waits for a coordinator") {
		t.Error(out)
	}
	if _, errs := do(t, 1, "import", "-data", data, "-org", demo.Landlord, filepath.Join(data, "bokvar.db")); len(errs) < 20 {
		t.Error(errs)
	}
	if _, errs := do(t, 1, "serve", "-data", data, "-addr", "127.0.0.1:0"); !strings.Contains(errs, "another bokvar") {
		t.Error(errs)
	}
	do(t, 0, "verify", "-data", data)
}

// waitForControl waits until the server takes orders.
func waitForControl(t *testing.T, data string) {
	t.Helper()
	var err error
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if _, err = ask[[]casework.Organisation](data, order{Name: "org list", Args: []byte("{}")}); err == nil {
			return
		}
	}
	t.Fatalf("the server takes no orders: %v", err)
}

func TestExportShowsWhatThePersonMaySee(t *testing.T) {
	data := town(t)
	start(t, data)
	waitForControl(t, data)
	count := func(args ...string) map[string]int {
		out, _ := do(t, 0, append([]string{"export", "-data", data, "-org", demo.Landlord}, args...)...)
		kinds := map[string]int{}
		for line := range strings.Lines(out) {
			var rec exported
			if err := json.Unmarshal([]byte(line), &rec); err != nil {
				t.Fatal(err)
			}
			kinds[rec.Kind]++
		}
		return kinds
	}
	if kinds := count(); kinds["household"] != 0 || kinds["colleague"] == 0 {
		t.Errorf("the administrator's export: %v", kinds)
	}
	if kinds := count("-as", "jonna"); kinds["household"] < 40 || kinds["claim"] < 40 || kinds["giving"] != 0 {
		t.Errorf("the coordinator's export: %v", kinds)
	}
	do(t, 1, "export", "-data", data, "-org", demo.Landlord, "-as", "samira")
}

// A restored copy is a new generation, and phones bring what it lacks.
func TestBackupAndRestore(t *testing.T) {
	data, elsewhere := town(t), t.TempDir()
	r := start(t, data)
	waitForControl(t, data)
	jonna := r.signIn("jonna").connect()
	rec := jonna.any("household", func(h wire.Record) bool { return h.Fields["door_code"] != nil })
	copied := filepath.Join(elsewhere, "copy.db")
	do(t, 0, "backup", "-data", data, copied)
	do(t, 1, "backup", "-data", data, copied)
	late := commits(change(rec, "door_code", "4711"))
	jonna.say(late)
	if got := hear[*wire.Receipt](jonna); got.Status != wire.Saved {
		t.Fatalf("%+v", got)
	}
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	fresh := filepath.Join(elsewhere, "data")
	do(t, 1, "restore", "-data", fresh, copied) // no keys yet
	if err := os.CopyFS(filepath.Join(fresh, "keys"), os.DirFS(filepath.Join(data, "keys"))); err != nil {
		t.Fatal(err)
	}
	if out, _ := do(t, 0, "restore", "-data", fresh, copied); !strings.HasPrefix(out, "ok: ") {
		t.Error(out)
	}
	do(t, 1, "restore", "-data", fresh, copied)
	jonna.r = start(t, fresh)
	before := jonna.held
	jonna.held, jonna.cursor = map[string]wire.Record{}, 0
	jonna.cookie = jonna.r.signIn("jonna").cookie
	jonna.connect()
	if got := string(jonna.held[rec.ID].Fields["door_code"]); got == `"4711"` || len(before) < 100 {
		t.Errorf("the copy holds what came after it: %s", got)
	}
	jonna.say(late)
	if got := hear[*wire.Receipt](jonna); got.Status != wire.Saved {
		t.Errorf("%+v", got)
	}
}

func TestAnAgreementIsMadeAndChanged(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	must := func(args ...string) string {
		t.Helper()
		out, _ := do(t, 0, append(args, "-data", dir)...)
		return out
	}
	must("org", "add", "-id", "hem", "-kind", "landlord", "-name", "Hem")
	must("org", "add", "-id", "soc", "-kind", "social_services", "-name", "Soc")
	must("org", "unit", "-org", "soc", "-id", "vrak", "-name", "Vrak")
	for _, wrong := range [][]string{
		{"-landlord", "hem", "-social", "soc", "-unit", "vrak"},
		{"-landlord", "hem", "-social", "soc", "-unit", "nowhere", "-phone", "1"},
		{"-landlord", "soc", "-social", "hem", "-unit", "vrak", "-phone", "1"},
		{"-landlord", "hem", "-social", "nobody", "-unit", "vrak", "-phone", "1"},
	} {
		if _, errs := do(t, 1, append(append([]string{"agreement", "add"}, wrong...), "-data", dir)...); errs == "" {
			t.Errorf("%v: no word why", wrong)
		}
	}
	must("agreement", "add", "-landlord", "hem", "-social", "soc", "-unit", "vrak", "-phone", "08-1")
	file := filepath.Join(t.TempDir(), "words.txt")
	if err := os.WriteFile(file, []byte("Rubrik\n\nText.\n\nMer.\n---\nRing oss.\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	must("agreement", "add", "-landlord", "hem", "-social", "soc", "-unit", "vrak", "-phone", "08-2", "-wording", file, "-version", "2")
	if list := must("agreement", "list"); !strings.Contains(list, "08-2") || strings.Count(list, "Hem") != 1 {
		t.Errorf("the list is %q", list)
	}
	c := defaults()
	c.Data = dir
	o, err := openCore(c)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = o.close() }()
	err = o.db.Facts(func(f casework.Facts) error {
		words, err := f.RecordsOfKind("soc", "wording")
		if len(words) != 2 {
			t.Errorf("%d wordings are known, want the first and the second", len(words))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
