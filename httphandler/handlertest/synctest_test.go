package handlertest_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/userrecord/userrecord/httphandler/handlertest"
)

// testInBubble injects delays of up to an hour, which take no time in a bubble.
func testInBubble(t *testing.T, client *http.Client, f *handlertest.Fake, base string) {
	f.Inject(exampleID, 1, handlertest.Delay(5*time.Second))
	begin := time.Now()
	if got, want := do(t, client, f, patch(t.Context(), base, handlertest.Token, "Joan")), (outcome{200, "", "Joan"}); got != want {
		t.Errorf("outcome %+v, want %+v", got, want)
	}
	if took := time.Since(begin); took != 5*time.Second {
		t.Errorf("answered after %v", took)
	}

	f.Inject(exampleID, 1, handlertest.Delay(time.Hour)) // longer than the handler waits for a store
	if got, want := do(t, client, f, patch(t.Context(), base, handlertest.Token, "Jane")), (outcome{501, "internal-error", "Joan"}); got != want {
		t.Errorf("outcome %+v, want %+v", got, want)
	}

	f.Inject(exampleID, 1, handlertest.Delay(time.Hour))
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	response, err := client.Do(patch(ctx, base, handlertest.Token, "Jane"))
	if err == nil {
		response.Body.Close()
	}
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v, want %v", err, context.DeadlineExceeded)
	}
	synctest.Wait() // for the handler, which notices later than the client
	if calls := f.Calls(); len(calls) != 3 {
		t.Errorf("%d calls are recorded, want 3", len(calls))
	}
}

func TestNewInBubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := handlertest.New()
		testInBubble(t, &http.Client{Transport: f}, f, "http://users.test")
	})
}
