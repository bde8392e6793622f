// Package routertest tests the handler on the routers that hosts use, and holds what
// docs/routers.md says of them: its code is that of the functions mount in this folder,
// and its table is what the tests see.
package routertest
