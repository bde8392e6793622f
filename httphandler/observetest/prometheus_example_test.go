package observetest

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/userrecord/userrecord/httphandler"
	"github.com/userrecord/userrecord/memstore"
	"github.com/userrecord/userrecord/userstore"
)

// observer returns an Observe that counts and times the answers by status and code. The
// status 499, which nginx made known, is for clients that have gone: not to alert on.
func observer(metrics prometheus.Registerer) func(context.Context, httphandler.Outcome) {
	duration := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "user_patch_duration_seconds",
		Help:    "Time to answer PATCH /users/{userId}, with the status and the code of its first error.",
		Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
	}, []string{"status", "code"})
	metrics.MustRegister(duration)
	return func(_ context.Context, o httphandler.Outcome) {
		status := strconv.Itoa(o.Status)
		if o.ClientGone {
			status = "499"
		}
		duration.WithLabelValues(status, o.Code).Observe(o.Duration.Seconds())
	}
}

// With Prometheus: a histogram has the rate, the errors and the duration.
func Example_prometheus() {
	metrics := prometheus.NewRegistry()
	opts := &httphandler.Options{Observe: observer(metrics)}
	mux := http.NewServeMux()
	mux.Handle("/users/{userId}", httphandler.New(memstore.New(userstore.ExampleUser()), httphandler.InsecureAllowEveryone(), opts))
	mux.Handle("GET /metrics", promhttp.HandlerFor(metrics, promhttp.HandlerOpts{}))

	patchExample(mux, `{"firstName": "Joan"}`)
	patchExample(mux, `{"gender": "x"}`)
	for line := range strings.Lines(scrape(mux)) {
		if strings.HasPrefix(line, "user_patch_duration_seconds_count") {
			fmt.Print(line)
		}
	}
	// Output:
	// user_patch_duration_seconds_count{code="",status="200"} 1
	// user_patch_duration_seconds_count{code="invalid-attribute",status="422"} 1
}
