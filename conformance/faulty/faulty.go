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
	// spoil makes the change; it may keep state of its own for each server.
	spoil func(*server)
}

// A server is what a fault can change before the handler is made.
type server struct {
	store   userstore.Store
	access  httphandler.Access
	options httphandler.Options
	layers  []layer // the first is next to the handler
}

// A layer is a handler around another.
type layer func(next http.Handler) http.Handler

// Faults returns all faults, families in the order of the suite's.
func Faults() []Fault {
	return slices.Concat(
		successFaults(),
		mergeFaults(),
		nullFaults(),
		addressFaults(),
		losslessFaults(),
		dateFaults(),
		formatFaults(),
		typeFaults(),
		attributeFaults(),
		errorFaults(),
		credentialFaults(),
		forbiddenFaults(),
		pathFaults(),
		acceptFaults(),
		contentFaults(),
		documentFaults(),
		jsonFaults(),
		atomicFaults(),
		failureFaults(),
		methodFaults(),
		concurrencyFaults(),
	)
}

// New returns the handler of [httphandler.New] with the fault of that name; the
// empty name is no fault. The logger may be nil. Mount it as that handler is
// mounted.
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

// suggestion names faults that share a word with the name.
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

// both makes two changes.
func both(changes ...func(*server)) func(*server) {
	return func(s *server) {
		for _, change := range changes {
			change(s)
		}
	}
}
