package vectors_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"

	"github.com/userrecord/userrecord/conformance/vectors"
)

// writeFile returns the text of a file: a line for each member of a vector, and only
// ASCII, so that nothing in it is invisible and every tool shows the same.
func writeFile(f vectors.File) string {
	groups := make([]string, len(f.Groups))
	for i, g := range f.Groups {
		groups[i] = writeGroup(g)
	}
	return fmt.Sprintf("{\n  \"version\": %s,\n  \"theme\": %s,\n  \"comment\": %s,\n  \"flags\": %s,\n  \"numberOfVectors\": %d,\n  \"groups\": [\n%s\n  ]\n}\n",
		writeJSON(f.Version), writeJSON(f.Theme), writeJSON(f.Comment), writeJSON(f.Flags), f.Count, strings.Join(groups, ",\n"))
}

func writeGroup(g vectors.Group) string {
	all := make([]string, len(g.Vectors))
	for i, v := range g.Vectors {
		all[i] = writeVector(v)
	}
	return fmt.Sprintf("    {\n      \"comment\": %s,\n      \"before\": %s,\n      \"vectors\": [\n%s\n      ]\n    }",
		writeJSON(g.Comment), toASCII(g.Before), strings.Join(all, ",\n"))
}

// writeVector lets encoding/json choose the members, and writes each on a line.
func writeVector(v vectors.Vector) string {
	const margin = "          "
	d := json.NewDecoder(bytes.NewReader(writeJSON(v)))
	d.Token()
	var lines []string
	for d.More() {
		name, _ := d.Token()
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			panic(err)
		}
		lines = append(lines, fmt.Sprintf("%s%q: %s", margin, name, value))
	}
	return "        {\n" + strings.Join(lines, ",\n") + "\n        }"
}

// writeJSON returns v as JSON in ASCII.
func writeJSON(v any) json.RawMessage {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err)
	}
	return toASCII(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}

// toASCII escapes all other characters; in JSON they stand only in strings.
func toASCII(text []byte) json.RawMessage {
	var b bytes.Buffer
	for _, r := range string(text) {
		if r <= unicode.MaxASCII && r != 0x7f {
			b.WriteRune(r)
			continue
		}
		for _, unit := range unitsOf(string(r)) {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
	}
	return b.Bytes()
}

// unitsOf returns the units of UTF-16.
func unitsOf(s string) []uint16 { return utf16.Encode([]rune(s)) }

func writeObject(names []string, value func(name string) json.RawMessage) json.RawMessage {
	var b bytes.Buffer
	for i, name := range names {
		b.WriteByte("{,"[min(i, 1)])
		fmt.Fprintf(&b, "%q:%s", name, value(name))
	}
	b.WriteByte('}')
	return b.Bytes()
}

// What is written can be read again, and is in ASCII.
func TestWriteJSON(t *testing.T) {
	for _, s := range []string{"", "a\"\\/\x00\n\x7f", "<ß€😀\u2028\ufeff\U0010ffff>"} {
		text := writeJSON(s)
		var got string
		if err := json.Unmarshal(text, &got); err != nil || got != s || bytes.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' }) {
			t.Errorf("%q is written as %s", s, text)
		}
	}
}
