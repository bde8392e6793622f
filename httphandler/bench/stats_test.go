package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestQuartiles(t *testing.T) {
	tests := []struct {
		figures []float64
		want    quartiles
	}{
		{[]float64{7}, quartiles{7, 7, 7}},
		{[]float64{3, 1}, quartiles{1.5, 2, 2.5}},
		{[]float64{5, 1, 4, 2, 3}, quartiles{2, 3, 4}},
		{[]float64{40, 10, 30, 20}, quartiles{17.5, 25, 32.5}},
		{[]float64{1, 1, 1, 1, 1000}, quartiles{1, 1, 1}},
	}
	for _, tt := range tests {
		before := append([]float64(nil), tt.figures...)
		if diff := cmp.Diff(tt.want, quartilesOf(tt.figures), cmp.AllowUnexported(quartiles{})); diff != "" {
			t.Errorf("%v (-want +got):\n%s", tt.figures, diff)
		}
		if diff := cmp.Diff(before, tt.figures); diff != "" {
			t.Errorf("the figures have changed:\n%s", diff)
		}
	}
}

func TestRatiosAreByRound(t *testing.T) {
	got := ratios([]float64{10, 30, 4}, []float64{5, 10, 8})
	if diff := cmp.Diff([]float64{2, 3, 0.5}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestQuartilesAsText(t *testing.T) {
	for want, q := range map[string]quartiles{
		"2.75 (2.70 to 2.81)":    {2.7, 2.751, 2.809},
		"0.940 (0.051 to 12.3)":  {0.051, 0.94, 12.34},
		"99.9 (10.0 to 1000000)": {10, 99.9, 1e6},
	} {
		if diff := cmp.Diff(want, q.String()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func TestLabel(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 100_000: "100,000", 1_000_001: "1,000,001"} {
		if got := label(n); got != want {
			t.Errorf("label(%d) = %q, want %q", n, got, want)
		}
	}
}
