package main

import (
	"fmt"
	"slices"
)

// quartiles are the lower quartile, the median and the upper quartile of some figures,
// linearly interpolated.
type quartiles struct{ lower, median, upper float64 }

// quartilesOf needs at least one figure.
func quartilesOf(figures []float64) quartiles {
	sorted := slices.Sorted(slices.Values(figures))
	at := func(fraction float64) float64 {
		position := fraction * float64(len(sorted)-1)
		i := int(position)
		if i == len(sorted)-1 {
			return sorted[i]
		}
		return sorted[i] + (position-float64(i))*(sorted[i+1]-sorted[i])
	}
	return quartiles{at(0.25), at(0.5), at(0.75)}
}

func median(figures []float64) float64 { return quartilesOf(figures).median }

// String shows three digits, as in "2.75 (2.70 to 2.81)".
func (q quartiles) String() string {
	return fmt.Sprintf("%s (%s to %s)", digits(q.median), digits(q.lower), digits(q.upper))
}

// digits formats x with at least three significant digits and no exponent.
func digits(x float64) string {
	switch {
	case x < 1:
		return fmt.Sprintf("%.3f", x)
	case x < 10:
		return fmt.Sprintf("%.2f", x)
	case x < 100:
		return fmt.Sprintf("%.1f", x)
	}
	return fmt.Sprintf("%.0f", x)
}

// ratios divides each figure by that of the floor in the same round.
func ratios(figures, floor []float64) []float64 {
	all := make([]float64, len(figures))
	for i := range figures {
		all[i] = figures[i] / floor[i]
	}
	return all
}
