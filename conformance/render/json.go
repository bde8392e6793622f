package render

import (
	"encoding/json"
	"io"

	"github.com/userrecord/userrecord/conformance"
)

// JSON writes the report as one JSON object, as the tags of its type say, with the
// member reason, a text, in the report and in each result. Lists are never null,
// those that may be left out aside.
func JSON(w io.Writer, r *conformance.Report) error {
	type result struct {
		conformance.Result
		Reason string `json:"reason"`
	}
	whole := struct {
		*conformance.Report
		Reason  string   `json:"reason"`
		Results []result `json:"results"`
	}{r, r.Reason(), []result{}}
	for _, one := range r.Results {
		one.Exchanges = append([]conformance.Exchange{}, one.Exchanges...)
		whole.Results = append(whole.Results, result{one, one.Reason()})
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(whole)
}
