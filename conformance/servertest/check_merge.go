package servertest

import "strings"

// Whether a patch sets what it provides and leaves everything else untouched. There is
// a check for each scalar.
func mergeChecks() []check {
	var checks []check
	for _, p := range pointers {
		checks = append(checks, must(
			strings.ReplaceAll(p[1:], "/", "."),
			"A patch of "+p[1:]+" sets it and leaves everything else untouched.",
			"page: provided fields get set, omitted fields are left untouched",
			func(t *trial) { mergeOne(t, p) },
		))
	}
	return family("merge", checks...)
}

func mergeOne(t *trial, pointer string) {
	t.needWritable(pointer)
	if essential[pointer] {
		t.mustSet(pointer, t.fresh(pointer))
		return
	}
	t.setOrRefuse(pointer, t.fresh(pointer))
}

// essential are the scalars of which every server must take plain values. Of the
// others, a server may have rules or processes of its own.
var essential = map[string]bool{
	"/firstName": true, "/lastName": true, "/gender": true, "/birthDate": true, "/locale": true, "/zoneInfo": true,
	"/address/country": true, "/address/locality": true, "/address/street": true, "/address/houseNo": true, "/address/postalCode": true,
}
