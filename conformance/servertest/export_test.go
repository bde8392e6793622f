package servertest

import (
	"context"

	"github.com/userrecord/userrecord/conformance"
)

// CheckCarefully is [Check] without the quick way.
func CheckCarefully(ctx context.Context, target Target, opts *conformance.Options) (*conformance.Report, error) {
	careful := checks()
	for i, c := range careful {
		careful[i] = c.carefully()
	}
	return try(ctx, target, opts, careful)
}
