package main

import (
	"context"
	"errors"
	"log/slog"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

// An event that cannot be published stays in the outbox, and those after it.
func TestWorker(t *testing.T) {
	onEach(t, "", func(t *testing.T, h *host) {
		id := h.create("acme", `{"firstName":"John"}`)
		h.patch(h.user("acme", id), id, `{"lastName":"Smith"}`)
		var got []event
		errBroker := errors.New("the broker is away")
		w := worker{db: h.db, logger: slog.New(slog.DiscardHandler), publish: func(_ context.Context, e event) error {
			got = append(got, e)
			if len(got) == 2 {
				return errBroker
			}
			return nil
		}}
		require.ErrorIs(t, w.publishAll(t.Context()), errBroker)
		require.NoError(t, w.publishAll(t.Context()))
		patched := event{2, "acme", id.String(), "patched", "lastName"}
		if diff := cmp.Diff([]event{{1, "acme", id.String(), "created", "firstName"}, patched, patched}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"0"}, h.rows("SELECT count(*) FROM outbox")); diff != "" {
			t.Errorf("the outbox (-want +got):\n%s", diff)
		}
	})
}
