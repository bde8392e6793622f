// Package drivertest tests package sqlstore with real drivers on real engines.
// It is a module of its own, so that hosts get none of them.
//
// The servers are started by the tests (see package engine). Where one is not
// installed its tests are skipped, and say so; with CI=true they fail.
package drivertest
