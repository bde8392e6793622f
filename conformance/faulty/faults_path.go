package faulty

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// What goes wrong with the id of the path.
func pathFaults() []Fault {
	return []Fault{
		{"unknown-user-created", "A patch of an unknown user is answered with 200, as if it created one.", patching(upsert)},
		{"unknown-user-422", "A patch of an unknown user is answered with 422.", turn(404, 422)},
		{"unknown-user-fails", "A patch of an unknown user makes the server fail.", turn(404, 501)},
		{"bad-id-fails", "An id that is no UUID makes the server fail, in the database.", badID(func(w http.ResponseWriter) {
			a := &answer{header: http.Header{}}
			a.refuse(http.StatusInternalServerError)
			a.send(w)
		})},
		{"id-with-more", "An id with more behind it names the user.", pathRewritten(func(id string) string {
			if len(id) > 36 {
				return id[:36]
			}
			return id
		})},
		{"id-case-sensitive", "An id in upper case is answered with 404.", pathRewritten(func(id string) string {
			if id != strings.ToLower(id) {
				return uuid.Max.String()
			}
			return id
		})},
		{"nil-id-fails", "The nil UUID makes the server fail.", pathRewritten(func(id string) string {
			if id == uuid.Nil.String() {
				panic(http.ErrAbortHandler)
			}
			return id
		})},
		{"other-user-patched", "A patch is made for every user whose token is the same.", patchOther},
		{"oracle-unknown", "Without credentials an unknown user is answered with 404.", oracle(errors.New("unknown"))},
	}
}

// upsert shows a record for an unknown user, and keeps none.
func upsert(ctx context.Context, next userstore.Store, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
	user, err := next.Patch(ctx, id, patch)
	if errors.Is(err, userstore.ErrNotFound) {
		return userstore.User{ID: id, Attributes: userstore.Attributes{}.Merge(patch)}.Canonical()
	}
	return user, err
}

// badID answers requests whose credentials are good and whose id is no UUID.
func badID(answer func(w http.ResponseWriter)) func(*server) {
	return func(s *server) {
		access := s.access
		wrap(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
			if _, err := userstore.ParseID(pathID(r)); err != nil && r.Method == http.MethodPatch {
				if _, err := access.Authenticate(r); err == nil {
					answer(w)
					return
				}
			}
			next.ServeHTTP(w, r)
		})(s)
	}
}

func pathRewritten(change func(id string) string) func(*server) {
	return request(func(r *http.Request) {
		if id := pathID(r); change(id) != id {
			setPathID(r, change(id))
		}
	})
}

// patchOther makes each patch for the users patched before, too.
func patchOther(s *server) {
	known := newSet()
	patching(func(ctx context.Context, next userstore.Store, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
		user, err := next.Patch(ctx, id, patch)
		if err != nil {
			return user, err
		}
		for _, other := range known.add(id) {
			if other != id && !isRead(patch) {
				next.Patch(ctx, other, patch)
			}
		}
		return user, nil
	})(s)
}

// oracle answers 404 without credentials where the id is unknown, or malformed.
func oracle(what error) func(*server) {
	return func(s *server) {
		store := s.store
		right := s.access.Authenticate
		wrap(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
			if _, err := right(r); err != nil && r.Method == http.MethodPatch {
				id, malformed := userstore.ParseID(pathID(r))
				_, unknown := store.Get(r.Context(), id)
				if malformed != nil && what == userstore.ErrInvalid || malformed == nil && unknown != nil && what != userstore.ErrInvalid {
					a := &answer{header: http.Header{}}
					a.refuse(http.StatusNotFound)
					a.send(w)
					return
				}
			}
			next.ServeHTTP(w, r)
		})(s)
	}
}
