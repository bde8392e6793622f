package servertest

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/textproto"

	"github.com/userrecord/userrecord/conformance/internal/suite"
)

// What is read of an answer, at most. No correct server comes near.
const (
	maxAnswer  = 512 << 10 // bytes of a body
	maxHeader  = 256 << 10 // bytes of all header fields: Chrome and OkHttp read no more
	maxInterim = 32        // 1xx responses before it
)

// newClient returns the client of the run. Of the target's own, it keeps everything but
// a transport without a limit for header fields: that gets one.
func newClient(target *Target) *http.Client {
	if target.Client == nil {
		return &http.Client{
			Transport: &http.Transport{
				DisableCompression: true, MaxIdleConnsPerHost: 64, MaxResponseHeaderBytes: maxHeader, Proxy: http.ProxyFromEnvironment,
				TLSClientConfig: target.TLS.Clone(), ForceAttemptHTTP2: true, // as without TLSClientConfig
			},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}
	}
	client := *target.Client
	if client.Transport == nil {
		client.Transport = http.DefaultTransport
	}
	if t, ok := client.Transport.(*http.Transport); ok && t.MaxResponseHeaderBytes == 0 {
		t = t.Clone()
		t.MaxResponseHeaderBytes = maxHeader
		client.Transport = t
	}
	return &client
}

// once sends the message once, and reads the response.
func (s *session) once(t *trial, m *message) (*answer, error) {
	// Not under s.ctx: the server could still carry out an abandoned request, after
	// the restoration.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), suite.Timeout(&s.opts))
	defer cancel()
	r, err := m.request()
	if err != nil {
		return nil, err
	}
	r = r.WithContext(withFewInterim(m.ticket.context(ctx)))
	r.Header = m.header.Clone()
	r.Header.Set(requirementHeader, t.Requirement.ID)
	r.Header.Set("User-Agent", "userconform")
	// With this entry, which is not sent, net/http sends a request again if the server
	// has closed the kept connection that it went out on. Requests of the suite set fixed
	// values: to carry one out twice does no harm.
	r.Header["Idempotency-Key"] = []string{}
	response, err := s.client.Do(r)
	if err != nil {
		return nil, err
	}
	return readAnswer(ctx, response)
}

// withFewInterim returns a context in which a request fails that is answered with too
// many 1xx responses: the transport would read as many as come.
func withFewInterim(ctx context.Context) context.Context {
	n := 0 // the transport calls the function from one goroutine at a time
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		Got1xxResponse: func(int, textproto.MIMEHeader) error {
			if n++; n > maxInterim {
				return fmt.Errorf("more than %d interim responses (1xx)", maxInterim)
			}
			return nil
		},
	})
}

// readAnswer reads the response, and of its body one byte more than is allowed at most,
// which shows that there are more. What follows a 101 is no body.
func readAnswer(ctx context.Context, response *http.Response) (*answer, error) {
	defer response.Body.Close()
	a := &answer{status: response.StatusCode, header: response.Header}
	if a.status == http.StatusSwitchingProtocols {
		return a, nil
	}
	var err error
	if a.body, err = io.ReadAll(io.LimitReader(response.Body, maxAnswer+1)); err != nil {
		return nil, fmt.Errorf("the response broke off: %w", err)
	}
	return a, nil
}
