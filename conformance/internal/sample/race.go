//go:build race

package sample

// Partial is whether tests run only some of their cases: under the race detector.
const Partial = true
