package render

import (
	"encoding/json"
	"io"

	"github.com/userrecord/userrecord/conformance"
)

// JSON writes the report as one JSON object, as the tags of its type say. Lists
// are never null, those that may be left out aside.
func JSON(w io.Writer, r *conformance.Report) error {
	whole := *r
	whole.Results = append([]conformance.Result{}, r.Results...)
	for i := range whole.Results {
		whole.Results[i].Exchanges = append([]conformance.Exchange{}, whole.Results[i].Exchanges...)
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(whole)
}
