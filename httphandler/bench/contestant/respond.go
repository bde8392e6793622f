package contestant

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// respond answers with the document of a peer, or with 501 if err is not nil.
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

// refuse answers with one error object. It has a source unless pointer is "".
func refuse(w http.ResponseWriter, status int, pointer string) {
	e := errorObject{Status: strconv.Itoa(status), Title: http.StatusText(status)}
	if pointer != "" {
		e.Source = &errorSource{pointer}
	}
	body, err := json.Marshal(errorsDocument{[]errorObject{e}})
	if err != nil { // cannot happen: strings only
		panic(err)
	}
	Answer{status, body}.write(w)
}
