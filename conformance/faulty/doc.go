// Package faulty serves the documented operation wrongly, on purpose: with one of many
// named faults, each of a kind that real servers have. A user of the suite can see a
// red report before trusting a green one (userconform faulty NAME serves a fault). And
// the suite is itself tested: testdata/matrix.txt lists exactly the requirements that
// each fault turns red.
//
// A fault changes the request before our handler sees it (request.go), what the handler
// stores (stores.go), or the answer (answer.go); the names of the functions say which.
// The faults are in one file for each topic.
package faulty
