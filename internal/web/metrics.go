package web

import "github.com/prometheus/client_golang/prometheus"

// Metrics counts requests by method, route and status.
type Metrics struct {
	requests *prometheus.HistogramVec
}

// NewMetrics registers the door's figures.
func NewMetrics(r prometheus.Registerer) (*Metrics, error) {
	m := &Metrics{requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "bokvar_request_seconds",
		Help:    "Time to answer a request, by method, route and status.",
		Buckets: []float64{.001, .003, .01, .03, .1, .3, 1, 3, 10},
	}, []string{"method", "route", "status"})}
	return m, r.Register(m.requests)
}
