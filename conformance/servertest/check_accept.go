package servertest

const (
	pageAccept      = "page, response 406"
	pageContentType = "page, response 415"
	rfcAccept       = "RFC 9110, section 12.5.1"
	negotiation     = "JSON:API 1.1, content negotiation"
	someProfile     = mediaType + `; profile="https://example.com/profile"`
	someExtension   = `; ext="https://example.com/extension"`
)

// Whether the server honours Accept.
func acceptChecks() []check {
	return family("accept",
		must("json-api", "A request that accepts application/vnd.api+json is answered.", pageAccept, takes("Accept", line(mediaType))),
		must("other", "A request that accepts only text/html, or only image/png, is refused with 406.", pageAccept,
			refuses(406, "Accept", line("text/html"), line("image/png"))).together(),
		should("absent", "A request without Accept accepts anything.", rfcAccept, takes("Accept", nil)),
		observe("any", "Accept: */* and application/* are honoured, or refused.", rfcAccept, notes("Accept", line("*/*"), line("application/*"))),
		should("list", "A media range in a list, or in a second field, counts.", rfcAccept,
			takes("Accept", line("text/html, "+mediaType), []string{"text/html", mediaType})),
		should("weight", "A weight is no parameter of the media type.", "RFC 9110, section 12.4.2",
			takes("Accept", line(mediaType+";q=0.5"), line("text/html, "+mediaType+";q=0.1"))),
		should("case", "Media types are compared in any case.", "RFC 9110, section 8.3.1", takes("Accept", line("Application/Vnd.Api+Json"))),
		should("zero", "The weight 0 means not acceptable: 406.", "RFC 9110, section 12.4.2", refuses(406, "Accept", line(mediaType+";q=0"))).together(),
		should("parameter", "If JSON:API is accepted only with a parameter that it does not know, the answer is 406.", negotiation,
			refuses(406, "Accept", line(mediaType+";charset=utf-8"), line(mediaType+someExtension))).together(),
		observe("profile", "A profile in Accept is ignored, or refused.", negotiation, notes("Accept", line(someProfile))),
		should("malformed", "A malformed Accept is no failure of the server.", rfcAccept, survives("Accept",
			line(";;"), line(",,,"), line("a/b/c"), line(mediaType+";ext=https://a b"), line(mediaType+";q=high"))),
		observe("json", "Accept: application/json is honoured, or refused.", pageAccept, notes("Accept", line("application/json"))),
	)
}
