package httphandler_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/httphandler/handlertest"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

// What is logged, with a Logger of the host and without.
func TestLog(t *testing.T) {
	ok, broken := userstore.Store(memstore.New(userstore.ExampleUser())), failingStore(namedError{})
	tests := []struct {
		name      string
		store     userstore.Store
		attr      string
		logger    bool
		gone      bool // the client has gone
		late      bool // a deadline has passed
		want      string
		byDefault bool // goes to slog.Default
	}{
		{"success", ok, `{}`, true, false, false, "", false},
		{"refusal", ok, `{"gender":"x"}`, true, false, false, "level=INFO msg=\"user patch: refused\" status=422 code=invalid-attribute pointers=[/data/attributes/gender] user_id=" + handlertest.ExampleID + " error_id=", false},
		{"refusal, no logger", ok, `{"gender":"x"}`, false, false, false, "", true},
		{"refusal, too late", ok, `{"gender":"x"}`, true, false, true, "status=422", false},
		{"failure", broken, `{}`, true, false, false, "level=ERROR", false},
		{"failure, no logger", broken, `{}`, false, false, false, "level=ERROR", true},
		{"the client is gone", ok, `{}`, true, true, false, "", false},
		{"the client is gone and the store says so", failingStore(fmt.Errorf("x: %w", context.Canceled)), `{}`, true, true, false, "", false},
		{"the client is gone and the store fails", broken, `{}`, true, true, false, "class=store", false},
		{"the client is gone and the store panics", panickingStore(1), `{}`, true, true, false, "class=panic", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var own, standard bytes.Buffer
			before := slog.Default()
			slog.SetDefault(slog.New(slog.NewTextHandler(&standard, nil)))
			defer slog.SetDefault(before)
			opts := new(httphandler.Options)
			if tt.logger {
				opts.Logger = slog.New(slog.NewTextHandler(&own, nil))
			}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if tt.gone {
				cancel()
			}
			if tt.late {
				ctx, cancel = context.WithTimeout(ctx, -1)
				defer cancel()
			}
			h := httphandler.New(tt.store, httphandler.InsecureAllowEveryone(), opts)
			h.ServeHTTP(httptest.NewRecorder(), patchRequest("/users/"+handlertest.ExampleID, tt.attr).WithContext(ctx))

			log, other := own.String(), standard.String()
			if tt.byDefault {
				log, other = other, log
			}
			if !strings.Contains(log, tt.want) || tt.want == "" && log != "" || other != "" {
				t.Errorf("log %q, other log %q; want %q", log, other, tt.want)
			}
		})
	}
}
