package observetest

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler"
)

// The histogram has a series for each status and code, with seconds; clients that have
// gone are no failures of the server.
func TestPrometheus(t *testing.T) {
	metrics := prometheus.NewRegistry()
	observe := observer(metrics)
	for _, o := range []httphandler.Outcome{
		{Status: 200, Duration: 20 * time.Millisecond},
		{Status: 200, Duration: 30 * time.Millisecond},
		{Status: 501, Code: "internal-error", Duration: 2 * time.Second},
		{Status: 501, Code: "internal-error", Duration: time.Second, ClientGone: true},
	} {
		observe(context.Background(), o)
	}
	type series struct {
		Labels string
		Count  uint64
		Sum    float64
	}
	families, err := metrics.Gather()
	require.NoError(t, err)
	var got []series
	for _, m := range families[0].GetMetric() {
		s := series{Count: m.GetHistogram().GetSampleCount(), Sum: m.GetHistogram().GetSampleSum()}
		for _, label := range m.GetLabel() {
			s.Labels += label.GetName() + "=" + label.GetValue() + " "
		}
		got = append(got, s)
	}
	want := []series{{"code= status=200 ", 2, .05}, {"code=internal-error status=499 ", 1, 1}, {"code=internal-error status=501 ", 1, 2}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("series (-want +got):\n%s", d)
	}
}
