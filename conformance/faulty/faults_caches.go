package faulty

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// Caches and replicas that answer with what is no longer so.
func cacheFaults() []Fault {
	return []Fault{
		{"read-replica-lags", "Every other read comes from a replica that is 100 ms behind.", replicaLags},
		{"read-cached-by-accept", "A read with another Accept comes from a cache that a patch does not empty.", cachedReads(func(r *http.Request) (string, bool) {
			accept := r.Header.Get("Accept")
			return pathID(r) + accept + r.Header.Get("Authorization"), strings.Contains(accept, ",")
		})},
		{"read-cached-for-anybody", "A read comes from a cache, whoever asks.", readForAnybody},
		{"patch-not-repeated", "A patch with the body of one before is answered as that was, and not made.", patchNotRepeated},
	}
}

// replicaLags reads the record from before the last patch, every other time.
func replicaLags(s *server) {
	const lag = 100 * time.Millisecond
	var mu sync.Mutex
	before, at, reads := map[uuid.UUID]userstore.User{}, map[uuid.UUID]time.Time{}, map[uuid.UUID]int{}
	storePatch(func(ctx context.Context, next userstore.Store, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
		mu.Lock()
		defer mu.Unlock()
		if isRead(patch) {
			if reads[id]++; reads[id]%2 == 0 && time.Since(at[id]) < lag {
				return before[id], nil
			}
			return next.Patch(ctx, id, patch)
		}
		user, err := next.Get(ctx, id)
		if err != nil {
			return user, err
		}
		before[id], at[id], reads[id] = user, time.Now(), 0
		return next.Patch(ctx, id, patch)
	})(s)
}

// isReadRequest reports whether the request is a patch without attributes.
func isReadRequest(r *http.Request) bool {
	user := data(parse(readBody(r)))
	attributes, ok := user["attributes"].(object)
	return r.Method == http.MethodPatch && ok && len(attributes) == 0 && user["id"] == pathID(r)
}

// cachedReads keeps the answers to reads under the key, if there is to be one.
func cachedReads(key func(r *http.Request) (string, bool)) func(*server) {
	var mu sync.Mutex
	kept := map[string]*answer{}
	return wrapHandler(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
		k, ok := key(r)
		if !ok || !isReadRequest(r) {
			next.ServeHTTP(w, r)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		if kept[k] == nil {
			a := ask(next, w, r)
			if a.status != http.StatusOK {
				a.send(w)
				return
			}
			kept[k] = a
		}
		kept[k].send(w)
	})
}

// readForAnybody keeps the answer to the last read, and answers with it who may not
// read.
func readForAnybody(s *server) {
	var mu sync.Mutex
	last := map[string]*answer{}
	wrapHandler(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
		if !isReadRequest(r) {
			next.ServeHTTP(w, r)
			return
		}
		a := ask(next, w, r)
		mu.Lock()
		defer mu.Unlock()
		switch kept := last[pathID(r)]; {
		case a.status == http.StatusOK:
			last[pathID(r)] = a
		case a.status == http.StatusUnauthorized && kept != nil:
			a = kept
		}
		a.send(w)
	})(s)
}

// patchNotRepeated takes the body for the key of a request that must be made only once.
func patchNotRepeated(s *server) {
	var mu sync.Mutex
	answers := map[string]*answer{}
	wrapHandler(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
		key := pathID(r) + string(readBody(r))
		mu.Lock()
		defer mu.Unlock()
		if kept := answers[key]; kept != nil && !isReadRequest(r) {
			kept.send(w)
			return
		}
		a := ask(next, w, r)
		if a.status == http.StatusOK {
			answers[key] = a
		}
		a.send(w)
	})(s)
}
