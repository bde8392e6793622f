package faulty

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/conformance/internal/golden"
	"github.com/userrecord/userrecord/conformance/internal/sample"
	"github.com/userrecord/userrecord/conformance/servertest"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/userstore"
)

const legalFile = "testdata/legal.txt"

// A legalServer chooses otherwise than our handler where the page is silent.
type legalServer struct {
	name   string
	spoil  func(*server)
	target servertest.Target
}

// Odd but legal servers stay green: nothing fails, and the warnings are those
// that a standard asks for.
func TestLegalServers(t *testing.T) {
	want, got := golden.ReadMatrix(t, legalFile), newMatrix()
	names := inBubbles(t, sample.Of(slices.Concat(legalServers(), legalFormats())), func(l legalServer) string { return l.name }, func(t *testing.T, l legalServer) {
		report := checkNamed(t, l.name, Fault{spoil: l.spoil}.handler(newStore(), tokens, slog.New(slog.DiscardHandler)), l.target, conformance.Options{})
		mustBeGreen(t, report)
		got.set(l.name, red(report))
		if diff := cmp.Diff(want[l.name], red(report)); diff != "" && !golden.Updating() {
			t.Errorf("warnings (-want +got):\n%s", diff)
		}
	})
	if golden.Updating() && !sample.Partial {
		got.m.Write(t, legalFile, head("Each odd but legal server, and the warnings that a standard gives it."), names)
	}
}

func mustBeGreen(t *testing.T, report *conformance.Report) {
	t.Helper()
	if report.Verdict != conformance.Conformant {
		t.Errorf("%s: %s", report.Verdict, report.Reason())
	}
	for _, r := range report.Results {
		switch r.Status {
		case conformance.Failed:
			t.Errorf("%s: %s", r.ID, r.Reason())
		case conformance.Warned:
			t.Logf("warning %s: %s", r.ID, r.Reason())
		case conformance.NotRun:
			t.Logf("not run %s: %s", r.ID, r.Reason())
		}
	}
}

func legalServers() []legalServer {
	none := servertest.Target{}
	example := encode(userstore.ExampleUser().Attributes)
	return []legalServer{
		{"slow", slow(2 * time.Millisecond), none}, // first, for the others to run beside it
		{"ours", func(*server) {}, none},
		{"malformed-400", malformedAs(http.StatusBadRequest), none},
		{"foreign-409", foreignAs(http.StatusConflict), none},
		{"foreign-403", foreignAs(http.StatusForbidden), none},
		{"values-400", turnStatus(422, 400), none},
		{"exact-accept", exactAccept, none},
		{"numbers-as-strings", answerValues(func(_ string, v any) any { return asText(v) }), none},
		{"digits-as-numbers", answerValues(digitsAsNumbers), none},
		{"absent-for-null", answerAttributes(dropNulls), none},
		{"empty-address-for-absent", answerAttributes(func(a object) {
			if a["address"] == nil {
				a["address"] = object{}
			}
		}), none},
		{"unknown-ignored", func(s *server) { s.options.IgnoreUnknownAttributes = true }, none},
		{"unknown-kept", unknownKept(anyName), none},
		{"errors-minimal", onlyMember("title"), none},
		{"errors-status-only", onlyMember("status"), none},
		{"errors-rich", answerErrorObjects(func(e object) {
			e["links"] = object{"about": "https://example.com/errors", "type": nil}
			e["meta"] = object{"trace": "1"}
		}), none},
		{"errors-one", answerErrorDocument(func(o object) { o["errors"] = o["errors"].([]any)[:1] }), none},
		{"errors-meta", answerErrorDocument(func(o object) { o["meta"] = object{}; o["jsonapi"] = object{"version": "1.1"} }), none},
		{"no-challenge", answersOf(401, func(a *answer) { a.header.Del("WWW-Authenticate") }), none},
		{"many-challenges", answersOf(401, func(a *answer) {
			a.header["Www-Authenticate"] = []string{`Basic realm="a, b", ` + a.header.Get("WWW-Authenticate")}
		}), none},
		{"empty-patch-refused-get", inTurn(refuseEmpty, getsRecord), servertest.Target{ReadByGet: true}},
		{"empty-patch-refused-record", refuseEmpty, servertest.Target{Record: example}},
		{"get-too", getsRecord, none},
		{"upper-case-ids", answerResource(func(o object) { o["id"] = strings.ToUpper(fmt.Sprint(o["id"])) }), none},
		{"extra-members", extraMembers, none},
		{"unknown-user-403", turnStatus(404, 403), none},
		{"forbidden-404", turnStatus(403, 404), none},
		{"bad-id-400", malformedID(400), none},
		{"bad-id-422", malformedID(422), none},
		{"address-replaced", addressReplaced, none},
		{"address-whole", addressWhole, none},
		{"null-refused", refuseWhere(func(a object) bool { return hasNull(a) }, 422), none},
		{"empty-refused", refuseWhere(func(a object) bool { return hasText(a, func(s string) bool { return s == "" }) }, 422), none},
		{"empty-is-null", requestValues(func(_ string, v any) any {
			if v == "" {
				return nil
			}
			return v
		}), none},
		{"email-managed", refuseWhere(provides("email", "phoneNumber"), 403), servertest.Target{Managed: []string{"email", "phoneNumber"}}},
		{"email-managed-unsaid", refuseWhere(provides("email", "phoneNumber"), 403), none},
		{"email-taken-409", refuseWhere(provides("email"), 409), none},
		{"picture-managed", refuseWhere(provides("pictureUrl"), 422), servertest.Target{Managed: []string{"pictureUrl"}}},
		{"created-at-ignored", requestAttributes(func(a object) { delete(a, "createdAt") }), none},
		{"created-at-refused", refuseWhere(provides("createdAt"), 403), none},
		{"created-at-absent", answerAttributes(func(a object) { delete(a, "createdAt") }), none},
		{"created-at-offset", answerValues(offsetTime), none},
		{"strict-names", refuseTexts("/firstName", "/lastName"), none},
		{"strict-address", refuseTexts("/address/street", "/address/locality", "/address/region"), none},
		{"numbers-only", rules(func(r *userstore.Rules) {
			r.HouseNo.Valid, r.PostalCode.Valid = isDigits, isDigits
		}), none},
		{"texts-only", refuseWhere(func(a object) bool {
			address, _ := a["address"].(object)
			return isNumber(address["houseNo"]) || isNumber(address["postalCode"])
		}, 422), none},
		{"lenient", lenient, none},
		{"numbers-coerced", requestValues(coerce(isNumber)), none},
		{"trimmed", requestTexts(strings.TrimSpace), none},
		{"short-texts", refuseWhere(func(a object) bool { return hasText(a, func(s string) bool { return len(s) > 255 }) }, 422), none},
		{"days-shown", answerValues(dates("2006-01-02")), none},
		{"date-times-shown", answerValues(dates("2006-01-02T15:04:05Z")), none},
		{"days-only", inTurn(rules(func(r *userstore.Rules) {
			valid := r.BirthDate.Valid
			r.BirthDate.Valid = func(s string) bool { return len(s) == len(time.DateOnly) && s > "1900" && valid(s) }
		}), answerValues(dates("2006-01-02"))), none},
		{"date-times-only", rules(func(r *userstore.Rules) {
			r.BirthDate.Valid = func(s string) bool { _, err := userstore.ParseTime(s); return err == nil }
		}), none},
		{"body-first", first(true), none},
		{"body-before-rights", first(false), none},
		{"accept-before-credentials", headersFirst, none},
		{"failure-500", turnStatus(501, 500), none},
		{"failure-503", turnStatus(501, 503), none},
		{"busy-409", busyRefused(409), none},
		{"busy-503", busyRefused(503), none},
		{"rate-limited", rateLimited, none},
		{"method-405-empty", otherMethods(func(a *answer) { a.body = nil; a.header.Del("Content-Type") }), none},
		{"method-404", otherMethods(func(a *answer) { a.refuse(404) }), none},
		{"validators", answersOf(200, func(a *answer) {
			a.header.Set("ETag", fmt.Sprintf(`"%x"`, time.Now().UnixNano()))
			a.header.Set("Last-Modified", time.Now().UTC().Format(http.TimeFormat))
			a.header.Set("Content-Location", "/users/1")
			a.header.Set("Vary", "Accept")
		}), none},
		{"closing", changeAnswer(func(a *answer) { a.header.Set("Connection", "close") }), none},
		{"pretty", changeAnswer(pretty), none},
		{"escaped", changeAnswer(escaped), none},
		{"updated-at", ignoringUnknown(func(a object) { a["updatedAt"] = time.Now().UTC().Format(time.RFC3339Nano) }), none},
		{"verified-flags", ignoringUnknown(func(a object) { a["emailVerified"] = true; a["roles"] = []any{"user"} }), none},
		{"malformed-credentials-400", malformedCredentials, none},
		{"scheme-exact", requestHeader(func(h http.Header) {
			if !strings.HasPrefix(h.Get("Authorization"), "Bearer ") {
				h.Del("Authorization")
			}
		}), none},
		{"type-alias", requestData(func(o object) {
			if o["type"] == "user" || o["type"] == "users" {
				o["type"] = "User"
			}
		}), none},
		{"identity-optional", changeRequest(func(r *http.Request) {
			doc := parse(readBody(r))
			if data, ok := doc["data"].(object); ok {
				setDefault(data, "type", "User")
				setDefault(data, "id", pathID(r))
				setBody(r, encode(doc))
			}
		}), none},
		{"large-413", changeAnswerTo(func(r *http.Request, a *answer) {
			if r.ContentLength > httphandler.DefaultMaxBodyBytes && a.status == 422 {
				a.refuse(413)
			}
		}), none},
		{"loose-json", requestBody(func(b []byte) []byte {
			if doc := parseLoosely([]byte(strings.TrimPrefix(string(b), "\ufeff"))); doc != nil && json.Valid(b) {
				return encode(doc)
			}
			return b
		}), none},
	}
}
