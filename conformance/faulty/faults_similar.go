package faulty

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// Credentials that are almost good and are taken.
func similarCredentialFaults() []Fault {
	token := func(sent string) string { return strings.TrimPrefix(sent, "Bearer ") }
	return []Fault{
		{"token-end-taken", "The end of a good token is let in.", similar(func(good, sent string) bool {
			return strings.HasPrefix(sent, "Bearer ") && len(token(sent)) > 3 && strings.HasSuffix(good, token(sent))
		})},
		{"token-with-more-taken", "A good token with more behind it is let in.", similar(func(good, sent string) bool { return strings.HasPrefix(sent, "Bearer "+good) })},
		{"token-within-taken", "Credentials that have a good token somewhere are let in.", similar(func(good, sent string) bool { return strings.Contains(sent, good) })},
		{"token-case-ignored", "The case of a token does not count, as under the collations of MySQL.", similar(func(good, sent string) bool { return strings.EqualFold("Bearer "+good, sent) })},
		{"token-blanks-dropped", "Blanks in a token are dropped.", tokenRead(func(s string) string { return "Bearer " + strings.ReplaceAll(token(s), " ", "") })},
		{"token-percent-decoded", "Percent escapes in a token are decoded.", tokenRead(func(s string) string {
			if decoded, err := url.PathUnescape(s); err == nil {
				return decoded
			}
			return s
		})},
		{"token-quotes-dropped", "Quotes around a token are dropped.", tokenRead(func(s string) string { return strings.ReplaceAll(s, `"`, "") })},
		{"token-list-taken", "Of a list of credentials the first counts.", tokenRead(func(s string) string { return before(s, ",") })},
		{"token-without-scheme-taken", "A token without a scheme is let in.", tokenRead(func(s string) string {
			if !strings.Contains(s, " ") {
				return "Bearer " + s
			}
			return s
		})},
		{"scheme-repeated-taken", "The scheme may come twice.", tokenRead(func(s string) string { return strings.Replace(s, "Bearer Bearer ", "Bearer ", 1) })},
		{"token-as-password-taken", "A token is let in as the password of Basic credentials.", tokenRead(func(s string) string {
			encoded, ok := strings.CutPrefix(s, "Basic ")
			decoded, err := base64.StdEncoding.DecodeString(encoded)
			if _, password, found := strings.Cut(string(decoded), ":"); ok && err == nil && found {
				return "Bearer " + password
			}
			return s
		})},
		{"token-in-query-taken", "A token is let in from the query.", tokenElsewhere(func(r *http.Request) string { return r.URL.Query().Get("access_token") })},
		{"token-in-cookie-taken", "A token is let in from a cookie.", tokenElsewhere(func(r *http.Request) string {
			c, err := r.Cookie("access_token")
			if err != nil {
				return ""
			}
			return c.Value
		})},
		{"sender-trusted", "Once a good token has come, its sender needs none.", senderTrusted},
		{"read-without-credentials", "A patch without attributes needs no credentials.", lets(func(r *http.Request, _ error) bool {
			provided, ok := parse(readBody(r))["data"].(object)
			return ok && len(sent(r)) == 0 && provided["id"] == pathID(r)
		})},
	}
}

// tokenRead changes a single Authorization before it is read.
func tokenRead(change func(sent string) string) func(*server) {
	return requestHeader(func(h http.Header) {
		if len(h["Authorization"]) == 1 {
			h.Set("Authorization", change(h.Get("Authorization")))
		}
	})
}

// tokenElsewhere finds a token where there is no Authorization.
func tokenElsewhere(find func(r *http.Request) string) func(*server) {
	return changeRequest(func(r *http.Request) {
		if token := find(r); token != "" && r.Header["Authorization"] == nil {
			r.Header.Set("Authorization", "Bearer "+token)
		}
	})
}

func senderTrusted(s *server) {
	var good atomic.Bool
	right := s.access
	s.access.Authenticate = func(r *http.Request) (context.Context, error) {
		ctx, err := right.Authenticate(r)
		if err == nil && right.Authorize(ctx, uuid.Max) == nil {
			good.Store(true)
		}
		return ctx, err
	}
	lets(func(r *http.Request, _ error) bool { return good.Load() && len(r.Header["Authorization"]) == 0 })(s)
}

// Ids that are almost that of a user and name it.
func similarPathFaults() []Fault {
	same := func(digits func(id string) string) func(known, id string) bool {
		return func(known, id string) bool {
			return len(id) == len(known) && digits(known) == digits(id)
		}
	}
	return []Fault{
		{"id-first-part-compared", "Of an id only the first part counts.", namesKnown(same(func(id string) string { return id[:8] }))},
		{"id-without-first-digit", "The first digit of an id does not count.", namesKnown(same(func(id string) string { return id[1:] }))},
		{"id-version-ignored", "The version of an id does not count.", namesKnown(same(func(id string) string { return id[:14] + id[15:] }))},
		{"id-last-digit-ignored", "The last digit of an id does not count, as in a column of 35 characters.", namesKnown(same(func(id string) string { return id[:35] }))},
		{"id-by-prefix", "The beginning of an id names the user.", namesKnown(func(known, id string) bool { return len(id) > 7 && strings.HasPrefix(known, id) })},
		{"id-like-pattern", "An id is a pattern of LIKE.", namesKnown(likePattern)},
		{"id-glob", "An id is a pattern with asterisks.", namesKnown(func(known, id string) bool {
			head, ok := strings.CutSuffix(id, "*")
			return ok && strings.HasPrefix(known, head)
		})},
		{"id-in-statement", "An id is put into the text of an SQL statement.", namesKnown(func(_, id string) bool { return strings.Contains(id, "' or '") })},
		{"id-malformed-is-own", "A malformed id names the user of the token.", namesKnown(func(_, id string) bool {
			_, err := userstore.ParseID(id)
			return err != nil
		})},
	}
}

// namesKnown lets other ids name a user that was named before, if they match it.
func namesKnown(match func(known, id string) bool) func(*server) {
	return func(s *server) {
		store, known := s.store, new(idSet)
		changeRequest(func(r *http.Request) {
			sent := strings.ToLower(pathID(r))
			if id, err := userstore.ParseID(sent); err == nil {
				if _, err := store.Get(r.Context(), id); err == nil {
					known.add(id)
					return
				}
			}
			for _, id := range known.all() {
				if match(id.String(), sent) {
					setPathID(r, id.String())
					ownPathID(r)
					return
				}
			}
		})(s)
	}
}

// ownPathID puts the id of the path into the resource object.
func ownPathID(r *http.Request) {
	doc := parse(readBody(r))
	if data, ok := doc["data"].(object); ok {
		data["id"] = pathID(r)
		setBody(r, encode(doc))
	}
}

// likePattern matches as LIKE does, for patterns that end in % or have _ in them.
func likePattern(known, id string) bool {
	head, open := strings.CutSuffix(id, "%")
	if !strings.ContainsAny(id, "%_") || len(head) > len(known) || !open && len(head) < len(known) {
		return false
	}
	for i := range len(head) {
		if head[i] != '_' && head[i] != known[i] {
			return false
		}
	}
	return true
}
