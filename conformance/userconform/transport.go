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

// readTLS reads the files of -cacert, -cert and -key.
func (f *flags) readTLS() error {
	switch {
	case f.caCert != "" && f.insecure:
		return errors.New("-cacert and -insecure exclude each other")
	case (f.cert == "") != (f.key == ""):
		return errors.New("-cert and -key belong together: give both")
	case f.caCert == "" && f.cert == "" && !f.insecure:
		return nil
	}
	config := &tls.Config{InsecureSkipVerify: f.insecure}
	f.target.TLS = config
	if f.cert != "" {
		own, err := tls.LoadX509KeyPair(f.cert, f.key)
		if err != nil {
			return fmt.Errorf("-cert and -key: %w", err)
		}
		config.Certificates = []tls.Certificate{own}
	}
	if f.caCert == "" {
		return nil
	}
	var err error
	config.RootCAs, err = rootsWith(f.caCert)
	return err
}

// rootsWith returns the certificates that the system trusts, and those in the file.
func rootsWith(file string) (*x509.CertPool, error) {
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("-cacert: %w", err)
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool() // a small container has none
	}
	if !roots.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("-cacert: %s holds no certificate in PEM", file)
	}
	return roots, nil
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
