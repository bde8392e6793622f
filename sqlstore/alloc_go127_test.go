//go:build !race && go1.27

package sqlstore

// sinceGo127 is what a patch allocates more since Go 1.27: bytes, but no more often.
const sinceGo127 = 16
