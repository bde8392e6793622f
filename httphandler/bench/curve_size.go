package main

import (
	"fmt"
	"strings"

	"github.com/userrecord/userrecord/httphandler/bench/contestant"
)

// longValues is a patch of eight attributes without a format, so that 1,024 is
// the longest that each may be.
const longValues = `{"firstName":%[1]q,"lastName":%[1]q,"address":{"locality":%[1]q,"street":%[1]q,"houseNo":%[1]q,"additionalAddressLink":%[1]q,"region":%[1]q,"postalCode":%[1]q}}`

// sizeCurve patches eight values at once, longer and longer, through the handler
// and through the floor.
func sizeCurve(sizes curveSizes) (curve, error) {
	c := curve{title: "The handler against the length of eight values, all patched:", of: "bytes a value"}
	for _, length := range sizes.valueLength {
		p := point{label: label(length)}
		value := strings.Repeat("x", length)
		request := contestant.Request{Name: "long", Attributes: fmt.Sprintf(longValues, value), Status: 200}
		for _, one := range contestant.All {
			if one.Name != contestant.Floor && one.Name != contestant.Handler {
				continue
			}
			o, err := newContest(one, request)
			if err != nil {
				return c, err
			}
			p.ops = append(p.ops, o)
		}
		c.points = append(c.points, p)
	}
	return c, nil
}
