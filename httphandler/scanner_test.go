package httphandler

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

// FuzzScanner checks that the scanner and jsontext accept the same texts, read the same
// tokens and report the same errors, except that the scanner stops at maxDepth and
// jsontext at 10,000 levels.
func FuzzScanner(f *testing.F) {
	f.Fuzz(checkScanner)
}

// Every byte alone, in a string and beside an escape.
func TestScannerOnEveryByte(t *testing.T) {
	for c := range 256 {
		for _, text := range []string{"%c", `"%c"`, `"%c\n"`, `{"%c":0}`, `{"a":0}%c`} {
			checkScanner(t, []byte(strings.Replace(text, "%c", string([]byte{byte(c)}), 1)))
		}
	}
}

func checkScanner(t *testing.T, text []byte) {
	want, wantErr := tokens(text)
	got, err := scannedTokens(text)
	if err == errDepth {
		checkTooDeep(t, text, want, wantErr)
		return
	}
	if (err == nil) != (wantErr == nil) {
		t.Fatalf("%.1000q: %v; jsontext: %v", text, err, wantErr)
	}
	if err == nil && !slices.Equal(want, got) { // most texts: cmp.Diff takes its time
		t.Errorf("%.1000q (-jsontext +scanner):\n%s", text, cmp.Diff(want, got))
	}
	if skipErr := skipAll(text); (skipErr == nil) != (err == nil) {
		t.Errorf("%.1000q: skipped: %v, read: %v", text, skipErr, err)
	}
	if err != nil {
		checkReason(t, text)
	}
}

// checkTooDeep checks that jsontext, too, finds a depth above the limit, and no error
// before it.
func checkTooDeep(t *testing.T, text []byte, read []string, err error) {
	t.Helper()
	depth, deepest := 0, 0
	for _, token := range read {
		switch token[0] {
		case '{', '[':
			depth++
			deepest = max(deepest, depth)
		case '}', ']':
			depth--
		}
	}
	if deepest <= maxDepth {
		t.Errorf("%.1000q is refused as too deep at %d levels; jsontext: %v", text, deepest, err)
	}
}

// checkReason compares a refusal with the error of jsontext: a duplicate name has the same
// pointer; any other wrong token starts no later.
func checkReason(t *testing.T, text []byte) {
	t.Helper()
	d := decoder{in: scanner{json: text}}
	err := d.in.skip()
	if d.in.peek(); err == nil {
		err = errTrailing
	}
	got := d.malformed(err).errors[0]
	in := jsontext.NewDecoder(bytes.NewBuffer(text))
	wantErr := in.SkipValue()
	if wantErr == nil {
		if want := "There is more in the body after the JSON text."; got.detail != want {
			t.Errorf("%.1000q: %q, want %q", text, got.detail, want)
		}
		return
	}
	syntax, _ := errors.AsType[*jsontext.SyntacticError](wantErr)
	switch {
	case wantErr == io.EOF:
		if got.detail != "The body is empty." {
			t.Errorf("%.1000q: %q", text, got.detail)
		}
	case errors.Is(wantErr, jsontext.ErrDuplicateName):
		if want := pointer(string(syntax.JSONPointer)); got.code != "duplicate-member" || got.source != want {
			t.Errorf("%.1000q: %s at %v, want %v", text, got.code, got.source, want)
		}
	case got.code != "malformed-json" || isBehind(text, d.in.at, syntax.ByteOffset) || !strings.HasSuffix(got.detail, fmt.Sprintf("see byte %d.", d.in.at)):
		t.Errorf("%.1000q: %s, %q; jsontext: %v", text, got.code, got.detail, wantErr)
	}
}

// isBehind reports whether a token starts between jsontext's offset and ours. (For a
// comma before an end, jsontext returns the offset of the comma.)
func isBehind(text []byte, at int, theirs int64) bool {
	return int64(at) > theirs && len(bytes.Trim(text[theirs:at], ", \t\r\n")) > 0
}

// tokens returns the tokens that jsontext reads: the kind, and the value of strings and
// numbers.
func tokens(text []byte) (all []string, err error) {
	d := jsontext.NewDecoder(bytes.NewBuffer(text))
	for len(all) == 0 || d.StackDepth() > 0 {
		token, err := d.ReadToken()
		if err != nil {
			return all, err
		}
		all = append(all, token.Kind().String()+" "+token.String())
	}
	if _, err = d.ReadToken(); err != io.EOF {
		return nil, errors.New("more than one value")
	}
	return all, nil
}

// scannedTokens returns the tokens that the scanner reads.
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
					literal(string(c+2), string(c+2)) // the end of an empty object or array
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
	if s.peek(); err == nil && s.at < len(text) {
		err = errTrailing
	}
	return err
}

// The limits of the depth and of the names that are compared one by one.
func TestScannerBounds(t *testing.T) {
	nested := func(open, inner, end string, n int) string {
		return strings.Repeat(open, n) + inner + strings.Repeat(end, n)
	}
	for _, n := range []int{maxDepth - 1, maxDepth, maxDepth + 1, 20_000} {
		for _, text := range []string{nested("[", "", "]", n), nested(`{"a":`, "1", "}", n), nested(`{"a":[`, "1", "]}", n/2), strings.Repeat("[", n)} {
			checkScanner(t, []byte(text))
		}
		err := skipAll([]byte(nested("[", "", "]", n)))
		if want := map[bool]error{true: errDepth}[n > maxDepth]; err != want {
			t.Errorf("depth %d: %v, want %v", n, err, want)
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

// What is kept for the next request refers to nothing of this one except its bytes.
func TestDecodeLeavesNothing(t *testing.T) {
	var d decoder
	buf := takeBuffer()
	truncated := strings.TrimSuffix(objectOf(2*maxCompared, -1), "}")
	buf.bytes = append(buf.bytes[:0], `{"\u0061":`+truncated...)
	require.Error(t, d.decode(buf), "accepted")
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
	buf.bytes = append(buf.bytes[:0], `{"data":{"attributes":{"firstName":"Jane","address":{"houseNo":1}}}}`...)
	require.NoError(t, d.decode(buf))
	for _, v := range buf.values {
		if v.text != nil {
			t.Errorf("the value %q", v.text)
		}
	}
}
