package contestant

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// respond writes the record of the user, as one of the peers encoded it.
func respond(w http.ResponseWriter, document []byte, err error) {
	if err != nil {
		refuse(w, http.StatusNotImplemented, "")
		return
	}
	Answer{http.StatusOK, document}.write(w)
}

type errorsDocument struct {
	Errors []errorObject `json:"errors"`
}

type errorObject struct {
	Status string       `json:"status"`
	Title  string       `json:"title"`
	Source *errorSource `json:"source,omitempty"`
}

type errorSource struct {
	Pointer string `json:"pointer"`
}

// refuse writes an error document with one error object, and with a source if
// pointer is not empty.
func refuse(w http.ResponseWriter, status int, pointer string) {
	e := errorObject{Status: strconv.Itoa(status), Title: http.StatusText(status)}
	if pointer != "" {
		e.Source = &errorSource{pointer}
	}
	body, err := json.Marshal(errorsDocument{[]errorObject{e}})
	if err != nil { // strings only: it cannot be
		panic(err)
	}
	Answer{status, body}.write(w)
}
