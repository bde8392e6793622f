package faulty

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/userrecord/userrecord/conformance"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/userstore"
)

const legalFile = "testdata/legal.txt"

// A legalServer chooses otherwise than ours where the page is silent.
type legalServer struct {
	name   string
	spoil  func(*server)
	target conformance.Target
}

// Odd but legal servers stay green: nothing fails, and the warnings are those
// that a standard asks for.
func TestLegalServers(t *testing.T) {
	servers := sample(legalServers())
	reports := inParallel(servers, func(l legalServer) *conformance.Report {
		return check(t, Fault{spoil: l.spoil}.handler(newStore(), tokens, slog.New(slog.DiscardHandler)), l.target, conformance.Options{})
	})
	var names []string
	m := matrix{}
	for i, l := range servers {
		names, m[l.name] = append(names, l.name), red(reports[i])
	}
	want := readMatrix(t, legalFile)
	for i, l := range servers {
		t.Run(l.name, func(t *testing.T) {
			mustBeGreen(t, reports[i])
			if diff := cmp.Diff(want[l.name], m[l.name]); diff != "" && !*update {
				t.Errorf("warnings (-want +got):\n%s", diff)
			}
		})
	}
	if *update && !raceEnabled {
		m.write(t, legalFile, "Each odd but legal server, and the warnings that a standard gives it.", names)
	}
}

func mustBeGreen(t *testing.T, report *conformance.Report) {
	t.Helper()
	if report.Verdict != conformance.Conformant {
		t.Errorf("%s: %s", report.Verdict, report.Reason)
	}
	for _, r := range report.Results {
		switch r.Status {
		case conformance.Failed:
			t.Errorf("%s: %s", r.ID, r.Reason)
		case conformance.Warned:
			t.Logf("warning %s: %s", r.ID, r.Reason)
		case conformance.NotRun:
			t.Logf("not run %s: %s", r.ID, r.Reason)
		}
	}
}

func legalServers() []legalServer {
	none := conformance.Target{}
	example := encode(userstore.ExampleUser().Attributes)
	return []legalServer{
		{"slow", slow(2 * time.Millisecond), none}, // first, for the others to run beside it
		{"ours", func(*server) {}, none},
		{"malformed-400", malformedAs(http.StatusBadRequest), none},
		{"foreign-409", foreignAs(http.StatusConflict), none},
		{"foreign-403", foreignAs(http.StatusForbidden), none},
		{"values-400", turn(422, 400), none},
		{"exact-accept", exactAccept, none},
		{"numbers-as-strings", shown(func(_ string, v any) any { return asText(v) }), none},
		{"digits-as-numbers", shown(digitsAsNumbers), none},
		{"absent-for-null", record(dropNulls), none},
		{"empty-address-for-absent", record(func(a object) {
			if a["address"] == nil {
				a["address"] = object{}
			}
		}), none},
		{"unknown-ignored", func(s *server) { s.options.IgnoreUnknownAttributes = true }, none},
		{"unknown-kept", unknownKept, none},
		{"errors-minimal", onlyMember("title"), none},
		{"errors-status-only", onlyMember("status"), none},
		{"errors-rich", problem(func(e object) {
			e["links"] = object{"about": "https://example.com/errors", "type": nil}
			e["meta"] = object{"trace": "1"}
		}), none},
		{"errors-one", failure(func(o object) { o["errors"] = o["errors"].([]any)[:1] }), none},
		{"errors-meta", failure(func(o object) { o["meta"] = object{}; o["jsonapi"] = object{"version": "1.1"} }), none},
		{"no-challenge", status(401, func(a *answer) { a.header.Del("WWW-Authenticate") }), none},
		{"many-challenges", status(401, func(a *answer) {
			a.header["Www-Authenticate"] = []string{`Basic realm="a, b", ` + a.header.Get("WWW-Authenticate")}
		}), none},
		{"empty-patch-refused-get", both(refuseEmpty, getsRecord), conformance.Target{ReadByGet: true}},
		{"empty-patch-refused-record", refuseEmpty, conformance.Target{Record: example}},
		{"get-too", getsRecord, none},
		{"upper-case-ids", resource(func(o object) { o["id"] = strings.ToUpper(fmt.Sprint(o["id"])) }), none},
		{"extra-members", extraMembers, none},
		{"unknown-user-403", turn(404, 403), none},
		{"forbidden-404", turn(403, 404), none},
		{"bad-id-400", badID(refusing(400)), none},
		{"bad-id-422", badID(refusing(422)), none},
		{"address-replaced", addressReplaced, none},
		{"address-whole", addressWhole, none},
		{"null-refused", refuseWhere(func(a object) bool { return hasNull(a) }, 422), none},
		{"empty-refused", refuseWhere(func(a object) bool { return hasText(a, func(s string) bool { return s == "" }) }, 422), none},
		{"empty-is-null", values(func(_ string, v any) any {
			if v == "" {
				return nil
			}
			return v
		}), none},
		{"email-managed", refuseWhere(provides("email", "phoneNumber"), 403), conformance.Target{Managed: []string{"email", "phoneNumber"}}},
		{"email-managed-unsaid", refuseWhere(provides("email", "phoneNumber"), 403), none},
		{"email-taken-409", refuseWhere(provides("email"), 409), none},
		{"picture-managed", refuseWhere(provides("pictureUrl"), 422), conformance.Target{Managed: []string{"pictureUrl"}}},
		{"created-at-ignored", attributes(func(a object) { delete(a, "createdAt") }), none},
		{"created-at-refused", refuseWhere(provides("createdAt"), 403), none},
		{"created-at-absent", record(func(a object) { delete(a, "createdAt") }), none},
		{"created-at-offset", shown(offsetTime), none},
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
		{"numbers-coerced", values(coerce(isNumber)), none},
		{"trimmed", texts(strings.TrimSpace), none},
		{"short-texts", refuseWhere(func(a object) bool { return hasText(a, func(s string) bool { return len(s) > 255 }) }, 422), none},
		{"days-shown", shown(dates("2006-01-02")), none},
		{"date-times-shown", shown(dates("2006-01-02T15:04:05Z")), none},
		{"days-only", both(rules(func(r *userstore.Rules) {
			valid := r.BirthDate.Valid
			r.BirthDate.Valid = func(s string) bool { return len(s) == len(time.DateOnly) && s > "1900" && valid(s) }
		}), shown(dates("2006-01-02"))), none},
		{"date-times-only", rules(func(r *userstore.Rules) {
			r.BirthDate.Valid = func(s string) bool { _, err := userstore.ParseTime(s); return err == nil }
		}), none},
		{"body-first", first(true), none},
		{"body-before-rights", first(false), none},
		{"accept-before-credentials", headersFirst, none},
		{"failure-500", turn(501, 500), none},
		{"failure-503", turn(501, 503), none},
		{"busy-409", busyRefused(409), none},
		{"busy-503", busyRefused(503), none},
		{"rate-limited", rateLimited, none},
		{"method-405-empty", otherMethods(func(a *answer) { a.body = nil; a.header.Del("Content-Type") }), none},
		{"method-404", otherMethods(func(a *answer) { a.refuse(404) }), none},
		{"validators", status(200, func(a *answer) {
			a.header.Set("ETag", fmt.Sprintf(`"%x"`, time.Now().UnixNano()))
			a.header.Set("Last-Modified", time.Now().UTC().Format(http.TimeFormat))
			a.header.Set("Content-Location", "/users/1")
			a.header.Set("Vary", "Accept")
		}), none},
		{"closing", response(func(a *answer) { a.header.Set("Connection", "close") }), none},
		{"pretty", response(pretty), none},
		{"escaped", response(escaped), none},
		{"updated-at", ignoringUnknown(func(a object) { a["updatedAt"] = time.Now().UTC().Format(time.RFC3339Nano) }), none},
		{"verified-flags", ignoringUnknown(func(a object) { a["emailVerified"] = true; a["roles"] = []any{"user"} }), none},
		{"malformed-credentials-400", malformedCredentials, none},
		{"scheme-exact", header(func(h http.Header) {
			if !strings.HasPrefix(h.Get("Authorization"), "Bearer ") {
				h.Del("Authorization")
			}
		}), none},
		{"type-alias", data(func(o object) {
			if o["type"] == "user" || o["type"] == "users" {
				o["type"] = "User"
			}
		}), none},
		{"identity-optional", request(func(r *http.Request) {
			doc := parse(readBody(r))
			if data, ok := doc["data"].(object); ok {
				setDefault(data, "type", "User")
				setDefault(data, "id", pathID(r))
				setBody(r, encode(doc))
			}
		}), none},
		{"large-413", exchange(func(r *http.Request, a *answer) {
			if r.ContentLength > httphandler.DefaultMaxBodyBytes && a.status == 422 {
				a.refuse(413)
			}
		}), none},
		{"loose-json", body(func(b []byte) []byte {
			if doc := parseLoosely([]byte(strings.TrimPrefix(string(b), "\ufeff"))); doc != nil && json.Valid(b) {
				return encode(doc)
			}
			return b
		}), none},
	}
}
