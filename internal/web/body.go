package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"

	"github.com/gofiber/fiber/v2"
)

// body reads the whole body, up to limit bytes. What is over the limit is
// answered with errTooBig after it has been read and dropped up to drain bytes,
// because a sender that is cut off never reads the answer.
func body(c *fiber.Ctx, limit, drain int64) ([]byte, error) {
	stream := c.Context().RequestBodyStream()
	if stream == nil {
		return c.Body(), nil
	}
	content, err := io.ReadAll(io.LimitReader(stream, limit+1))
	if err != nil {
		return nil, errMalformed
	}
	if int64(len(content)) > limit {
		_, _ = io.Copy(io.Discard, io.LimitReader(stream, drain))
		return nil, errTooBig
	}
	return content, nil
}

// readJSON reads a small body into v.
func readJSON(c *fiber.Ctx, v any) error {
	content, err := body(c, smallBody, smallBody)
	if err != nil {
		return err
	}
	if json.Unmarshal(content, v) != nil {
		return errMalformed
	}
	return nil
}

// readFile reads the field "file" of an uploaded form.
func readFile(c *fiber.Ctx) (name string, content []byte, err error) {
	form, err := body(c, importBody, drainBody)
	if err != nil {
		return "", nil, err
	}
	kind, params, err := mime.ParseMediaType(c.Get(fiber.HeaderContentType))
	if err != nil || kind != fiber.MIMEMultipartForm || params["boundary"] == "" {
		return "", nil, errMalformed
	}
	parts := multipart.NewReader(bytes.NewReader(form), params["boundary"])
	for {
		part, err := parts.NextPart()
		if err != nil {
			return "", nil, errMalformed // also when the field is missing: io.EOF
		}
		if part.FormName() != "file" {
			continue
		}
		if content, err = io.ReadAll(part); err != nil {
			return "", nil, errMalformed
		}
		return part.FileName(), content, nil
	}
}

// finishBody makes sure that what a handler left unread is never taken for the
// next request on the connection.
func (w *Web) finishBody(c *fiber.Ctx) error {
	err := c.Next()
	stream := c.Context().RequestBodyStream()
	if stream == nil {
		return err
	}
	if _, e := io.CopyN(io.Discard, stream, smallBody); !errors.Is(e, io.EOF) {
		c.Context().SetConnectionClose()
	}
	return err
}
