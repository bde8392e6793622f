// Package faulty serves the documented operation wrongly, on purpose: our own
// handler with one of many named faults, each of a kind that real servers have.
// With them a user can see a red report before trusting a green one
// (userconform faulty NAME), and the suite is itself tested: testdata/matrix.txt
// lists which requirements each fault turns red, no fewer and no more.
package faulty
