package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

// certificateFiles writes a certificate of its own issuer for the hosts, and its key.
func certificateFiles(t *testing.T, keyMode os.FileMode, hosts ...string) (flags []string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	for _, host := range hosts {
		if ip := net.ParseIP(host); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, host)
		}
	}
	chain, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	certFile, keyFile := filepath.Join(t.TempDir(), "it's cert.pem"), filepath.Join(t.TempDir(), "key.pem")
	require.NoError(t, os.WriteFile(certFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: chain}), 0o644))
	require.NoError(t, os.WriteFile(keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), keyMode))
	return []string{"-tls-cert", certFile, "-tls-key", keyFile}
}

// The printed line works with any certificate, for whichever host it is, and speaks TLS.
func TestCurlOverTLS(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("the printed line cannot be tried: no curl here")
		}
		t.Skip("SKIPPED, the printed line is NOT TRIED: no curl here")
	}
	tests := []struct {
		name, addr string
		hosts      []string
		want       string // the host of the URL
	}{
		{"the address", "127.0.0.1:0", []string{"127.0.0.1"}, "https://127.0.0.1:"},
		{"localhost", "127.0.0.1:0", []string{"localhost"}, "https://localhost:"},
		{"a name", "127.0.0.1:0", []string{"users.example.org"}, "https://users.example.org:"},
		{"a name, IPv6", "[::1]:0", []string{"users.example.org"}, "https://users.example.org:"},
		{"a wildcard", "127.0.0.1:0", []string{"*.example.org"}, "https://www.example.org:"},
		{"another address", "127.0.0.1:0", []string{"192.0.2.1"}, "https://192.0.2.1:"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			args := append(certificateFiles(t, 0o600, tt.hosts...), "-addr", tt.addr)
			skipWithoutIPv6(t, args)
			s := startServer(t, nil, args...)
			if !strings.HasPrefix(s.base, tt.want) {
				t.Errorf("base %s, want %s", s.base, tt.want)
			}
			if diff := cmp.Diff(parse(t, janeRecord), parse(t, shell(t, s.curl))); diff != "" {
				t.Errorf("%s\nanswers (-want +got):\n%s", s.curl, diff)
			}
			plain := strings.Replace(s.stdout.await(t, `Listening on (.*)`)[1], "", "http://", 1)
			if status, _ := get(t, plain+"/healthz"); status != 400 {
				t.Errorf("without TLS: status %d, want 400", status)
			}
		})
	}
}

func TestReadableKeyIsWarnedOf(t *testing.T) {
	s := startServer(t, nil, certificateFiles(t, 0o644, "127.0.0.1")...)
	s.stderr.await(t, `level=WARN msg="others can read the key: chmod 600 it"`)
}

func TestKeyOfAnotherCertificate(t *testing.T) {
	one, other := certificateFiles(t, 0o600, "a"), certificateFiles(t, 0o600, "b")
	stderr := new(buffer)
	status := run(t.Context(), []string{"-db", dbMemory, "-tls-cert", one[1], "-tls-key", other[3]}, testProcess(nil, new(buffer), stderr))
	if want := "private key does not match public key"; status != exitUsage || !strings.Contains(stderr.String(), want) {
		t.Errorf("exit status %d, stderr %q; want 2 and %q", status, stderr, want)
	}
}
