// Package observetest shows how a host gets metrics and traces of the handler and its
// store, with Prometheus and OpenTelemetry, and tests that it does. It is a module of its
// own, so that hosts need none of that.
package observetest
