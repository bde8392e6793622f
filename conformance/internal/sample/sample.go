// Package sample is for tests that are slow under the race detector, and run only some
// of their cases there.
package sample

// Of returns all, or one of nine under the race detector.
func Of[T any](all []T) []T {
	if !Partial {
		return all
	}
	var few []T
	for i := 0; i < len(all); i += 9 {
		few = append(few, all[i])
	}
	return few
}
