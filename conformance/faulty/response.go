package faulty

import (
	"bytes"
	"crypto/rand"
	"net/http"
	"strconv"
)

// An answer is a response before it is sent.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// A recorder keeps the response of the handler.
type recorder struct {
	http.ResponseWriter
	answer
}

func (w *recorder) Header() http.Header         { return w.header }
func (w *recorder) WriteHeader(status int)      { w.status = status }
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *recorder) Write(p []byte) (int, error) {
	w.body = append(w.body, p...)
	return len(p), nil
}

// ask returns what the handler answers.
func ask(next http.Handler, w http.ResponseWriter, r *http.Request) *answer {
	rec := &recorder{ResponseWriter: w, answer: answer{status: http.StatusOK, header: http.Header{}}}
	next.ServeHTTP(rec, r)
	return &rec.answer
}

func (a *answer) send(w http.ResponseWriter) {
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.WriteHeader(a.status)
	if a.status != http.StatusNoContent {
		w.Write(a.body)
	}
}

// set makes the answer another one.
func (a *answer) set(status int, contentType, body string) {
	a.status, a.body = status, []byte(body)
	a.header.Set("Content-Type", contentType)
}

// refuse makes the answer a well-formed error document.
func (a *answer) refuse(status int) {
	a.header.Set("Content-Type", "application/vnd.api+json")
	a.status = status
	a.body = encode(object{"errors": []any{object{"id": rand.Text(), "status": strconv.Itoa(status), "title": http.StatusText(status)}}})
}

// response changes each answer to a PATCH.
func response(change func(a *answer)) func(*server) {
	return exchange(func(_ *http.Request, a *answer) { change(a) })
}

// exchange changes each answer to a PATCH, by its request.
func exchange(change func(r *http.Request, a *answer)) func(*server) {
	return wrap(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPatch {
			next.ServeHTTP(w, r)
			return
		}
		again := readBody(r)
		a := ask(next, w, r)
		setBody(r, again)
		change(r, a)
		a.send(w)
	})
}

// status changes the answers that have that status.
func status(of int, change func(a *answer)) func(*server) {
	return response(func(a *answer) {
		if a.status == of {
			change(a)
		}
	})
}

// turn answers with another status where there would be an error.
func turn(from, to int) func(*server) { return status(from, func(a *answer) { a.refuse(to) }) }

// success changes the document of a success.
func success(change func(doc object)) func(*server) {
	return status(http.StatusOK, func(a *answer) { a.edit(change) })
}

// resource changes the resource object of a success.
func resource(change func(data object)) func(*server) {
	return success(func(doc object) {
		if data, ok := doc["data"].(object); ok {
			change(data)
		}
	})
}

// record changes the attributes of a success.
func record(change func(attributes object)) func(*server) {
	return resource(func(data object) {
		if a, ok := data["attributes"].(object); ok {
			change(a)
		}
	})
}

// shown replaces every scalar among the attributes of a success.
func shown(change func(pointer string, v any) any) func(*server) {
	return record(func(a object) { changeValues(a, "", change) })
}

// failure changes every error document.
func failure(change func(doc object)) func(*server) {
	return response(func(a *answer) {
		if a.status >= 400 {
			a.edit(change)
		}
	})
}

// problem changes every error object.
func problem(change func(e object)) func(*server) {
	return failure(func(doc object) {
		list, _ := doc["errors"].([]any)
		for _, e := range list {
			change(e.(object))
		}
	})
}

// edit changes the document of the answer.
func (a *answer) edit(change func(doc object)) {
	if doc := parse(a.body); doc != nil {
		change(doc)
		a.body = bytes.TrimRight(encode(doc), "\n")
	}
}

// attributesOr501 fails, without a change, where a patch has such attributes.
func attributesOr501(bad func(attributes object) bool) func(*server) {
	return wrap(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
		if provided := sent(r); r.Method == http.MethodPatch && provided != nil && bad(provided) {
			a := &answer{header: http.Header{}}
			a.refuse(http.StatusNotImplemented)
			a.send(w)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// refusedButDone answers 422 to a patch with null that was made.
func refusedButDone(s *server) {
	exchange(func(r *http.Request, a *answer) {
		if a.status == http.StatusOK && hasNull(sent(r)) {
			a.refuse(http.StatusUnprocessableEntity)
		}
	})(s)
}
