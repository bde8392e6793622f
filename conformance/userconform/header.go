package main

import (
	"fmt"
	"net/http"
	"os"
	"strings"

	"github.com/userrecord/userrecord/conformance/servertest"
)

// headerFlags are the values of -header as given. They are read after all flags, since
// package flag quotes what it refuses, which may be a secret.
type headerFlags []string

func (h *headerFlags) String() string { return "" }

// Set adds a value.
func (h *headerFlags) Set(s string) error {
	*h = append(*h, s)
	return nil
}

// fieldOf splits a value into the name of the field, and the variable or the file that
// holds its value.
func fieldOf(flag string) (name, variable, file string) {
	name, from, _ := strings.Cut(flag, ":")
	name, from = http.CanonicalHeaderKey(strings.TrimSpace(name)), strings.TrimSpace(from)
	if f, ok := strings.CutPrefix(from, "@"); ok {
		return name, "", f
	}
	v, ok := strings.CutPrefix(from, "$")
	if inner, braces := strings.CutPrefix(v, "{"); braces {
		v, ok = strings.CutSuffix(inner, "}")
	}
	if !ok || !isVariable(v) {
		return name, "", ""
	}
	return name, v, ""
}

func isVariable(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return r != '_' && (r < '0' || '9' < r) && (r < 'A' || 'Z' < r) && (r < 'a' || 'z' < r)
	})
}

// readHeader reads the values of the fields. Its errors show none.
func (f *flags) readHeader(env lookupEnv) error {
	for _, flag := range f.header {
		name, variable, file := fieldOf(flag)
		if f.target.Header == nil {
			f.target.Header = http.Header{}
		}
		if f.target.Header[name] != nil {
			return fmt.Errorf("-header: %s is there twice", name)
		}
		value, err := readValue(name, variable, file, env)
		if err != nil {
			return err
		}
		f.target.Header[name] = []string{value}
	}
	return nil
}

func readValue(name, variable, file string, env lookupEnv) (string, error) {
	switch {
	case file != "":
		text, err := os.ReadFile(file)
		if err != nil {
			return "", fmt.Errorf("-header: %w", err)
		}
		return strings.TrimRight(string(text), "\r\n"), nil
	case variable != "":
		value, _ := env(variable)
		if value == "" {
			return "", fmt.Errorf("-header: the environment variable %s is not set", variable)
		}
		return value, nil
	}
	return "", fmt.Errorf("-header: give the name of a field, and a variable or a file that holds its value, in single quotes: 'X-Api-Key: $API_KEY' or 'X-Api-Key: @./FILE'. " +
		"A value on the command line is shown to everybody on the machine")
}

// inShell returns a line for a shell that takes the values from where the command has
// them.
func (h headerFlags) inShell(line string) string {
	var pairs []string
	for _, flag := range h {
		name, variable, file := fieldOf(flag)
		from := "$" + variable
		if file != "" {
			from = "$(cat '" + strings.ReplaceAll(file, "'", `'\''`) + "')"
		}
		pairs = append(pairs, "$"+servertest.HeaderVariable(name)+`"`, from+`"`)
	}
	return strings.NewReplacer(pairs...).Replace(line)
}
