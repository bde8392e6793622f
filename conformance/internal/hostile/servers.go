package hostile

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// silent returns servers that keep a client waiting, or end the connection.
func silent() []Server {
	const drip = 50 * time.Millisecond
	return []Server{
		taking("hangs", conn.wait),
		taking("drips-header", func(c conn) {
			for c.send("HTTP/1.1 200 OK\r\n"); c.send("X"); time.Sleep(drip) {
			}
		}),
		taking("drips-body", func(c conn) {
			for c.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"); c.send(" "); time.Sleep(drip) {
			}
		}),
		taking("switches-protocols", func(c conn) {
			c.send("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n")
			c.wait()
		}),
		taking("resets", func(c conn) {
			if tcp, ok := c.Conn.(*net.TCPConn); ok {
				_ = tcp.SetLinger(0)
			}
		}),
		taking("breaks-off", func(c conn) { c.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{") }),
		taking("no-http", func(c conn) { c.send(strings.Repeat("\x00\xff no HTTP \x1b[31m\n", 10_000)) }),
		busy("busy", "1"), busy("busy-without-end", "3600"), busy("busy-without-word", ""),
	}
}

// busy is a server that answers 429.
func busy(name, retryAfter string) Server {
	return Server{name, func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		if retryAfter != "" {
			w.Header().Set("Retry-After", retryAfter)
		}
		w.WriteHeader(http.StatusTooManyRequests)
	}}
}

// floods returns servers that send more than anybody can read.
func floods() []Server {
	line, short, long := strings.Repeat("x", 60<<10), strings.Repeat("X: x\r\n", 10_000), strings.Repeat("x", 9<<20)
	return []Server{
		taking("endless-body", func(c conn) {
			for c.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"); c.send("f000\r\n" + line + "\r\n"); {
			}
		}),
		taking("endless-header-field", func(c conn) {
			for c.send("HTTP/1.1 200 OK\r\nX: "); c.send(line); {
			}
		}),
		taking("endless-header", func(c conn) {
			for c.send("HTTP/1.1 200 OK\r\n"); c.send(short); {
			}
		}),
		taking("large-header", func(c conn) {
			head, body, _ := bytes.Cut(c.right, []byte("\r\n\r\n"))
			for _, text := range []string{string(head) + "\r\nX: ", long, "\r\n\r\n" + string(body)} {
				c.send(text)
			}
		}),
		taking("header-of-200-KiB", func(c conn) {
			head, body, _ := bytes.Cut(c.right, []byte("\r\n\r\n"))
			var fields strings.Builder
			for i := range 5_000 {
				fmt.Fprintf(&fields, "X%d: %030d\r\n", i, i)
			}
			c.send(string(head) + "\r\n" + fields.String() + "\r\n" + string(body))
		}),
		taking("interim", func(c conn) {
			const flood = 1000
			for range 100_000 / flood {
				if !c.send(strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", flood)) {
					return
				}
			}
			c.send(string(c.right))
		}),
		taking("answers-twice", func(c conn) {
			c.send(string(c.right) + string(c.right))
			c.wait()
		}),
		{"redirects", func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
			http.Redirect(w, r, r.URL.String(), http.StatusTemporaryRedirect)
		}},
	}
}

// spoilt returns servers whose answers cost much to read, to compare or to show.
func spoilt() []Server {
	attributes := func(text string) func(http.Header, []byte) []byte {
		return inside(`"attributes":{`, text)
	}
	meta := func(text string) func(http.Header, []byte) []byte {
		return inside(`{`, `"meta":{"x":`+text+`},`)
	}
	spaces, refusal := bytes.Repeat([]byte(" "), 8<<20), bytes.Repeat([]byte("\x00<&\""), 256<<10)
	return []Server{
		spoiling("large-exponent", postalCode("1e999999")),
		spoiling("small-exponent", postalCode("1e-999999")),
		spoiling("long-number", postalCode(strings.Repeat("9", 400_000))),
		spoiling("deep", meta(strings.Repeat("[", 200_000)+strings.Repeat("]", 200_000))),
		spoiling("9,990-levels", meta(strings.Repeat("[", 9990)+strings.Repeat("]", 9990))),
		spoiling("many-arrays", meta("["+strings.Repeat("[],", 160_000)+"[]]")),
		spoiling("many-attributes", attributes(members(50_000))),
		spoiling("some-attributes", attributes(members(5_000))),
		spoiling("same-name", attributes(strings.Repeat(`"x":0,`, 80_000))),
		spoiling("long-texts", attributes(`"nickName":"`+strings.Repeat(`\u0001`, 60_000)+`",`)),
		spoiling("long-values", longValues),
		spoiling("long-body", func(h http.Header, _ []byte) []byte { return spaces }),
		spoiling("zip-bomb", func(h http.Header, _ []byte) []byte {
			h.Set("Content-Encoding", "gzip")
			return bomb()
		}),
		{"long-errors", func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
			w.Header()["X"] = []string{strings.Repeat("<&\t", 10_000)}
			w.WriteHeader(http.StatusUnprocessableEntity)
			_, _ = w.Write(refusal)
		}},
		{"long-type", func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
			w.Header().Set("Content-Type", strings.Repeat("<\"", 50_000))
			_, _ = io.WriteString(w, strings.Repeat("{", 100_000))
		}},
	}
}

// inside puts the text behind the first opening.
func inside(opening, text string) func(http.Header, []byte) []byte {
	return func(_ http.Header, body []byte) []byte {
		return bytes.Replace(body, []byte(opening), []byte(opening+text), 1)
	}
}

func members(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(`"x` + strconv.Itoa(i) + `":{},`)
	}
	return b.String()
}

// postalCode replaces the one of the example.
func postalCode(number string) func(http.Header, []byte) []byte {
	return func(_ http.Header, body []byte) []byte {
		before, after, found := bytes.Cut(body, []byte(`"postalCode":`))
		if !found {
			return body
		}
		end := bytes.IndexAny(after, ",}")
		return bytes.Join([][]byte{before, []byte(`"postalCode":` + number), after[end:]}, nil)
	}
}

// longValues makes every text of the attributes long.
func longValues(_ http.Header, body []byte) []byte {
	before, attributes, found := bytes.Cut(body, []byte(`"attributes":`))
	if !found {
		return body
	}
	long := bytes.ReplaceAll(attributes, []byte(`":"`), []byte(`":"`+strings.Repeat("\U0001f600", 6_000)))
	return bytes.Join([][]byte{before, []byte(`"attributes":`), long}, nil)
}

// bomb is 32 MiB of zeros.
var bomb = sync.OnceValue(func() []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	for range 32 {
		_, _ = z.Write(make([]byte, 1<<20)) // to a buffer
	}
	_ = z.Close()
	return b.Bytes()
})
