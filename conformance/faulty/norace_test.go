//go:build !race

package faulty

const (
	raceEnabled = false
	parallel    = 6 // servers that are checked at the same time: they mostly sleep
)
