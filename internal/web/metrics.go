package web

import (
	"fmt"
	"time"

	"github.com/VictoriaMetrics/metrics"
)

// Metrics counts requests by method, route and status.
type Metrics struct {
	figures *metrics.Set
}

// NewMetrics keeps the door's figures in a set.
func NewMetrics(figures *metrics.Set) *Metrics { return &Metrics{figures} }

var requestBuckets = []float64{.001, .003, .01, .03, .1, .3, 1, 3, 10}

// answered counts one request and the time its answer took.
func (m *Metrics) answered(method, route string, status int, took time.Duration) {
	name := fmt.Sprintf("bokvar_request_seconds{method=%q,route=%q,status=\"%d\"}", method, route, status)
	m.figures.GetOrCreatePrometheusHistogramExt(name, requestBuckets).Update(took.Seconds())
}
