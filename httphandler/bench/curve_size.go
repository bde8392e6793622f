package main

import (
	"fmt"
	"strings"

	"github.com/userrecord/userrecord/httphandler/bench/contestant"
)

// longValues is a patch of eight attributes without a format, so that 1,024 is
// the longest that each may be.
const longValues = `{"firstName":%[1]q,"lastName":%[1]q,"address":{"locality":%[1]q,"street":%[1]q,"houseNo":%[1]q,"additionalAddressLink":%[1]q,"region":%[1]q,"postalCode":%[1]q}}`

// sizeCurve patches eight values at once, longer and longer, through the floor and
// through the handler, which also gets them in letters that are not ASCII.
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
