//go:build !race && !go1.27

package sqlstore

const sinceGo127 = 0
