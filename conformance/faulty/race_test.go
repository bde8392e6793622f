//go:build race

package faulty

const (
	raceEnabled = true
	parallel    = 2 // servers that are checked at the same time: they compute
)
