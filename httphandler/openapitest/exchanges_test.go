//go:build !race

package openapitest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// An exchange is a request of the handler's own tests and its answer.
type exchange struct {
	Test         string
	Open         bool // the endpoint lets everybody in and has the default options
	Method, Path string
	Header       http.Header
	Body         []byte
	Status       int
	AnswerHeader http.Header
	Answer       []byte
}

func (e exchange) String() string {
	return fmt.Sprintf("%s: %s %s %.200q", e.Test, e.Method, e.Path, e.Body)
}

func (e exchange) request() *http.Request {
	r, err := http.NewRequest(e.Method, "http://users.test"+e.Path, bytes.NewReader(e.Body))
	if err != nil {
		panic(err)
	}
	r.Header = e.Header.Clone()
	return r
}

// tables are the tests of the handler that send requests from tables.
const tables = `^Test(Accept|AllowCharsetUTF8|AnswerIsComplete|Authorization|Bodies|ContentType|CreatedAt|CreatedAtEcho|CurlLineOfThePage|` +
	`Depth|EveryOtherMethodIs405|EveryStatus|ExampleOfThePage|ForbiddenAttributes|HiddenUsersAreAlike|HostileRequests|HouseNumberCodes|` +
	`IgnoreUnknownAttributes|LongNamesMakeNoLongAnswer|Lossless|LosslessBytes|MalformedSaysWhere|ManyErrors|ManyErrorsAreCountedOnce|Merge|` +
	`NegotiationOrder|OrderOfChecks|OtherHeaderFields|PatchesAddUp|PathID|PathsWithoutValue|QueryIsIgnored|Tokens|UnauthorizedAnswersAreAlike|` +
	`UnknownUser|UpperCaseID|Values)$`

// exchanges returns the exchanges of the tables, each once.
func exchanges(t *testing.T) []exchange {
	t.Helper()
	all, err := recorded()
	require.NoError(t, err)
	if len(all) < 2000 {
		t.Fatalf("only %d exchanges: was a test of the handler renamed?", len(all))
	}
	return all
}

var recorded = sync.OnceValues(func() ([]exchange, error) {
	dir, err := os.MkdirTemp("", "exchanges")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "exchanges.jsonl")
	cmd := exec.Command("go", "test", "-count=1", "-vet=off", "-run", tables, "github.com/userrecord/userrecord/httphandler")
	cmd.Env = append(os.Environ(), "USERRECORD_EXCHANGES="+file)
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go test httphandler: %w\n%s", err, out)
	}
	return readExchanges(file)
})

func readExchanges(name string) (all []exchange, err error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	seen := map[string]bool{}
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 8<<20)
	for lines.Scan() {
		var e exchange
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return nil, err
		}
		if key := fmt.Sprint(e.Open, e.Method, e.Path, e.Header, string(e.Body), e.Status); !seen[key] {
			seen[key] = true
			all = append(all, e)
		}
	}
	return all, lines.Err()
}
