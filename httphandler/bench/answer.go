package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// An answerReader reads the answers on one connection. It does less than net/http,
// because the load must cost less than the servers.
type answerReader struct {
	r      *bufio.Reader
	length int // of the body of the first answer, or 0
}

func newAnswerReader(r io.Reader) *answerReader { return &answerReader{r: bufio.NewReader(r)} }

var (
	statusOK      = []byte("HTTP/1.1 200 ")
	contentLength = []byte("Content-Length: ")
	endOfLine     = []byte("\r\n")
)

var (
	errNoLength = errors.New("an answer has no Content-Length")
	errLength   = errors.New("an answer is not as long as the first")
)

// next reads an answer. It returns an error if the status is not 200, if there is no
// Content-Length, or if the length is not that of the first answer.
func (a *answerReader) next() error {
	line, err := a.r.ReadSlice('\n')
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(line, statusOK) {
		return fmt.Errorf("an answer begins with %.20q", line)
	}
	length, err := a.header()
	if err != nil {
		return err
	}
	if a.length == 0 {
		a.length = length
	}
	if length != a.length {
		return errLength
	}
	_, err = a.r.Discard(length)
	return err
}

// header reads the header fields and returns the Content-Length.
func (a *answerReader) header() (length int, err error) {
	for {
		line, err := a.r.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		if bytes.Equal(line, endOfLine) {
			break
		}
		if digits, ok := bytes.CutPrefix(line, contentLength); ok {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(digits))); err != nil {
				return 0, err
			}
		}
	}
	if length <= 0 {
		return 0, errNoLength
	}
	return length, nil
}

// answer reads an answer of any status. The body is valid until the next call. Those of
// status 200 must have the same length.
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
	if status == 200 && a.length == 0 {
		a.length = length
	}
	if status == 200 && length != a.length {
		return 0, nil, errLength
	}
	if body, err = a.r.Peek(length); err != nil {
		return 0, nil, err
	}
	_, err = a.r.Discard(length)
	return status, body, err
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
