package web

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"path"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// file is one file of the app with its ready-made compressed twins.
type file struct {
	kind   string
	tag    string // entity tag
	plain  []byte
	brotli []byte // nil when there is none
	gzip   []byte
}

// files are the app's, by name ("assets/app-1a2b.js").
type files map[string]*file

var kinds = map[string]string{
	".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
	".html": "text/html; charset=utf-8", ".svg": "image/svg+xml", ".png": "image/png",
	".webmanifest": "application/manifest+json", ".woff2": "font/woff2", ".txt": "text/plain; charset=utf-8",
	".json": "application/json", ".wasm": "application/wasm",
}

// load reads the bundle once, so that answering never touches the file system.
func load(from fs.FS) (files, error) {
	all := files{}
	twins := map[string][]byte{}
	err := fs.WalkDir(from, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := fs.ReadFile(from, name)
		if err != nil {
			return err
		}
		switch path.Ext(name) {
		case ".br", ".gz":
			twins[name] = content
		default:
			all[name] = newFile(name, content)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the app's files: %w", err)
	}
	for name, f := range all {
		f.brotli, f.gzip = twins[name+".br"], twins[name+".gz"]
	}
	return all, nil
}

func newFile(name string, content []byte) *file {
	kind := kinds[path.Ext(name)]
	if kind == "" {
		if kind = mime.TypeByExtension(path.Ext(name)); kind == "" {
			kind = fiber.MIMEOctetStream
		}
	}
	sum := sha256.Sum256(content)
	return &file{kind: kind, tag: `"` + hex.EncodeToString(sum[:8]) + `"`, plain: content}
}

// send answers with a file of the app, as small as the browser can take it.
func (w *Web) send(c *fiber.Ctx, name, cache string) error {
	f := w.files[name]
	if f == nil {
		return errNotFound
	}
	c.Set(fiber.HeaderCacheControl, cache)
	c.Set(fiber.HeaderETag, f.tag)
	c.Set(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	if c.Get(fiber.HeaderIfNoneMatch) == f.tag {
		return c.SendStatus(fiber.StatusNotModified)
	}
	c.Set(fiber.HeaderContentType, f.kind)
	content := f.plain
	switch accepts := c.Get(fiber.HeaderAcceptEncoding); {
	case f.brotli != nil && takes(accepts, "br"):
		c.Set(fiber.HeaderContentEncoding, "br")
		content = f.brotli
	case f.gzip != nil && takes(accepts, "gzip"):
		c.Set(fiber.HeaderContentEncoding, "gzip")
		content = f.gzip
	}
	c.Response().SetBodyRaw(content) // shared, and never written to
	return nil
}

func takes(accepts, encoding string) bool {
	for part := range strings.SplitSeq(accepts, ",") {
		name, quality, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.TrimSpace(name) == encoding {
			quality = strings.ReplaceAll(quality, " ", "")
			return quality != "q=0" && quality != "q=0.0" && quality != "q=0.00" && quality != "q=0.000"
		}
	}
	return false
}
