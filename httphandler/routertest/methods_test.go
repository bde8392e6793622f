package routertest

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/httphandler"
)

// An answer is what the tests look at.
type answer struct {
	status   int
	allow    string
	document bool // JSON:API
	body     string
}

// send sends a request without body of a caller who may do everything, and follows no
// redirect.
func send(t *testing.T, method, url string) answer {
	t.Helper()
	r, err := http.NewRequest(method, url, nil)
	require.NoError(t, err)
	return do(t, r)
}

// patch sends a patch without attributes of the example user.
func patch(t *testing.T, url string) answer {
	t.Helper()
	r, err := http.NewRequest(http.MethodPatch, url, strings.NewReader(noChange))
	require.NoError(t, err)
	r.Header.Set("Content-Type", httphandler.MediaType)
	return do(t, r)
}

var noChange = fmt.Sprintf(`{"data":{"type":"User","id":"%s"}}`, exampleID)

var client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

func do(t *testing.T, r *http.Request) answer {
	t.Helper()
	r.Header.Set("Authorization", "Bearer test-token")
	response, err := client.Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return answer{
		response.StatusCode, strings.Join(response.Header["Allow"], ", "),
		response.Header.Get("Content-Type") == httphandler.MediaType, string(body),
	}
}

// With httphandler.Methods, each router answers all methods alike.
func TestMethods(t *testing.T) {
	for _, router := range routers() {
		t.Run(router.name, func(t *testing.T) {
			url := router.mount(newUsers()).start(t) + "/users/" + exampleID.String()
			want, got := patch(t, url), send(t, http.MethodGet, url)
			if d := cmp.Diff(want, got, cmp.AllowUnexported(answer{})); d != "" || want.status != 200 {
				t.Errorf("(-PATCH +GET):\n%s", d)
			}
			if got := send(t, http.MethodHead, url); got != (answer{status: 200, document: true}) {
				t.Errorf("HEAD: %+v", got)
			}
			for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS"} {
				got := send(t, method, url)
				if got.status != 405 || got.allow != "GET, HEAD, PATCH" || !strings.Contains(got.body, `"method-not-allowed"`) || !got.document {
					t.Errorf("%s: %+v", method, got)
				}
			}
		})
	}
}
