package web

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"

	"github.com/gofiber/fiber/v2"

	"bokvar/internal/casework"
	"bokvar/sync/server"
	"bokvar/sync/wire"
)

// statusOf is the one table from code to status. A code that is not here is
// something a person can put right: 422.
var statusOf = map[string]int{
	"malformed":         http.StatusBadRequest,
	"unreadable_upload": http.StatusBadRequest,
	"invalid_code":      http.StatusBadRequest,
	"invalid_born":      http.StatusBadRequest,
	"wrong_born":        http.StatusBadRequest,
	"wrong_passphrase":  http.StatusBadRequest,
	"passkey_refused":   http.StatusBadRequest,
	"signed_out":        http.StatusUnauthorized,
	"device_blocked":    http.StatusUnauthorized, // as every app understands it: nothing more is to be had here
	"not_allowed":       http.StatusForbidden,
	"device_unknown":    http.StatusForbidden,
	"wrong_origin":      http.StatusForbidden,
	"not_found":         http.StatusNotFound,
	"stale":             http.StatusConflict,
	"not_that_way":      http.StatusMethodNotAllowed,
	"slow":              http.StatusRequestTimeout,
	"too_big":           http.StatusRequestEntityTooLarge,
	"upgrade":           http.StatusUpgradeRequired,
	"too_many_tries":    http.StatusTooManyRequests,
	"too_many_born":     http.StatusTooManyRequests,
	"slow_down":         http.StatusTooManyRequests,
	"headers_too_big":   http.StatusRequestHeaderFieldsTooLarge,
	"failed":            http.StatusInternalServerError,
	"not_ready":         http.StatusServiceUnavailable,
	"disk_full":         http.StatusInsufficientStorage,
}

// codeOf names the refusals that Fiber itself makes.
var codeOf = map[int]*casework.Error{
	http.StatusBadRequest:                  errMalformed,
	http.StatusNotFound:                    errNotFound,
	http.StatusMethodNotAllowed:            {Code: "not_that_way", Sentence: "Så kan man inte fråga här."},
	http.StatusRequestTimeout:              {Code: "slow", Sentence: "Det tog för lång tid att ta emot. Försök igen."},
	http.StatusRequestEntityTooLarge:       errTooBig,
	http.StatusUpgradeRequired:             {Code: "upgrade", Sentence: "Här svarar servern bara på en websocket."},
	http.StatusRequestHeaderFieldsTooLarge: {Code: "headers_too_big", Sentence: "Frågans huvud är för stort."},
}

var (
	errAnotherPerson = &casework.Error{Code: "signed_out", Sentence: "Någon annan är inloggad på den här telefonen. Logga in igen."}
	errMalformed     = &casework.Error{Code: "malformed", Sentence: "Servern kunde inte läsa det som skickades."}
	errNotFound      = &casework.Error{Code: "not_found", Sentence: "Det finns inget här."}
	errTooBig        = &casework.Error{Code: "too_big", Sentence: "Det som skickades är större än vad servern tar emot."}
	errNotAllowed    = &casework.Error{Code: "not_allowed", Sentence: "Det får du inte göra i din roll."}
	errWrongOrigin   = &casework.Error{Code: "wrong_origin", Sentence: "Servern tar bara emot det som kommer från appen själv."}
)

// answer is the body of every failure.
type answer struct {
	Code     string `json:"code"`
	Sentence string `json:"sentence"`
}

// fail answers an error. One without a code is the server's own: it is logged
// under a number, and only the number is told.
func (w *Web) fail(c *fiber.Ctx, err error) error {
	a := known(err)
	if a == nil {
		number := errorNumber()
		w.Log.Error("request failed", slog.String("number", number), slog.String("route", c.Route().Path), slog.String("error", err.Error()))
		a = &answer{Code: "failed", Sentence: "Något gick fel på servern. Försök igen, och uppge nummer " + number + " om det händer igen."}
	}
	status, listed := statusOf[a.Code]
	if !listed {
		status = http.StatusUnprocessableEntity
	}
	switch a.Code {
	case "too_many_tries":
		c.Set(fiber.HeaderRetryAfter, "600")
	case "slow_down":
		c.Set(fiber.HeaderRetryAfter, "5")
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Status(status).JSON(a)
}

// known finds the code and sentence of an error that has them.
func known(err error) *answer {
	var wrong *casework.Error
	if errors.As(err, &wrong) {
		return &answer{wrong.Code, wrong.Sentence}
	}
	var refusal *server.Refusal
	if errors.As(err, &refusal) {
		return &answer{refusal.Code, refusal.Sentence}
	}
	var ofFiber *fiber.Error
	if errors.As(err, &ofFiber) {
		if e := codeOf[ofFiber.Code]; e != nil {
			return &answer{e.Code, e.Sentence}
		}
	}
	if errors.Is(err, server.ErrDiskFull) {
		return &answer{wire.CodeDiskFull, "Servern har inget utrymme kvar. Inget har sparats. Försök igen om en stund."}
	}
	if errors.Is(err, server.ErrDisk) {
		return &answer{"not_ready", "Serverns disk gör fel just nu. Inget har sparats. Försök igen om en stund."}
	}
	return nil
}

func errorNumber() string {
	b := make([]byte, 4)
	_, _ = rand.Read(b)
	return hex.EncodeToString(b)
}
