package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http/httputil"
	"slices"
	"strconv"
)

// An answerReader reads the answers on one connection. It does less than net/http,
// because the load must cost less than the servers.
type answerReader struct {
	r      *bufio.Reader
	length int    // of the body of the first answer of status 200, or 0
	body   []byte // of the last answer
}

func newAnswerReader(r io.Reader) *answerReader { return &answerReader{r: bufio.NewReader(r)} }

var (
	contentLength = []byte("Content-Length: ")
	chunked       = []byte("Transfer-Encoding: chunked\r\n")
	endOfLine     = []byte("\r\n")
)

var (
	errNoLength = errors.New("an answer has no Content-Length")
	errLength   = errors.New("an answer is not as long as the first")
)

// next reads an answer. It returns an error if the status is not 200, or where answer does.
func (a *answerReader) next() error {
	status, _, err := a.answer()
	if err == nil && status != 200 {
		return fmt.Errorf("an answer has status %d", status)
	}
	return err
}

// answer reads an answer of any status. The body is valid until the next call. Those of
// status 200 must have the same Content-Length.
func (a *answerReader) answer() (status int, body []byte, err error) {
	line, err := a.r.ReadSlice('\n')
	if err != nil {
		return 0, nil, err
	}
	if status, err = statusOf(line); err != nil {
		return 0, nil, err
	}
	length, err := a.header()
	if err != nil {
		return 0, nil, err
	}
	if status == 200 {
		if err := a.checkLength(length); err != nil {
			return 0, nil, err
		}
	}
	if err := a.readBody(length); err != nil {
		return 0, nil, err
	}
	return status, a.body, nil
}

// What header returns for a body without Content-Length.
const (
	unknown  = -1
	inChunks = -2
)

// header reads the header fields and returns the length of the body, or a constant.
func (a *answerReader) header() (length int, err error) {
	length = unknown
	for {
		line, err := a.r.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		if bytes.Equal(line, endOfLine) {
			return length, nil
		}
		if bytes.Equal(line, chunked) {
			length = inChunks
		}
		if digits, ok := bytes.CutPrefix(line, contentLength); ok {
			n, err := strconv.ParseUint(string(bytes.TrimSpace(digits)), 10, 31)
			if err != nil {
				return 0, err
			}
			length = int(n)
		}
	}
}

// checkLength compares the length with that of the first answer.
func (a *answerReader) checkLength(length int) error {
	if length <= 0 {
		return errNoLength
	}
	if a.length == 0 {
		a.length = length
	}
	if length != a.length {
		return errLength
	}
	return nil
}

// readBody reads a body into memory of its own: it may be longer than the buffer. An
// answer without a length has no body, like 204.
func (a *answerReader) readBody(length int) (err error) {
	if length == inChunks {
		if a.body, err = io.ReadAll(httputil.NewChunkedReader(a.r)); err == nil {
			_, err = a.r.Discard(len(endOfLine)) // after the last chunk
		}
		return err
	}
	a.body = slices.Grow(a.body[:0], max(length, 0))[:max(length, 0)]
	_, err = io.ReadFull(a.r, a.body)
	return err
}

// statusOf returns the status of a status line.
func statusOf(line []byte) (int, error) {
	rest, ok := bytes.CutPrefix(line, []byte("HTTP/1.1 "))
	status, err := strconv.Atoi(string(rest[:min(3, len(rest))]))
	if !ok || err != nil {
		return 0, fmt.Errorf("an answer begins with %.20q", line)
	}
	return status, nil
}
