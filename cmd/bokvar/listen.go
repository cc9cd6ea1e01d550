package main

import (
	"crypto/tls"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"github.com/VictoriaMetrics/metrics"
	"golang.org/x/crypto/acme/autocert"
)

// listen opens the port, with the domain's own certificate when there is one.
func (p *Program) listen() error {
	listener, err := net.Listen("tcp", p.config.Addr)
	if err != nil {
		return fmt.Errorf("cannot listen: %w", err)
	}
	p.listener = listener
	if p.URL == "" {
		_, port, err := net.SplitHostPort(listener.Addr().String())
		if err != nil {
			return err
		}
		p.URL = "http://localhost:" + port // a name, because passkeys refuse an address
	}
	if p.config.Domain == "" {
		return nil
	}
	certificates := &autocert.Manager{
		Prompt: autocert.AcceptTOS, HostPolicy: autocert.HostWhitelist(p.config.Domain),
		Cache: autocert.DirCache(filepath.Join(p.config.Data, "certificates")),
	}
	settings := certificates.TLSConfig()
	settings.MinVersion = tls.VersionTLS12
	settings.NextProtos = []string{"http/1.1", "acme-tls/1"} // sockets need HTTP/1.1, and Fiber speaks nothing newer
	p.listener = tls.NewListener(listener, settings)
	return p.serveAside(":80", certificates.HTTPHandler(nil), "certificates")
}

// serveAside serves something small on a port of its own.
func (p *Program) serveAside(addr string, handler http.Handler, what string) error {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("cannot listen for %s: %w", what, err)
	}
	s := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10}
	p.aside = append(p.aside, s)
	go func() {
		if err := s.Serve(listener); err != http.ErrServerClosed {
			p.log.Error("stopped serving "+what, slog.String("error", err.Error()))
		}
	}()
	return nil
}

// openMetrics serves the figures in the text that Prometheus and its kin read.
func (p *Program) openMetrics(figures *metrics.Set) error {
	if p.config.Metrics == "" {
		return nil
	}
	figures.NewGauge("bokvar_devices", func() float64 { return float64(p.hub.Connections()) })
	// Transactions of the writer; commits that arrive together share one.
	figures.RegisterMetricsWriter(func(w io.Writer) {
		metrics.WriteCounterUint64(w, "bokvar_transactions_total", uint64(p.core.engine.Transactions()))
	})
	figures.NewGauge("bokvar_disk_ok", func() float64 {
		if p.core.ready() != nil {
			return 0
		}
		return 1
	})
	p.addVerified(figures)
	routes := http.NewServeMux()
	routes.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		figures.WritePrometheus(w)
		metrics.WriteProcessMetrics(w)
	})
	return p.serveAside(p.config.Metrics, routes, "metrics")
}
