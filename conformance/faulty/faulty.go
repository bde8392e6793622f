package faulty

import (
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/userstore"
)

// A Fault is one way to serve the operation wrongly.
type Fault struct {
	Name  string // lower-case words with dashes
	Title string // what the server does, in one sentence
	// spoil changes the server. What it remembers, it keeps for each server apart.
	spoil func(*server)
}

// A server is what a fault can change, before the handler is made of it.
type server struct {
	store   userstore.Store
	access  httphandler.Access
	options httphandler.Options
	layers  []layer // the first is the innermost
}

// A layer is a handler around another.
type layer func(next http.Handler) http.Handler

// Faults returns all faults, in the order of the families of the suite.
func Faults() []Fault {
	return slices.Concat(
		successFaults(),
		cacheFaults(),
		grossFaults(),
		mergeFaults(),
		nullFaults(),
		clearedFaults(),
		addressFaults(),
		losslessFaults(),
		coercionFaults(),
		columnFaults(),
		dateFaults(),
		dayFaults(),
		formatFaults(),
		typeFaults(),
		attributeFaults(),
		nameFaults(),
		errorFaults(),
		credentialFaults(),
		similarCredentialFaults(),
		forbiddenFaults(),
		pathFaults(),
		similarPathFaults(),
		acceptFaults(),
		contentFaults(),
		documentFaults(),
		shapeFaults(),
		jsonFaults(),
		atomicFaults(),
		failureFaults(),
		methodFaults(),
		concurrencyFaults(),
		echoFaults(),
	)
}

// New returns the handler of [httphandler.New] with the fault of that name, or without
// one if the name is empty. Mount it as that handler, under /users/{userId}. The logger
// may be nil. The error says that there is no such fault, and names similar ones.
func New(name string, store userstore.Store, access httphandler.Access, logger *slog.Logger) (http.Handler, error) {
	if name == "" {
		return Fault{}.handler(store, access, logger), nil
	}
	faults := Faults()
	for _, f := range faults {
		if f.Name == name {
			return f.handler(store, access, logger), nil
		}
	}
	return nil, fmt.Errorf("faulty: there is no fault %q%s", name, suggestion(name, faults))
}

func (f Fault) handler(store userstore.Store, access httphandler.Access, logger *slog.Logger) http.Handler {
	s := &server{store: store, access: access, options: httphandler.Options{Logger: logger}}
	if f.spoil != nil {
		f.spoil(s)
	}
	h := httphandler.New(s.store, s.access, &s.options)
	for _, wrap := range s.layers {
		h = wrap(h)
	}
	return h
}

// suggestion names faults that have a word in common with the name.
func suggestion(name string, faults []Fault) string {
	var near []string
	for _, f := range faults {
		for word := range strings.SplitSeq(strings.ToLower(name), "-") {
			if len(word) > 2 && strings.Contains(f.Name, word) && len(near) < 5 && !slices.Contains(near, f.Name) {
				near = append(near, f.Name)
			}
		}
	}
	if len(near) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(near, ", ") + "?"
}

// inTurn makes the changes, one after the other.
func inTurn(changes ...func(*server)) func(*server) {
	return func(s *server) {
		for _, change := range changes {
			change(s)
		}
	}
}
