package main

import (
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"net"
	"net/url"
	"os"
	"runtime"
	"strings"
)

// A certificate is that of -tls-cert and -tls-key. It is read once, at the start.
type certificate struct {
	file string // of the chain, for curl
	pair tls.Certificate
}

// loadCertificate returns the certificate, or nil if neither file is given. Its errors
// are usage errors.
func loadCertificate(certFile, keyFile string, logger *slog.Logger) (*certificate, error) {
	switch {
	case certFile == "" && keyFile == "":
		return nil, nil
	case certFile == "" || keyFile == "":
		return nil, usagef("-tls-cert and -tls-key belong together: give both")
	}
	chain, err := os.ReadFile(certFile)
	if err != nil {
		return nil, usagef("-tls-cert: the file cannot be read: %w", withoutName(err))
	}
	key, mode, err := readWithMode(keyFile)
	if err != nil {
		return nil, usagef("-tls-key: the file cannot be read: %w", withoutName(err))
	}
	pair, err := tls.X509KeyPair(chain, key)
	if err != nil {
		return nil, usagef("-tls-cert, -tls-key: %w", err)
	}
	if mode.Perm()&0o077 != 0 && runtime.GOOS != "windows" {
		logger.Warn("others can read the key: chmod 600 it", "file", keyFile, "mode", mode.String())
	}
	return &certificate{certFile, pair}, nil
}

// config returns the configuration of a server, or nil without a certificate.
func (c *certificate) config() *tls.Config {
	if c == nil {
		return nil
	}
	return &tls.Config{Certificates: []tls.Certificate{c.pair}}
}

// url returns the URL of the server at base, an URL of http, with a host that the
// certificate is for.
func (c *certificate) url(base string) string {
	if c == nil {
		return base
	}
	u, _ := url.Parse(base)
	u.Scheme, u.Host = "https", net.JoinHostPort(nameIn(c.pair.Leaf, u.Hostname()), u.Port())
	return u.String()
}

// nameIn returns the host if the certificate is for it, or else another that it is for.
func nameIn(leaf *x509.Certificate, host string) string {
	switch {
	case leaf.VerifyHostname(host) == nil:
	case len(leaf.DNSNames) > 0:
		return strings.Replace(leaf.DNSNames[0], "*", "www", 1)
	case len(leaf.IPAddresses) > 0:
		return leaf.IPAddresses[0].String()
	}
	return host
}

// curl returns the flags with which curl reaches the URL at base and trusts the
// certificate, whoever has issued it.
func (c *certificate) curl(base string) string {
	if c == nil {
		return ""
	}
	from, _ := url.Parse(c.url(base))
	to, _ := url.Parse(base)
	flags := " --cacert " + quote(c.file)
	if from.Host != to.Host {
		flags += " --connect-to " + quote(from.Host+":"+to.Host)
	}
	return flags
}
