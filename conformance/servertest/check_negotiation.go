package servertest

import "strings"

const (
	pageAccept      = "page, response 406"
	pageContentType = "page, response 415"
	rfcAccept       = "RFC 9110, section 12.5.1"
	negotiation     = "JSON:API 1.1, content negotiation"
	someProfile     = mediaType + `; profile="https://example.com/profile"`
	someExtension   = `; ext="https://example.com/extension"`
)

// Whether what the client accepts is heeded.
func acceptChecks() []check {
	return family("accept",
		must("json-api", "A request that accepts application/vnd.api+json is answered.", pageAccept, takes("Accept", line(mediaType))),
		must("other", "A request that accepts only text/html, or only image/png, is refused with 406.", pageAccept,
			refuses(406, "Accept", line("text/html"), line("image/png"))),
		should("absent", "A request without Accept accepts anything.", rfcAccept, takes("Accept", nil)),
		observe("any", "Accept: */* and application/* are honoured, or refused.", rfcAccept, notes("Accept", line("*/*"), line("application/*"))),
		should("list", "A media range in a list, or in a second field, counts.", rfcAccept,
			takes("Accept", line("text/html, "+mediaType), []string{"text/html", mediaType})),
		should("weight", "A weight is no parameter of the media type.", "RFC 9110, section 12.4.2",
			takes("Accept", line(mediaType+";q=0.5"), line("text/html, "+mediaType+";q=0.1"))),
		should("case", "Media types are compared in any case.", "RFC 9110, section 8.3.1", takes("Accept", line("Application/Vnd.Api+Json"))),
		should("zero", "The weight 0 means not acceptable: 406.", "RFC 9110, section 12.4.2", refuses(406, "Accept", line(mediaType+";q=0"))),
		should("parameter", "If JSON:API is accepted only with a parameter that it does not know, the answer is 406.", negotiation,
			refuses(406, "Accept", line(mediaType+";charset=utf-8"), line(mediaType+someExtension))),
		observe("profile", "A profile in Accept is ignored, or refused.", negotiation, notes("Accept", line(someProfile))),
		should("malformed", "A malformed Accept is no failure of the server.", rfcAccept, survives("Accept",
			line(";;"), line(",,,"), line("a/b/c"), line(mediaType+";ext=https://a b"), line(mediaType+";q=high"))),
		observe("json", "Accept: application/json is honoured, or refused.", pageAccept, notes("Accept", line("application/json"))),
	)
}

// Whether the type of the body is heeded.
func contentChecks() []check {
	return family("content",
		must("json-api", "A body of type application/vnd.api+json is taken.", pageContentType, takes("Content-Type", line(mediaType))),
		must("other", "A body of type text/plain or application/xml is refused with 415.", pageContentType,
			refuses(415, "Content-Type", line("text/plain"), line("application/xml"))),
		should("json", "A body of type application/json is refused with 415.", pageContentType,
			refuses(415, "Content-Type", line("application/json"))),
		should("merge-patch", "A body of type application/merge-patch+json or application/json-patch+json is refused with 415.", "RFC 5789, section 2.2",
			refuses(415, "Content-Type", line("application/merge-patch+json"), line("application/json-patch+json"))),
		should("parameter", "JSON:API with a parameter that it does not know is refused with 415.", negotiation,
			refuses(415, "Content-Type", line(mediaType+"; charset=utf-8"), line(mediaType+someExtension))),
		should("case", "The media type is recognised in any case.", "RFC 9110, section 8.3.1", takes("Content-Type", line("Application/Vnd.Api+Json"))),
		observe("absent", "A body without Content-Type is taken, or refused.", "RFC 9110, section 8.3", notes("Content-Type", nil)),
		must("page-example", "The request of the page, without a body, is answered and changes nothing.", "page, request example", contentPageExample),
		should("encoding", "A Content-Encoding that is not known is refused.", "RFC 9110, section 8.4", contentEncoding),
		observe("profile", "A profile in Content-Type is ignored, or refused.", negotiation, notes("Content-Type", line(someProfile))),
	)
}

// line is a header field of one line; nil is none at all.
func line(value string) []string { return []string{value} }

// formText names a form of the field in reports.
func formText(name string, lines []string) string {
	if lines == nil {
		return "without " + name
	}
	return "with " + name + ": " + strings.Join(lines, " and ")
}

// takes tries that an edit with each form of the field is applied.
func takes(name string, forms ...[]string) func(*trial) {
	return func(t *trial) {
		for _, lines := range forms {
			t.about("%s", formText(name, lines))
			e := t.edit()
			t.applied(t.editOf(e, name, lines...), e)
		}
	}
}

// refuses tries that an edit with each form of the field is refused.
func refuses(status int, name string, forms ...[]string) func(*trial) {
	return func(t *trial) {
		for _, lines := range forms {
			t.about("%s", formText(name, lines))
			t.refuse(t.editOf(t.edit(), name, lines...), status)
		}
	}
}

// survives tries that an edit with each form of the field is applied or refused.
func survives(name string, forms ...[]string) func(*trial) {
	return func(t *trial) {
		for _, lines := range forms {
			t.about("%s", formText(name, lines))
			e := t.edit()
			t.appliedOrRefused(t.editOf(e, name, lines...), e)
		}
	}
}

// notes observes how an edit with each form of the field is answered.
func notes(name string, forms ...[]string) func(*trial) {
	return func(t *trial) {
		for _, lines := range forms {
			a := t.send(t.editOf(t.edit(), name, lines...))
			t.observef("%d %s", a.status, formText(name, lines))
		}
	}
}

// contentPageExample sends what the curl line of the page does.
func contentPageExample(t *trial) {
	m := t.patchOf(t.target.User, nil)
	m.body = nil
	m.header.Del("Content-Type")
	m.header.Set("Accept", "*/*")
	a := t.withoutEffect(m)
	t.observef("%d", a.status)
}

func contentEncoding(t *trial) {
	m := t.editOf(t.edit(), "Content-Encoding", "x-unheard-of")
	t.refuse(m)
}
