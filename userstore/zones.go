package userstore

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

//go:generate sh -c "go run ./internal/zonesgen $(go env GOROOT) zones.txt"

// zonesText lists the names, sorted, one a line. It is embedded so that every
// host knows the same names, with or without tz data of its own.
//
//go:embed zones.txt
var zonesText string

var zones = sync.OnceValue(func() []string { return strings.Fields(zonesText) })

// ZoneNames returns the names of the tz database that zoneInfo accepts by
// default, links included, sorted.
func ZoneNames() []string { return slices.Clone(zones()) }

func isZoneName(s string) bool {
	_, found := slices.BinarySearch(zones(), s)
	return found
}
