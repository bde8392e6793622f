package render

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // the template
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"
	"time"

	"github.com/userrecord/userrecord/conformance"
)

//go:embed report.gohtml
var reportTemplate string

var page = template.Must(template.New("report").Funcs(template.FuncMap{
	"choices":       choices,
	"duration":      func(d time.Duration) string { return d.Round(time.Millisecond).String() },
	"exchangeCount": exchangeCount,
	"fault":         func(r conformance.Result, open bool) fault { return fault{&r, open} },
	"mood":          mood,
	"levels":        func() []conformance.Level { return levels },
	"notRestored":   notRestored,
	"problem":       problemText,
	"of":            countOf,
	"section": func(id, title, intro string, results []conformance.Result) section {
		return section{id, title, intro, results}
	},
	"state":    stateOf,
	"statuses": func() []conformance.Status { return statuses },
	"visible":  func(s string) string { return strings.TrimSpace(Visible(s)) },
	"words":    words,
}).Parse(reportTemplate))

var levels = []conformance.Level{conformance.Must, conformance.Should, conformance.Observe}

// section is the data of the template "details".
type section struct {
	ID, Title, Intro string
	Results          []conformance.Result
}

// HTML writes the report as one page that needs no other file and no network. Its only
// script filters results and copies curl lines.
func HTML(w io.Writer, r *conformance.Report) error {
	var b bytes.Buffer
	err := page.Execute(&b, struct {
		*digest
		CSP    string
		Style  template.CSS
		Script template.JS
		Icon   template.URL
	}{digestOf(r), policy, template.CSS(style), template.JS(script), icons[mood(r)]})
	if err != nil {
		return err
	}
	_, err = w.Write(b.Bytes())
	return err
}

// The page has the style sheet and the script byte for byte, since its policy names their
// hashes.
var (
	style  = page.Lookup("style").Tree.Root.String()
	script = page.Lookup("script").Tree.Root.String()
	policy = fmt.Sprintf("default-src 'none'; style-src '%s'; script-src '%s'; img-src data:; base-uri 'none'; form-action 'none'", hashOf(style), hashOf(script))
)

func hashOf(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// stateOf returns the status of the result, or "known" for a failure that does
// not count.
func stateOf(r conformance.Result) string {
	switch {
	case r.Counts():
		return string(conformance.Failed)
	case r.Status == conformance.Failed:
		return "known"
	}
	return string(r.Status)
}

// words returns a status, or a state of [stateOf], in words.
func words(state any) string {
	switch text := fmt.Sprint(state); text {
	case "known":
		return "known to fail"
	case "not-run":
		return "not run"
	default:
		return text
	}
}

// mood returns the class of the headline: the verdict, or "qualified" for one that is not
// plainly conformant.
func mood(r *conformance.Report) string {
	switch {
	case r.Qualified():
		return "qualified"
	case r.Verdict == "":
		return string(conformance.Inconclusive)
	}
	return string(r.Verdict)
}

// fault is the data of the template of that name.
type fault struct {
	*conformance.Result
	Open bool // the exchange at fault is unfolded
}

// Others returns all exchanges but the one at fault.
func (f fault) Others() []conformance.Exchange {
	var others []conformance.Exchange
	for i := range f.Exchanges {
		if &f.Exchanges[i] != f.AtFault() {
			others = append(others, f.Exchanges[i])
		}
	}
	return others
}

func exchangeCount(e []conformance.Exchange) string {
	if len(e) == 1 {
		return "1 exchange"
	}
	return fmt.Sprintf("%d exchanges", len(e))
}

var icons = map[string]template.URL{
	"conformant":    icon("1a7f45", "M4.5 8.5l2.5 2.5 4.5-5.5"),
	"qualified":     icon("1f5aa6", "M4.5 8.5l2.5 2.5 4.5-5.5"),
	"nonconformant": icon("b3261e", "M5 5l6 6M11 5l-6 6"),
	"inconclusive":  icon("8a5a00", "M8 4.5v4.5M8 11v.5"),
}

// icon returns the icon of the browser tab, a disc with a sign in it.
func icon(colour, path string) template.URL {
	const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="8" fill="#%s"/><path d="%s" fill="none" stroke="#fff" stroke-width="1.8" stroke-linecap="round"/></svg>`
	image := base64.StdEncoding.EncodeToString(fmt.Appendf(nil, svg, colour, path))
	return template.URL("data:image/svg+xml;base64," + image)
}
