package faulty

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// showCreatedAt lets the records of the users in the map show the times there as
// createdAt.
func showCreatedAt(s *server, mu *sync.Mutex, times map[string]string) {
	answerResource(func(data object) {
		mu.Lock()
		defer mu.Unlock()
		if at, ok := times[fmt.Sprint(data["id"])]; ok {
			data["attributes"].(object)["createdAt"] = at
		}
	})(s)
}

func createdAtWritable(s *server) {
	var mu sync.Mutex
	times := map[string]string{}
	showCreatedAt(s, &mu, times)
	requestData(func(data object) {
		a, _ := data["attributes"].(object)
		at, ok := a["createdAt"].(string)
		delete(a, "createdAt")
		if _, err := userstore.ParseTime(at); ok && err == nil {
			mu.Lock()
			defer mu.Unlock()
			times[fmt.Sprint(data["id"])] = at
		}
	})(s)
}

func createdAtNow(s *server) {
	var mu sync.Mutex
	times := map[string]string{}
	storePatch(func(ctx context.Context, next userstore.Store, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
		if !isRead(patch) {
			mu.Lock()
			defer mu.Unlock()
			times[id.String()] = time.Now().UTC().Format(time.RFC3339Nano)
		}
		return next.Patch(ctx, id, patch)
	})(s)
	showCreatedAt(s, &mu, times)
}

// refusedButRestDone patches the user, after a refusal, with the attributes that are not
// bad.
func refusedButRestDone(bad func(name string) bool) func(*server) {
	return wrapHandler(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
		text := readBody(r)
		a := ask(next, w, r)
		if doc := parse(text); a.status == http.StatusUnprocessableEntity && doc != nil {
			setBody(r, text)
			found := false
			rest := sent(r)
			for name := range rest {
				if bad(name) {
					delete(rest, name)
					found = true
				}
			}
			if data, ok := doc["data"].(object); ok && found {
				data["attributes"] = rest
				setBody(r, encode(doc))
				ask(next, w, r)
			}
		}
		a.send(w)
	})
}
