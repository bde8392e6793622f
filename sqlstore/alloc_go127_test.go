//go:build !race && go1.27

package sqlstore

// sinceGo127 is how many more bytes a patch allocates since Go 1.27, in as many
// allocations.
const sinceGo127 = 16
