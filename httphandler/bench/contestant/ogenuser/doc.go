// Package ogenuser is the server that ogen generates from openapi.yaml, without
// OpenTelemetry, which would cost time. The files oas_*_gen.go are generated.
package ogenuser

//go:generate go run github.com/ogen-go/ogen/cmd/ogen@v1.24.0 --target . --package ogenuser --config ogen.yaml openapi.yaml
