package servertest

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

const (
	firstPause = 50 * time.Millisecond // of Await, after a try
	longPause  = time.Second           // after many
	oneTry     = 5 * time.Second       // how long it may take
)

// Await returns nil as soon as the server gives an HTTP answer, of any status but 502,
// 503 and 504, with which a gateway says that there is nobody behind it yet. It asks
// again and again, with a GET of the user's URL that carries no token. When ctx is done
// before, it returns the error of the last try; a [conformance.ConfigError] says what is
// wrong with the target.
func Await(ctx context.Context, target Target) error {
	if err := target.validate(); err != nil {
		return err
	}
	client := newClient(&target)
	defer client.CloseIdleConnections()
	var last error
	for pause := firstPause; ; pause = min(2*pause, longPause) {
		err := knock(ctx, client, &target)
		if err == nil {
			return nil
		}
		if ctx.Err() == nil || last == nil {
			last = err // and not that the last try was cut short
		}
		select {
		case <-ctx.Done():
			return last
		case <-time.After(pause):
		}
	}
}

// knock asks once whether the server answers.
func knock(ctx context.Context, client *http.Client, target *Target) error {
	ctx, cancel := context.WithTimeout(ctx, oneTry)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, target.userURL(target.User), nil)
	if err != nil {
		return err
	}
	r.Header = target.addHeader(http.Header{"Accept": {mediaType}, requirementHeader: {setup.ID}})
	response, err := client.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	switch response.StatusCode {
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return fmt.Errorf("the answer is %d", response.StatusCode)
	}
	return nil
}
