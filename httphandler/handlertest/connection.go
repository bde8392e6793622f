package handlertest

import (
	"bytes"
	"maps"
	"net"
	"net/http"
	"strconv"
)

func (x *exchange) answerStatus() {
	header := x.w.Header()
	header.Set("Content-Type", "text/plain; charset=utf-8")
	maps.Copy(header, x.fault.header)
	x.w.WriteHeader(x.fault.status)
	_, _ = x.w.Write([]byte(x.fault.body))
}

// resetConnection resets the connection of HTTP/1, or the stream of HTTP/2.
func (x *exchange) resetConnection() {
	conn, _, err := x.w.Hijack()
	if err != nil {
		x.abort()
	}
	reset(conn)
}

// reset closes the connection so that its other end gets a reset.
func reset(conn net.Conn) {
	tcp := conn
	if tls, ok := conn.(interface{ NetConn() net.Conn }); ok {
		tcp = tls.NetConn()
	}
	if tcp, ok := tcp.(interface{ SetLinger(sec int) error }); ok {
		_ = tcp.SetLinger(0)
	}
	tcp.Close()
}

// carryOut lets the handler answer, and keeps the answer.
func (x *exchange) carryOut() *keptAnswer {
	kept := &keptAnswer{header: make(http.Header), to: x.w}
	x.fake.handler.ServeHTTP(kept, x.r)
	return kept
}

func (x *exchange) loseAnswer() {
	x.carryOut()
	x.abort()
}

func (x *exchange) cutBody() {
	kept := x.carryOut()
	kept.sendHeader()
	_, _ = x.w.Write(kept.body.Bytes()[:kept.body.Len()/2])
	x.w.Flush()
	x.abort()
}

// garbleBody sets the highest bit of every byte in the second half.
func (x *exchange) garbleBody() {
	kept := x.carryOut()
	body := kept.body.Bytes()
	for i := len(body) / 2; i < len(body); i++ {
		body[i] |= 0x80
	}
	kept.sendHeader()
	_, _ = x.w.Write(body)
}

// slowParts is in how many parts a slow body comes, at most.
const slowParts = 10

func (x *exchange) slowBody() {
	kept := x.carryOut()
	kept.sendHeader()
	for part := range slowParts {
		x.w.Flush()
		x.wait(x.fault.duration / slowParts)
		_, _ = x.w.Write(kept.body.Next(kept.body.Len() / (slowParts - part)))
	}
}

// A keptAnswer is an answer that is not sent yet.
type keptAnswer struct {
	to     http.ResponseWriter
	header http.Header
	status int
	body   bytes.Buffer
}

func (k *keptAnswer) Header() http.Header { return k.header }

func (k *keptAnswer) WriteHeader(status int) { k.status = status }

func (k *keptAnswer) Write(p []byte) (int, error) { return k.body.Write(p) }

// Unwrap lets the handler set the read deadline.
func (k *keptAnswer) Unwrap() http.ResponseWriter { return k.to }

// sendHeader sends the status and the header, with the length of the whole body.
func (k *keptAnswer) sendHeader() {
	maps.Copy(k.to.Header(), k.header)
	k.to.Header().Set("Content-Length", strconv.Itoa(k.body.Len()))
	k.to.WriteHeader(k.status)
}
