package main

import (
	"fmt"
	"strings"

	"github.com/userrecord/userrecord/httphandler/bench/contestant"
)

// longValues is a patch of eight attributes that have no format and may be 1,024
// characters long.
const longValues = `{"firstName":%[1]q,"lastName":%[1]q,"address":{"locality":%[1]q,"street":%[1]q,"houseNo":%[1]q,"additionalAddressLink":%[1]q,"region":%[1]q,"postalCode":%[1]q}}`

// sizeCurve measures patches of eight longer and longer values in the floor and in the
// handler, and in the handler also with non-ASCII letters.
func sizeCurve(sizes curveSizes) (curve, error) {
	c := curve{title: "The handler against the length of eight values, all patched:", of: "letters a value"}
	for _, length := range sizes.valueLength {
		p := point{label: label(length)}
		for _, one := range []struct{ name, of, letter string }{
			{contestant.Floor, contestant.Floor, "x"},
			{contestant.Handler, contestant.Handler, "x"},
			{contestant.Handler + ", é", contestant.Handler, "é"},
		} {
			o, err := longPatch(one.of, strings.Repeat(one.letter, length))
			if err != nil {
				return c, err
			}
			o.name = one.name
			p.ops = append(p.ops, o)
		}
		c.points = append(c.points, p)
	}
	return c, nil
}

func longPatch(name, value string) (*op, error) {
	c, err := contestantOf(name)
	if err != nil {
		return nil, err
	}
	return newContest(c, contestant.Request{Name: "long", Attributes: fmt.Sprintf(longValues, value), Status: 200})
}
