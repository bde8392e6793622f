package contestant_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler/bench/contestant"
	"github.com/userrecord/userrecord/userstore"
)

func BenchmarkPatch(b *testing.B) {
	user := userstore.ExampleUser()
	for _, request := range contestant.Requests {
		fixed, err := contestant.AnswerOf(user, request)
		require.NoError(b, err)
		for _, c := range contestant.All {
			b.Run(request.Name+"/"+c.Name, func(b *testing.B) {
				h, call := serve(b, c, fixed), contestant.NewCall(request, user.ID)
				b.ReportAllocs()
				for b.Loop() {
					if status := call.Do(h); status != request.Status {
						b.Fatalf("status %d, want %d", status, request.Status)
					}
				}
			})
		}
	}
}
