package observetest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/conformance/storetest"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/userstore"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	oteltrace "go.opentelemetry.io/otel/trace"
)

// traced returns a traced store with the example user, and where its spans go.
func traced(t *testing.T) (*sqlstore.Store, *trace.TracerProvider, *tracetest.InMemoryExporter) {
	t.Helper()
	spans := tracetest.NewInMemoryExporter()
	traces := trace.NewTracerProvider(trace.WithSyncer(spans))
	db, err := openTraced(filepath.Join(t.TempDir(), "users.db"), traces)
	require.NoError(t, err)
	t.Cleanup(func() { db.Close() })
	store := migrated(db)
	spans.Reset()
	return store, traces, spans
}

// The statements of a patch are spans in the trace of its request, and no span holds a
// value of the user.
func TestSpans(t *testing.T) {
	store, traces, spans := traced(t)
	if status := patchExample(newTraced(store, traces, httphandler.Options{}), `{"firstName":"kanari-first","email":"kanari@example.org"}`); status != 200 {
		t.Fatalf("status %d", status)
	}
	all := spans.GetSpans()
	i := slices.IndexFunc(all, func(s tracetest.SpanStub) bool { return !s.Parent.IsValid() })
	if i < 0 {
		t.Fatalf("no span of the request among %d", len(all))
	}
	request, updated := all[i], false
	for _, s := range all {
		if s.SpanContext.TraceID() != request.SpanContext.TraceID() {
			t.Errorf("%s is in another trace", s.Name)
		}
		text := fmt.Sprint(s.Name, s.Attributes, s.Events)
		if strings.Contains(text, "kanari") {
			t.Errorf("%s holds a value: %s", s.Name, text)
		}
		updated = updated || strings.Contains(text, "UPDATE ")
	}
	if !updated {
		t.Errorf("no span of the UPDATE in %v", names(all))
	}
}

func names(spans tracetest.SpanStubs) (all []string) {
	for _, s := range spans {
		all = append(all, s.Name)
	}
	return all
}

// traceLog adds the trace id, as the bridges of OpenTelemetry do.
type traceLog struct{ slog.Handler }

func (h traceLog) Handle(ctx context.Context, r slog.Record) error {
	r.AddAttrs(slog.String("trace_id", oteltrace.SpanContextFromContext(ctx).TraceID().String()))
	return h.Handler.Handle(ctx, r)
}

// A refusal can be followed from the error id that a client reports to its line in the
// log and to its trace.
func TestLogAndTraceAreLinked(t *testing.T) {
	store, traces, spans := traced(t)
	var log bytes.Buffer
	opts := httphandler.Options{Logger: slog.New(traceLog{slog.NewJSONHandler(&log, nil)})}
	if status := patchExample(newTraced(store, traces, opts), `{"gender":"x"}`); status != 422 {
		t.Fatalf("status %d", status)
	}
	var line struct {
		TraceID string `json:"trace_id"`
		ErrorID string `json:"error_id"`
	}
	require.NoError(t, json.Unmarshal(log.Bytes(), &line))
	request := spans.GetSpans()[0]
	if d := cmp.Diff(request.SpanContext.TraceID().String(), line.TraceID); d != "" {
		t.Errorf("trace id (-span +log):\n%s", d)
	}
	if text := fmt.Sprint(request.Attributes); line.ErrorID == "" || !strings.Contains(text, line.ErrorID) || errorType(request) != "invalid-attribute" {
		t.Errorf("error id %q, attributes %s", line.ErrorID, text)
	}
}

// An internal failure makes the span of the request one in error.
func TestFailureIsInTheSpan(t *testing.T) {
	_, traces, spans := traced(t)
	opts := httphandler.Options{Logger: slog.New(slog.DiscardHandler)}
	if status := patchExample(newTraced(failing{}, traces, opts), `{}`); status != 501 {
		t.Fatalf("status %d", status)
	}
	if s := spans.GetSpans()[0]; s.Status.Code.String() != "Error" || errorType(s) != "internal-error" {
		t.Errorf("status %v, error type %q", s.Status, errorType(s))
	}
}

type failing struct{ userstore.Store }

func (failing) Patch(context.Context, uuid.UUID, userstore.Attributes) (userstore.User, error) {
	return userstore.User{}, context.DeadlineExceeded
}

// otelsql changes nothing of what the store promises.
func TestTracedStoreConforms(t *testing.T) {
	storetest.Run(t, func(ctx context.Context, users ...userstore.User) (userstore.Store, func() error, error) {
		db, err := openTraced(filepath.Join(t.TempDir(), "users.db"), trace.NewTracerProvider())
		if err != nil {
			return nil, nil, err
		}
		store, err := sqlstore.New(db, sqlstore.SQLite, nil)
		if err == nil {
			err = store.Migrate(ctx)
		}
		for _, user := range users {
			if err == nil {
				_, err = store.Create(ctx, user)
			}
		}
		return store, db.Close, err
	})
}
