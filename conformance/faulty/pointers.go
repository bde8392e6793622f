package faulty

import "strings"

// pointers are the JSON Pointers, from the attributes object, of all scalars that a
// client may set.
var pointers = []string{
	"/firstName", "/lastName", "/email", "/phoneNumber", "/pictureUrl", "/gender", "/birthDate",
	"/address/country", "/address/locality", "/address/street", "/address/houseNo",
	"/address/additionalAddressLink", "/address/region", "/address/postalCode",
	"/locale", "/zoneInfo",
}

// inAddress returns the member of the address that the pointer names.
func inAddress(pointer string) (member string, ok bool) {
	return strings.CutPrefix(pointer, "/address/")
}

// drop removes the scalar from attributes.
func drop(attributes object, pointer string) {
	if member, ok := inAddress(pointer); ok {
		address, _ := attributes["address"].(object)
		delete(address, member)
		return
	}
	delete(attributes, pointer[1:])
}

// dashed returns the pointer as part of a name: /address/houseNo is
// address-house-no.
func dashed(pointer string) string {
	var b strings.Builder
	for _, r := range strings.ReplaceAll(pointer[1:], "/", "-") {
		if 'A' <= r && r <= 'Z' {
			b.WriteByte('-')
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}
