package servertest

// Whether the server honours Content-Type.
func contentChecks() []check {
	return family("content",
		must("json-api", "A body of type application/vnd.api+json is taken.", pageContentType, takes("Content-Type", line(mediaType))),
		must("other", "A body of type text/plain or application/xml is refused with 415.", pageContentType,
			refuses(415, "Content-Type", line("text/plain"), line("application/xml"))).together(),
		should("json", "A body of type application/json is refused with 415.", pageContentType,
			refuses(415, "Content-Type", line("application/json"))).together(),
		should("merge-patch", "A body of type application/merge-patch+json or application/json-patch+json is refused with 415.", "RFC 5789, section 2.2",
			refuses(415, "Content-Type", line("application/merge-patch+json"), line("application/json-patch+json"))).together(),
		should("parameter", "JSON:API with a parameter that it does not know is refused with 415.", negotiation,
			refuses(415, "Content-Type", line(mediaType+"; charset=utf-8"), line(mediaType+someExtension))).together(),
		should("case", "The media type is recognised in any case.", "RFC 9110, section 8.3.1", takes("Content-Type", line("Application/Vnd.Api+Json"))),
		observe("absent", "A body without Content-Type is taken, or refused.", "RFC 9110, section 8.3", notes("Content-Type", nil)),
		must("page-example", "The request of the page, without a body, is answered and changes nothing.", "page, request example", contentPageExample),
		should("encoding", "A Content-Encoding that is not known is refused.", "RFC 9110, section 8.4", contentEncoding).together(),
		observe("profile", "A profile in Content-Type is ignored, or refused.", negotiation, notes("Content-Type", line(someProfile))),
	)
}

// contentPageExample sends the request of the curl line on the page.
func contentPageExample(t *trial) {
	m := t.patchOf(t.target.User, nil)
	m.body = nil
	m.header.Del("Content-Type")
	m.header.Set("Accept", "*/*")
	a := t.withoutEffect(m)
	t.observef("%d", a.status)
}

func contentEncoding(t *trial) {
	m := t.editOf(t.newEdit(), "Content-Encoding", "x-unheard-of")
	t.refuse(m)
}
