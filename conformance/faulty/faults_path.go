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
		{"unknown-user-created", "A patch of an unknown user is answered with 200, as if it created one.", storePatch(upsert)},
		{"unknown-user-422", "A patch of an unknown user is answered with 422.", turnStatus(404, 422)},
		{"unknown-user-fails", "A patch of an unknown user makes the server fail.", turnStatus(404, 501)},
		{"bad-id-fails", "An id that is no UUID makes the server fail, in the database.", malformedID(http.StatusInternalServerError)},
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
		{"oracle-unknown", "Without credentials an unknown user is answered with 404.", unknownUsersShow},
	}
}

// upsert returns a record for an unknown user, without creating one.
func upsert(ctx context.Context, next userstore.Store, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
	user, err := next.Patch(ctx, id, patch)
	if errors.Is(err, userstore.ErrNotFound) {
		return userstore.User{ID: id, Attributes: userstore.Attributes{}.Merge(patch)}.Canonical()
	}
	return user, err
}

// malformedID answers with the status if the credentials are good and the id of the path
// is no UUID.
func malformedID(status int) func(*server) {
	return func(s *server) {
		access := s.access
		wrapHandler(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
			if _, err := userstore.ParseID(pathID(r)); err != nil && r.Method == http.MethodPatch {
				if _, err := access.Authenticate(r); err == nil {
					sendRefusal(w, status)
					return
				}
			}
			next.ServeHTTP(w, r)
		})(s)
	}
}

func pathRewritten(change func(id string) string) func(*server) {
	return changeRequest(func(r *http.Request) {
		if id := pathID(r); change(id) != id {
			setPathID(r, change(id))
		}
	})
}

// patchOther patches all users that were patched before, too.
func patchOther(s *server) {
	known := new(idSet)
	storePatch(func(ctx context.Context, next userstore.Store, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
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

// unknownUsersShow answers 404 to requests without good credentials if there is no such
// user.
func unknownUsersShow(s *server) {
	store, authenticate := s.store, s.access.Authenticate
	wrapHandler(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
		if _, err := authenticate(r); err != nil && r.Method == http.MethodPatch {
			if id, err := userstore.ParseID(pathID(r)); err == nil {
				if _, err := store.Get(r.Context(), id); err != nil {
					sendRefusal(w, http.StatusNotFound)
					return
				}
			}
		}
		next.ServeHTTP(w, r)
	})(s)
}
