package main

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
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

func (p *Program) openMetrics(figures *prometheus.Registry) error {
	if p.config.Metrics == "" {
		return nil
	}
	figures.MustRegister(
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "bokvar_devices", Help: "Devices that are connected now."},
			func() float64 { return float64(p.hub.Connections()) }),
		prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "bokvar_transactions_total", Help: "Transactions of the writer; commits that arrive together share one."},
			func() float64 { return float64(p.core.engine.Transactions()) }),
	)
	figures.MustRegister(p.verifyFigures()...)
	routes := http.NewServeMux()
	routes.Handle("GET /metrics", promhttp.HandlerFor(figures, promhttp.HandlerOpts{}))
	return p.serveAside(p.config.Metrics, routes, "metrics")
}
