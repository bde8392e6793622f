package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/httphandler/handlertest"
)

const apiKey = "k-4711-secret"

// needsKey is a server behind a gateway, which shows the key in every answer.
func needsKey(field string, without *atomic.Int32) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get(field) != apiKey {
				without.Add(1)
				http.Error(w, "no key", http.StatusForbidden)
				return
			}
			w.Header().Set("X-Seen", "key="+apiKey)
			next.ServeHTTP(w, r)
		})
	}
}

// A field is sent with every request, and no report shows its value: lines for a shell
// take it from where the command has it.
func TestHeader(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "it's a key")
	writeFile(t, file, apiKey+"\n")
	for flag, inShell := range map[string]string{
		"X-Api-Key: $API_KEY":   `-H "X-Api-Key: $API_KEY"`,
		"x-api-key:${API_KEY}":  `-H "X-Api-Key: $API_KEY"`,
		"X-Api-Key: @" + file:   `-H "X-Api-Key: $(cat '` + strings.ReplaceAll(file, "'", `'\''`) + `')"`,
		"Access-Token: $AN_ENV": `-H "Access-Token: $AN_ENV"`,
	} {
		t.Run(flag, func(t *testing.T) {
			name, _, _ := strings.Cut(flag, ":")
			var without atomic.Int32
			url, server := fake(t, func(next http.Handler) http.Handler { return wrongType(needsKey(name, &without)(next)) })
			dir := t.TempDir()
			env := environment{"ACCESS_TOKEN": tokens["ACCESS_TOKEN"], "API_KEY": apiKey, "AN_ENV": apiKey}
			got := runIn(t.Context(), env, checkArgs(url, append(inDir(dir, formats...), "-header", flag, "-wait", "1m")...)...)
			if n := without.Load(); got.status != 1 || n != 0 {
				t.Errorf("status %d, %d requests without the field\n%s%s", got.status, n, got.stdout, got.stderr)
			}
			texts := got.stdout + got.stderr
			for _, name := range formats {
				text, err := os.ReadFile(filepath.Join(dir, name))
				require.NoError(t, err)
				texts += string(text)
			}
			if strings.Contains(texts, apiKey) {
				t.Error("the value is shown")
			}
			if !strings.Contains(got.stdout, inShell) {
				t.Errorf("%s is not in:\n%s", inShell, got.stdout)
			}
			needExample(t, server)
		})
	}
}

// tlsFake is a correct server with a certificate of its own, which is also returned in PEM.
func tlsFake(t *testing.T) (url, certificate string, protocols *sync.Map) {
	t.Helper()
	h := handlertest.New()
	protocols = &sync.Map{}
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		protocols.Store(r.Proto, true)
		h.ServeHTTP(w, r)
	}))
	s.EnableHTTP2 = true
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	return s.URL, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})), protocols
}

func TestCertificates(t *testing.T) {
	t.Parallel()
	url, certificate, protocols := tlsFake(t)
	file := filepath.Join(t.TempDir(), "ca.pem")
	writeFile(t, file, certificate)
	const warning = "userconform: WARNING: -insecure: the server's certificate is NOT CHECKED"
	for name, test := range map[string]struct {
		args   []string
		status int
		line   string
		warned bool
	}{
		"unknown":           {nil, 2, "certificate signed by unknown authority", false},
		"known":             {[]string{"-cacert", file}, 0, "CONFORMANT in the ", false},
		"unchecked":         {[]string{"-insecure"}, 0, "CONFORMANT in the ", true},
		"unchecked, quiet":  {[]string{"-insecure", "-quiet"}, 0, "CONFORMANT in the ", true},
		"known, waited for": {[]string{"-cacert", file, "-wait", "1m"}, 0, "CONFORMANT in the ", false},
	} {
		got := runIn(t.Context(), tokens, checkArgs(url, test.args...)...)
		if got.status != test.status || !strings.Contains(got.lastLine(), test.line) || strings.Contains(got.stderr, warning) != test.warned {
			t.Errorf("%s: status %d\n%s%s", name, got.status, got.stdout, got.stderr)
		}
	}
	protocols.Range(func(protocol, _ any) bool {
		if protocol != "HTTP/2.0" {
			t.Errorf("spoke %v", protocol)
		}
		return true
	})
}

// A server that asks its clients for a certificate gets one.
func TestClientCertificate(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	certificate, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	clients := x509.NewCertPool()
	clients.AddCert(makeCertificate(t, certificate, key))
	s := httptest.NewUnstartedServer(handlertest.New())
	s.TLS = &tls.Config{ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: clients}
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	if got := runIn(t.Context(), tokens, checkArgs(s.URL, "-insecure", "-cert", certificate, "-key", key)...); got.status != 0 {
		t.Errorf("with the certificate: status %d\n%s%s", got.status, got.stdout, got.stderr)
	}
	if got := runIn(t.Context(), tokens, checkArgs(s.URL, "-insecure")...); got.status != 2 {
		t.Errorf("without: status %d\n%s%s", got.status, got.stdout, got.stderr)
	}
}

// makeCertificate writes a certificate that signs itself, and its key.
func makeCertificate(t *testing.T, certificate, key string) *x509.Certificate {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	require.NoError(t, err)
	made, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	keyDER, err := x509.MarshalPKCS8PrivateKey(private)
	require.NoError(t, err)
	writeFile(t, certificate, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})))
	writeFile(t, key, string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER})))
	return made
}

// -wait waits while nobody listens, and while a gateway says that nobody is there.
func TestWait(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	addr := listener.Addr().String()
	require.NoError(t, listener.Close())
	var early atomic.Int32
	right := handlertest.New()
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if early.Add(1) <= 3 {
			w.WriteHeader([]int{502, 503, 504}[early.Load()-1])
			return
		}
		right.ServeHTTP(w, r)
	})}
	t.Cleanup(func() { server.Close() })
	go func() {
		time.Sleep(300 * time.Millisecond)
		if l, err := net.Listen("tcp", addr); err == nil {
			server.Serve(l)
		}
	}()
	got := runIn(t.Context(), tokens, checkArgs("http://"+addr, "-wait", "1m")...)
	if want := "userconform: waiting until the server answers, at most 1m0s\n"; got.status != 0 || got.stderr != want {
		t.Errorf("status %d\n%s%s", got.status, got.stdout, got.stderr)
	}
}

// A server that does not answer in time is said to, and the reports are written.
func TestWaitInVain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	got := runIn(t.Context(), tokens, checkArgs(loopback, append(inDir(dir, formats...), "-wait", "200ms")...)...)
	if got.status != 2 || !strings.HasPrefix(got.lastLine(), "INCONCLUSIVE: cannot read the user") || !strings.Contains(got.stderr, "\nuserconform: no answer: Get ") {
		t.Errorf("status %d\n%s%s", got.status, got.stdout, got.stderr)
	}
	if r := readReport(t, filepath.Join(dir, "r.json")); r.Verdict != conformance.Inconclusive || r.Version == "" {
		t.Errorf("the report says %q, version %q", r.Verdict, r.Version)
	}
	needReports(t, dir)
}
