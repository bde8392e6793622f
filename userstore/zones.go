package userstore

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

//go:generate sh -c "go run ./internal/zonesgen $(go env GOROOT) zones.txt"

// zonesText lists the names, sorted, one per line. It is embedded so that every
// host accepts the same names, whether or not it has tz data.
//
//go:embed zones.txt
var zonesText string

var zones = sync.OnceValue(func() []string { return strings.Fields(zonesText) })

// ZoneNames returns the names of the tz database that zoneInfo accepts by
// default, links included, sorted.
func ZoneNames() []string { return slices.Clone(zones()) }

var zoneSet = sync.OnceValue(func() map[string]bool {
	set := make(map[string]bool, len(zones()))
	for _, name := range zones() {
		set[name] = true
	}
	return set
})

func isZoneName(s string) bool { return zoneSet()[s] }
