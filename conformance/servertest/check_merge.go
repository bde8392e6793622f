package servertest

import "strings"

const pageOmitted = "page: provided fields get set, omitted fields are left untouched"

// Whether a patch sets what it provides and leaves everything else untouched. There is
// a check for each scalar.
func mergeChecks() []check {
	var checks []check
	for _, p := range pointers {
		checks = append(checks, must(
			strings.ReplaceAll(p[1:], "/", "."),
			"A patch of "+p[1:]+" sets it and leaves everything else untouched.",
			pageOmitted,
			func(t *trial) { mergeOne(t, p) },
		))
	}
	checks = append(checks, must("omitted", "A patch leaves untouched what it omits; one without attributes, if it is not refused, leaves everything.", pageOmitted, mergeOmitted))
	return family("merge", checks...)
}

// mergeOmitted reads in the way of the run: a patch without attributes is what it tries.
func mergeOmitted(t *trial) {
	t.ignoreOrRefuse(object{}, t.read())
}

func mergeOne(t *trial, pointer string) {
	t.needWritable(pointer)
	delete(t.keeps, pointer)
	if essential[pointer] {
		t.mustSet(pointer, t.fresh(pointer))
		t.keeps[pointer] = true
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
