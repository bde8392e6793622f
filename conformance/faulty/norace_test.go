//go:build !race

package faulty

const (
	raceEnabled = false
)
