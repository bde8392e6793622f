package main

import (
	"bytes"
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// janeRecord is the example user after the printed patch.
const janeRecord = `{"data": {"type": "User", "id": "c0daf39b-4df5-4241-9e7d-b1b85f829090", "attributes": {
	"firstName": "Jane",
	"lastName": "Smith",
	"email": "user@example.com",
	"phoneNumber": "+1 (425) 555-1212",
	"pictureUrl": "https://api.pace.cloud/user/img/uztqwenbqw87t123jhg87t6876",
	"gender": "male",
	"createdAt": "2021-09-01T23:12:56Z",
	"birthDate": "1997-07-21T00:00:00.000Z",
	"address": {
		"country": "DE",
		"locality": "Karlsruhe",
		"street": "Haid-und-Neu-Straße",
		"houseNo": 18,
		"additionalAddressLink": "z.H. John Smith",
		"region": "BW",
		"postalCode": 76131
	},
	"locale": "de-DE",
	"zoneInfo": "Europe/Berlin"
}}}`

const secondRecord = `{"data": {"type": "User", "id": "5f0c3a52-8f1e-4b6d-9a57-2d1c6e7b8f90", "attributes": {
	"firstName": "Maria",
	"lastName": null,
	"email": "maria@example.org",
	"phoneNumber": null,
	"pictureUrl": null,
	"gender": null,
	"createdAt": "2023-02-28T07:30:00.125Z",
	"birthDate": "1988-12-01",
	"address": {"country": "DE", "locality": "Dresden", "street": null, "houseNo": "7a", "additionalAddressLink": null, "region": null, "postalCode": "01067"},
	"locale": "de",
	"zoneInfo": null
}}}`

func TestPrintedCurlLineWorks(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("the printed line cannot be tried: no curl here")
		}
		t.Skip("SKIPPED, the printed line is NOT TRIED: no curl here")
	}
	ownTokens := map[string]string{tokensEnv: "write own-token"}
	for name, test := range map[string]struct {
		env  map[string]string
		args []string
		want string
	}{
		"by default":           {want: janeRecord},
		"localhost":            {args: []string{"-addr", "localhost:0"}, want: janeRecord},
		"IPv6":                 {args: []string{"-addr", "[::1]:0"}, want: janeRecord},
		"own tokens":           {env: ownTokens, want: janeRecord},
		"every address":        {env: ownTokens, args: []string{"-addr", ":0"}, want: janeRecord},
		"every IPv4 address":   {env: ownTokens, args: []string{"-addr", "0.0.0.0:0"}, want: janeRecord},
		"every IPv6 address":   {env: ownTokens, args: []string{"-addr", "[::]:0"}, want: janeRecord},
		"failing example user": {args: []string{"-failing-user", exampleID}, want: strings.Replace(secondRecord, "Maria", "Jane", 1)},
	} {
		t.Run(name, func(t *testing.T) {
			skipWithoutIPv6(t, test.args)
			s := startServer(t, test.env, test.args...)
			got := shell(t, s.curl)
			if diff := cmp.Diff(parse(t, test.want), parse(t, got)); diff != "" {
				t.Errorf("%s\nanswers (-want +got):\n%s", s.curl, diff)
			}
			if lines := strings.Count("\n"+s.stdout.String(), "\ncurl "); lines != 1 {
				t.Errorf("%d lines begin with curl, want 1", lines)
			}
		})
	}
}

func skipWithoutIPv6(t *testing.T, args []string) {
	if !strings.Contains(strings.Join(args, " "), "[") {
		return
	}
	listener, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		t.Skip("no IPv6 here: ", err)
	}
	listener.Close()
}

// shell runs the line in a shell with a proxy configured.
func shell(t *testing.T, line string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), "sh", "-c", line)
	command.Env = append(os.Environ(), "http_proxy=http://127.0.0.1:1", "ACCESS_TOKEN=own-token")
	var stderr bytes.Buffer
	command.Stderr = &stderr
	out, err := command.Output()
	if err != nil || stderr.Len() > 0 {
		t.Fatalf("%s: %v\n%s%s", line, err, out, &stderr)
	}
	return string(out)
}

func parse(t *testing.T, text string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v in %q", err, text)
	}
	return v
}

func TestQuote(t *testing.T) {
	const nasty = `it's "$HOME" \n` + "`id`"
	if got := shell(t, "printf %s "+quote(nasty)); got != nasty {
		t.Errorf("the shell reads %q, want %q", got, nasty)
	}
}
