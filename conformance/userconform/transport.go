package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"

	"github.com/userrecord/userrecord/conformance/render"
	"github.com/userrecord/userrecord/conformance/servertest"
)

// readTLS reads the file of -cacert.
func (f *flags) readTLS() error {
	switch {
	case f.caCert != "" && f.insecure:
		return errors.New("-cacert and -insecure exclude each other")
	case f.insecure:
		f.target.TLS = &tls.Config{InsecureSkipVerify: true}
	case f.caCert != "":
		pem, err := os.ReadFile(f.caCert)
		if err != nil {
			return fmt.Errorf("-cacert: %w", err)
		}
		roots, err := x509.SystemCertPool()
		if err != nil {
			roots = x509.NewCertPool() // a small container has none
		}
		if !roots.AppendCertsFromPEM(pem) {
			return fmt.Errorf("-cacert: %s holds no certificate in PEM", f.caCert)
		}
		f.target.TLS = &tls.Config{RootCAs: roots}
	}
	return nil
}

func (f *flags) checkWait() error {
	if f.wait < 0 {
		return errors.New("-wait: must not be negative")
	}
	return nil
}

// await waits until the server answers, if the user wants that. If it does not, the run
// says what is wrong.
func await(ctx context.Context, cfg *config, p *progress) {
	if cfg.wait == 0 {
		return
	}
	p.notef("waiting until the server answers, at most %v", cfg.wait)
	ctx, cancel := context.WithTimeout(ctx, cfg.wait)
	defer cancel()
	if err := servertest.Await(ctx, cfg.target); err != nil {
		p.notef("no answer: %s", render.Line(err.Error()))
	}
}
