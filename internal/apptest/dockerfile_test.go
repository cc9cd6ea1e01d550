package apptest

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// instruction is one line of the Dockerfile, continued lines joined.
type instruction struct {
	line       int
	word, rest string
}

// The Dockerfile is read strictly. What is checked, beyond that every instruction
// is one we know: images have a tag that is not "latest"; the last stage is not
// root, has a health check that asks the port it exposes, one volume, and starts
// the program without a shell; nothing is fetched with ADD or a package manager
// whose versions move; what is copied from another stage was made there; every
// folder is absolute.
func TestDockerfileIsRight(t *testing.T) {
	lines := dockerfile(t)
	stages := map[string]bool{}
	last := map[string][]string{}
	for _, i := range lines {
		wrong := func(format string, args ...any) {
			t.Errorf("Dockerfile:%d: %s: %s", i.line, i.word, fmt.Sprintf(format, args...))
		}
		switch i.word {
		case "FROM":
			image, name, named := strings.Cut(i.rest, " AS ")
			if at := strings.LastIndex(image, ":"); at < 0 || image[at+1:] == "latest" || strings.Contains(image[at:], "/") {
				wrong("%s has no tag of its own", image)
			}
			if named {
				stages[name] = true
			}
			last = map[string][]string{}
		case "WORKDIR", "VOLUME", "EXPOSE", "USER", "HEALTHCHECK", "ENTRYPOINT", "CMD", "ARG":
		case "COPY":
			if from := regexp.MustCompile(`--from=(\S+)`).FindStringSubmatch(i.rest); from != nil && !stages[from[1]] {
				wrong("there is no stage %s", from[1])
			}
		case "RUN":
			if regexp.MustCompile(`\b(apt|apt-get|apk|curl|wget|sudo|cd)\b`).MatchString(i.rest) {
				wrong("%q: what is needed lies in the image, and WORKDIR says where", i.rest)
			}
		default:
			wrong("not among the instructions that are needed here")
		}
		if i.word == "WORKDIR" && !filepath.IsAbs(i.rest) {
			wrong("%s is not absolute", i.rest)
		}
		last[i.word] = append(last[i.word], i.rest)
	}
	for _, word := range []string{"USER", "VOLUME", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT", "CMD"} {
		if len(last[word]) != 1 {
			t.Fatalf("the last stage has %d %s; want one", len(last[word]), word)
		}
	}
	if user := last["USER"][0]; strings.HasPrefix(user, "root") || strings.HasPrefix(user, "0") {
		t.Errorf("the program runs as %s", user)
	}
	for word, value := range map[string]string{"ENTRYPOINT": last["ENTRYPOINT"][0], "CMD": last["CMD"][0], "VOLUME": last["VOLUME"][0],
		"HEALTHCHECK": last["HEALTHCHECK"][0][strings.Index(last["HEALTHCHECK"][0], "["):]} {
		var list []string
		if json.Unmarshal([]byte(value), &list) != nil || len(list) == 0 {
			t.Errorf("%s %s is no list: it would need a shell, and there is none", word, value)
		}
	}
	if !strings.Contains(last["HEALTHCHECK"][0], ":"+last["EXPOSE"][0]+`"`) {
		t.Errorf("the health check %s does not ask the port %s", last["HEALTHCHECK"][0], last["EXPOSE"][0])
	}
}

// The build stage's steps, run by hand in an empty folder, leave a program that
// serves and calls itself healthy with the arguments that the image gives it.
func TestDockerfileSteps(t *testing.T) {
	t.Parallel()
	root, err := Root()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	src, out := filepath.Join(dir, "src"), filepath.Join(dir, "out")
	ran := 0
	for _, i := range dockerfile(t) {
		if i.word == "FROM" && ran > 0 {
			break // the last stage only copies
		}
		switch i.word {
		case "COPY": // what a clone has, as the build context would
			copyTracked(t, root, src)
		case "RUN":
			step := strings.ReplaceAll(strings.ReplaceAll(i.rest, "/out", out), "/src", src)
			cmd := exec.Command("/bin/sh", "-c", step)
			cmd.Dir, cmd.Env = src, append(os.Environ(), "VERSION=by-hand")
			if said, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("Dockerfile:%d: %s: %v\n%s", i.line, step, err, said)
			}
			ran++
		}
	}
	program := filepath.Join(out, "bokvar")
	if said, err := exec.Command(program, "version").CombinedOutput(); err != nil || !strings.Contains(string(said), "by-hand") {
		t.Errorf("version: %v %s", err, said)
	}
	servesAndIsHealthy(t, program, dir)
}

func servesAndIsHealthy(t *testing.T, program, dir string) {
	t.Helper()
	data := filepath.Join(dir, "out", "data")
	addr := "127.0.0.1:" + holdPort(t)
	config := filepath.Join(data, "bokvar.yaml")
	if err := os.WriteFile(config, []byte("addr: "+addr+"\ndata: "+data+"\norigin: https://bokvar.example\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	serve := exec.Command(program, "serve", "-config", config)
	serve.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	Retry(t, "it is healthy", func() error {
		said, err := exec.Command(program, "healthy", "-addr", addr).CombinedOutput()
		if err != nil {
			return fmt.Errorf("%w: %s", err, said)
		}
		return nil
	})
	_ = serve.Process.Signal(syscall.SIGTERM)
	if err := serve.Wait(); err != nil {
		t.Errorf("it ends with %v", err)
	}
}

// copyTracked copies what git tracks: what a fresh clone has.
func copyTracked(t *testing.T, from, to string) {
	t.Helper()
	listed, err := exec.Command("git", "-C", from, "ls-files", "-z").Output()
	if err != nil {
		t.Fatalf("git ls-files: %v", err)
	}
	for name := range strings.SplitSeq(strings.TrimRight(string(listed), "\x00"), "\x00") {
		content, err := os.ReadFile(filepath.Join(from, name))
		if os.IsNotExist(err) {
			continue // deleted, not committed yet
		}
		if err == nil {
			err = os.MkdirAll(filepath.Dir(filepath.Join(to, name)), 0o755)
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(to, name), content, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func dockerfile(t *testing.T) (found []instruction) {
	t.Helper()
	root, err := Root()
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(filepath.Join(root, "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	begun := instruction{}
	for n, line := range strings.Split(string(content), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if begun.word == "" {
			word, rest, _ := strings.Cut(line, " ")
			begun = instruction{line: n + 1, word: word, rest: rest}
		} else {
			begun.rest += " " + line
		}
		if rest, more := strings.CutSuffix(begun.rest, "\\"); more {
			begun.rest = strings.TrimSpace(rest)
			continue
		}
		found, begun = append(found, begun), instruction{}
	}
	if !slices.ContainsFunc(found, func(i instruction) bool { return i.word == "RUN" }) {
		t.Fatal("the Dockerfile has no step to run")
	}
	return found
}
