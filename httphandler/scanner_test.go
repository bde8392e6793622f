package httphandler

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
)

// FuzzScanner checks that the scanner and jsontext accept the same texts and read
// the same in them, and that jsontext knows a reason where they refuse one.
func FuzzScanner(f *testing.F) {
	f.Fuzz(checkScanner)
}

func checkScanner(t *testing.T, text []byte) {
	want, wantErr := tokens(text)
	got, err := scannedTokens(text)
	if (err == nil) != (wantErr == nil) {
		t.Fatalf("%.1000q: %v; jsontext: %v", text, err, wantErr)
	}
	if d := cmp.Diff(want, got); err == nil && d != "" {
		t.Errorf("%.1000q (-jsontext +scanner):\n%s", text, d)
	}
	if skipErr := skipAll(text); (skipErr == nil) != (err == nil) {
		t.Errorf("%.1000q: skipped: %v, read: %v", text, skipErr, err)
	}
	if err != nil && malformed(text).faults[0].detail == "The body is not one JSON text (RFC 8259)." {
		t.Errorf("%.1000q: refused for no reason", text)
	}
}

// tokens are those that jsontext reads in a text of one value: the kind, and of
// strings and numbers what they say.
func tokens(text []byte) (all []string, err error) {
	d := jsontext.NewDecoder(bytes.NewBuffer(text))
	for len(all) == 0 || d.StackDepth() > 0 {
		token, err := d.ReadToken()
		if err != nil {
			return nil, err
		}
		all = append(all, token.Kind().String()+" "+token.String())
	}
	if _, err = d.ReadToken(); err != io.EOF {
		return nil, errors.New("more than one value")
	}
	return all, nil
}

// scannedTokens are those that the scanner reads.
func scannedTokens(text []byte) (all []string, err error) {
	s := scanner{json: text}
	literal := func(kind, value string) { all = append(all, kind+" "+value) }
	for more := true; more; {
		switch c := s.peek(); c {
		case '"':
			var value []byte
			value, err = s.text()
			literal("string", string(value))
			more = false
		case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
			var value []byte
			value, err = s.number()
			literal("number", string(value))
			more = false
		default:
			start, depth := s.at, len(s.open)
			more, err = s.begin()
			if c == '{' || c == '[' {
				literal(string(c), string(c))
				if err == nil && len(s.open) == depth {
					literal(string(c+2), string(c+2)) // the end of an empty one
				}
				break
			}
			value := string(text[start:s.at])
			literal(value, value)
		}
		for err == nil && !more && len(s.open) > 0 {
			inner := s.open[len(s.open)-1]
			if more, err = s.next(nil); err == nil && !more {
				end := map[bool]string{true: "}", false: "]"}[inner.object]
				literal(end, end)
			}
		}
		if more && s.open[len(s.open)-1].object {
			literal("string", string(s.name()))
		}
		if err != nil {
			return nil, err
		}
	}
	if s.peek(); s.at < len(text) {
		return nil, errors.New("more than one value")
	}
	return all, nil
}

func skipAll(text []byte) error {
	s := scanner{json: text}
	err := s.skip()
	if s.peek(); s.at < len(text) {
		err = errSyntax
	}
	return err
}

// The bounds of depth and of the names that are compared one by one.
func TestScannerBounds(t *testing.T) {
	nested := func(open, inner, end string, n int) string {
		return strings.Repeat(open, n) + inner + strings.Repeat(end, n)
	}
	for _, n := range []int{maxDepth - 1, maxDepth, maxDepth + 1} {
		checkScanner(t, []byte(nested("[", "", "]", n)))
		checkScanner(t, []byte(nested(`{"a":`, "1", "}", n)))
		if err := skipAll([]byte(nested("[", "", "]", n))); (err == nil) != (n <= maxDepth) {
			t.Errorf("depth %d: %v", n, err)
		}
	}
	for n := maxCompared - 2; n < maxCompared+3; n++ {
		for twice := -1; twice < n; twice++ {
			text := objectOf(n, twice)
			checkScanner(t, []byte(text))
			checkScanner(t, []byte(`[`+text+`,`+text+`]`))
			if err := skipAll([]byte(text)); (err == nil) != (twice < 0) {
				t.Errorf("%d names, the last is number %d: %v", n, twice, err)
			}
		}
	}
}

// What is kept for the next request holds nothing of this one but bytes.
func TestDecodeLeavesNothing(t *testing.T) {
	var d decoder
	buf := takeBuffer()
	truncated := strings.TrimSuffix(objectOf(2*maxCompared, -1), "}")
	buf.bytes = append(buf.bytes[:0], `{"\u0061":`+truncated...)
	if err := d.decode(buf); err == nil {
		t.Fatal("accepted")
	}
	for _, open := range buf.open {
		if open.seen != nil {
			t.Error("a table of names")
		}
	}
	for _, name := range buf.names {
		if name != nil {
			t.Errorf("the name %q", name)
		}
	}
	if d.in.json != nil {
		t.Error("the decoder has the body")
	}
}
