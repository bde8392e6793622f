package main

import (
	"fmt"
	"strings"

	"github.com/userrecord/userrecord/httphandler/bench/contestant"
)

// longValues is a patch of eight attributes that have no format and may be 1,024
// characters long.
const longValues = `{"firstName":%[1]q,"lastName":%[1]q,"address":{"locality":%[1]q,"street":%[1]q,"houseNo":%[1]q,"additionalAddressLink":%[1]q,"region":%[1]q,"postalCode":%[1]q}}`

// scripts are what the values are made of: ASCII, letters of two and three bytes, and
// all of them together.
var scripts = []struct{ name, letters string }{
	{"ASCII", "abcdefgh"},
	{"é", "éèüöäßñø"},
	{"Cyrillic", "Щербаков"},
	{"Chinese", "张伟王芳李娜刘洋"},
	{"mixed", "Ján Nagy, Żółć 42 中村 Иван’s "},
}

// sizeCurve measures patches of eight longer and longer values in the floor, and in the
// handler in several scripts.
func sizeCurve(sizes curveSizes) (curve, error) {
	c := curve{title: "The handler against the length of eight values, all patched:", of: "letters a value"}
	for _, length := range sizes.valueLength {
		p := point{label: label(length)}
		floor, err := longPatch(contestant.Floor, scripts[0].letters, length)
		if err != nil {
			return c, err
		}
		p.ops = append(p.ops, floor)
		for _, script := range scripts {
			o, err := longPatch(contestant.Handler, script.letters, length)
			if err != nil {
				return c, err
			}
			o.name += ", " + script.name
			p.ops = append(p.ops, o)
		}
		c.points = append(c.points, p)
	}
	return c, nil
}

// longPatch returns the op that patches eight values of that many letters.
func longPatch(name, letters string, length int) (*op, error) {
	c, err := contestantOf(name)
	if err != nil {
		return nil, err
	}
	value := string([]rune(strings.Repeat(letters, length))[:length])
	return newContest(c, contestant.Request{Name: "long", Attributes: fmt.Sprintf(longValues, value), Status: 200})
}
