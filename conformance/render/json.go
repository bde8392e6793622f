package render

import (
	"bytes"
	"encoding/json"
	"io"

	"github.com/userrecord/userrecord/conformance"
)

// JSON writes the report as one JSON object with the members that the tags of its type
// name, and with the texts that these methods return: headline and reason in the report,
// reason and reproduction in each result. No list is null: an empty one is [], or left
// out where its tag has omitempty.
func JSON(w io.Writer, r *conformance.Report) error {
	type result struct {
		conformance.Result
		Reason       string `json:"reason"`
		Reproduction string `json:"reproduction,omitempty"`
	}
	whole := struct {
		*conformance.Report
		Headline string   `json:"headline"`
		Reason   string   `json:"reason"`
		Results  []result `json:"results"`
	}{r, r.Headline(), r.Reason(), []result{}}
	for _, one := range r.Results {
		one.Exchanges = append([]conformance.Exchange{}, one.Exchanges...)
		whole.Results = append(whole.Results, result{one, one.Reason(), one.Reproduction()})
	}
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(whole); err != nil {
		return err
	}
	// The escapes of Visible are those of JSON: nothing changes but what a log obeys.
	_, err := io.WriteString(w, Visible(text.String()))
	return err
}
