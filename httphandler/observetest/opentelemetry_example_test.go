package observetest

import (
	"context"
	"database/sql"
	"fmt"
	"log"
	"net/http"
	"os"
	"path/filepath"

	"github.com/XSAM/otelsql"
	_ "github.com/ncruces/go-sqlite3/driver"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/userstore"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	semconv "go.opentelemetry.io/otel/semconv/v1.40.0"
	oteltrace "go.opentelemetry.io/otel/trace"
)

// openTraced opens the database with a span for each statement. A statement holds no
// value, but an error of a driver may quote one, so no error is recorded: the span of the
// request says that it failed, and the log why.
func openTraced(file string, traces oteltrace.TracerProvider) (*sql.DB, error) {
	return otelsql.Open("sqlite3", "file:"+filepath.ToSlash(file)+"?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)",
		otelsql.WithTracerProvider(traces),
		otelsql.WithAttributes(semconv.DBSystemNameSQLite),
		otelsql.WithSpanOptions(otelsql.SpanOptions{
			OmitConnResetSession: true,
			OmitRows:             true,
			RecordError:          func(error) bool { return false },
		}))
}

// annotate is an Observe that tells the span of the request why it was refused.
func annotate(ctx context.Context, o httphandler.Outcome) {
	if o.Code != "" {
		oteltrace.SpanFromContext(ctx).SetAttributes(
			semconv.ErrorTypeKey.String(o.Code),
			attribute.String("userrecord.error_id", o.ErrorID))
	}
}

// newTraced returns the handler with a span for each request, named after the route.
func newTraced(store userstore.Store, traces oteltrace.TracerProvider, opts httphandler.Options) http.Handler {
	opts.Observe = annotate
	mux := http.NewServeMux()
	mux.Handle("/users/{userId}", httphandler.New(store, httphandler.InsecureAllowEveryone(), &opts))
	return otelhttp.NewHandler(mux, "users", otelhttp.WithTracerProvider(traces))
}

// With OpenTelemetry: otelhttp makes a span of each request, otelsql one of each
// statement in it, and Observe adds what was wrong.
func Example_openTelemetry() {
	dir, err := os.MkdirTemp("", "observe")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	spans := tracetest.NewInMemoryExporter() // instead of OTLP
	traces := trace.NewTracerProvider(trace.WithSyncer(spans))
	db, err := openTraced(filepath.Join(dir, "users.db"), traces)
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()
	store := migrated(db)
	spans.Reset()

	h := newTraced(store, traces, httphandler.Options{})
	patchExample(h, `{"firstName": "Joan"}`)
	patchExample(h, `{"gender": "x"}`)
	for _, s := range spans.GetSpans() {
		if !s.Parent.IsValid() {
			fmt.Printf("%s, error type %q\n", s.Name, errorType(s))
		}
	}
	// Output:
	// PATCH /users/{userId}, error type ""
	// PATCH /users/{userId}, error type "invalid-attribute"
}

// migrated returns a store in the database, with the example user.
func migrated(db *sql.DB) *sqlstore.Store {
	ctx := context.Background()
	store, err := sqlstore.New(db, sqlstore.SQLite, nil)
	if err == nil {
		err = store.Migrate(ctx)
	}
	if err == nil {
		_, err = store.Create(ctx, userstore.ExampleUser())
	}
	if err != nil {
		log.Fatal(err)
	}
	return store
}

func errorType(s tracetest.SpanStub) string {
	for _, a := range s.Attributes {
		if a.Key == semconv.ErrorTypeKey {
			return a.Value.AsString()
		}
	}
	return ""
}
