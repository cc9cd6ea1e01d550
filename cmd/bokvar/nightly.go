package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"bokvar/internal/audit"
	"bokvar/internal/casework"
)

// verified is how a check of database and log went.
type verified struct {
	At    int64  `json:"at"` // when it ended, ms
	Took  int64  `json:"took"`
	OK    bool   `json:"ok"`
	Wrong string `json:"wrong,omitempty"` // for the operator: which table or row
	Head  string `json:"head,omitempty"`
}

const (
	verifiedSetting = "verified"
	verifyHour      = 2 // from then on, local time: few work
)

// lastVerified is nil before the first check.
func (o *core) lastVerified() (*verified, error) {
	raw, err := o.db.Setting(verifiedSetting)
	if err != nil || raw == nil {
		return nil, err
	}
	var v verified
	return &v, json.Unmarshal(raw, &v)
}

// verifyNightly checks everything once a night, and after a night on which the
// server did not run. What it finds is kept, logged, and shown to the organisations.
func (o *core) verifyNightly(now time.Time) (*verified, error) {
	last, err := o.lastVerified()
	if err != nil {
		return nil, err
	}
	local := now.In(casework.Zone)
	night := time.Date(local.Year(), local.Month(), local.Day(), verifyHour, 0, 0, 0, casework.Zone)
	if local.Before(night) || last != nil && last.At >= night.UnixMilli() {
		return nil, nil
	}
	return o.verifyNow()
}

func (o *core) verifyNow() (*verified, error) {
	began := o.clock()
	found, wrong := verifyAll(o, nil)
	v := verified{At: o.clock().UnixMilli(), Took: o.clock().Sub(began).Milliseconds(), OK: wrong == nil, Head: found.Head}
	if wrong != nil {
		v.Wrong = wrong.Error()
	}
	raw, err := json.Marshal(v)
	if err == nil {
		err = o.db.PutSetting(verifiedSetting, raw)
	}
	if err != nil {
		return nil, err
	}
	what := "verified"
	if !v.OK {
		what = "verification found something wrong"
	}
	return &v, o.db.Audit(audit.Entry{At: v.At, Device: consoleDevice, Action: audit.Operate, What: what})
}

// watchNights runs the nightly check. A check that could not be made is tried again.
func (p *Program) watchNights(ctx context.Context) {
	ticker := time.NewTicker(10 * time.Minute)
	defer ticker.Stop()
	for { // not at once: at a start others want the disk
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		v, err := p.core.verifyNightly(p.core.clock())
		switch {
		case err != nil:
			p.core.trouble("verify the database", err)
		case v != nil && v.OK:
			p.log.Info("verified", slog.String("head", v.Head), slog.Int64("ms", v.Took))
		case v != nil:
			p.log.Error("the verification found something wrong", slog.String("error", v.Wrong))
		}
	}
}

// shownVerification is what an organisation is told: the same for all, and nothing
// of where in the database.
type shownVerification struct {
	At   int64  `json:"at"` // 0 before the first
	OK   bool   `json:"ok"`
	Head string `json:"head"` // of the log, to print
}

// verification is how the last check went, for those whom access.md lets see it.
func (o *core) verification(by *casework.Member) (any, error) {
	if o.office.Access().Cell("verification", by.Role).Read == "never" {
		return nil, errNoLog
	}
	v, err := o.lastVerified()
	if err != nil || v == nil {
		return shownVerification{}, err
	}
	return shownVerification{v.At, v.OK, v.Head}, nil
}

// addVerified adds the metrics of it: whether the last verification found nothing
// wrong, and when it ended.
func (p *Program) addVerified(figures *metrics.Set) {
	figure := func(name string, of func(*verified) float64) {
		figures.NewGauge(name, func() float64 {
			v, err := p.core.lastVerified()
			if err != nil || v == nil {
				return 0
			}
			return of(v)
		})
	}
	figure("bokvar_verified_ok", func(v *verified) float64 {
		if v.OK {
			return 1
		}
		return 0
	})
	figure("bokvar_verified_timestamp_seconds", func(v *verified) float64 { return float64(v.At) / 1000 })
}
