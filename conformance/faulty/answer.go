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

// A recorder is a ResponseWriter that keeps the response.
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

// ask returns the answer of the handler.
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

// replace replaces the status, the media type and the body.
func (a *answer) replace(status int, contentType, body string) {
	a.status, a.body = status, []byte(body)
	a.header.Set("Content-Type", contentType)
}

// refuse replaces the answer by a well-formed error document.
func (a *answer) refuse(status int) {
	a.header.Set("Content-Type", "application/vnd.api+json")
	a.status = status
	a.body = encode(object{"errors": []any{object{"id": rand.Text(), "status": strconv.Itoa(status), "title": http.StatusText(status)}}})
}

// sendRefusal sends an answer that is only a refusal.
func sendRefusal(w http.ResponseWriter, status int) {
	a := &answer{header: http.Header{}}
	a.refuse(status)
	a.send(w)
}

// changeAnswer changes each answer to a PATCH.
func changeAnswer(change func(a *answer)) func(*server) {
	return changeAnswerTo(func(_ *http.Request, a *answer) { change(a) })
}

// changeAnswerTo changes each answer to a PATCH, with its request at hand.
func changeAnswerTo(change func(r *http.Request, a *answer)) func(*server) {
	return wrapHandler(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
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

// answersOf changes the answers with the status.
func answersOf(of int, change func(a *answer)) func(*server) {
	return changeAnswer(func(a *answer) {
		if a.status == of {
			change(a)
		}
	})
}

// turnStatus replaces the error documents with a status by those with another.
func turnStatus(from, to int) func(*server) { return answersOf(from, func(a *answer) { a.refuse(to) }) }

// answerDocument changes the document of each success.
func answerDocument(change func(doc object)) func(*server) {
	return answersOf(http.StatusOK, func(a *answer) { a.edit(change) })
}

// answerResource changes the resource object of each success.
func answerResource(change func(data object)) func(*server) {
	return answerDocument(func(doc object) {
		if data, ok := doc["data"].(object); ok {
			change(data)
		}
	})
}

// answerAttributes changes the attributes of each success.
func answerAttributes(change func(attributes object)) func(*server) {
	return answerResource(func(data object) {
		if a, ok := data["attributes"].(object); ok {
			change(a)
		}
	})
}

// answerValues replaces every scalar among the attributes of each success; pointer is
// such as /address/street.
func answerValues(change func(pointer string, v any) any) func(*server) {
	return answerAttributes(func(a object) { changeValues(a, "", change) })
}

// answerErrorDocument changes every error document.
func answerErrorDocument(change func(doc object)) func(*server) {
	return changeAnswer(func(a *answer) {
		if a.status >= 400 {
			a.edit(change)
		}
	})
}

// answerErrorObjects changes every error object.
func answerErrorObjects(change func(e object)) func(*server) {
	return answerErrorDocument(func(doc object) {
		list, _ := doc["errors"].([]any)
		for _, e := range list {
			change(e.(object))
		}
	})
}

// edit changes the document of the answer, if it has one.
func (a *answer) edit(change func(doc object)) {
	if doc := parse(a.body); doc != nil {
		change(doc)
		a.body = bytes.TrimRight(encode(doc), "\n")
	}
}

// attributesOr501 answers 501, and patches nothing, if the attributes of a patch are bad.
func attributesOr501(bad func(attributes object) bool) func(*server) {
	return wrapHandler(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
		if provided := sent(r); r.Method == http.MethodPatch && provided != nil && bad(provided) {
			sendRefusal(w, http.StatusNotImplemented)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// refusedButDone patches the user, and answers 422 if the patch has a null.
func refusedButDone(s *server) {
	changeAnswerTo(func(r *http.Request, a *answer) {
		if a.status == http.StatusOK && hasNull(sent(r)) {
			a.refuse(http.StatusUnprocessableEntity)
		}
	})(s)
}
