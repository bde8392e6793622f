package httphandler_test

import (
	"testing"

	"github.com/userrecord/userrecord/httphandler"
)

// Options.AllowCharsetUTF8 takes what HTTP clients add to a string, and nothing else.
func TestAllowCharsetUTF8(t *testing.T) {
	allowing := newEndpoint(httphandler.InsecureAllowEveryone(), httphandler.Options{AllowCharsetUTF8: true})
	tests := []struct {
		contentType string
		status      int
	}{
		{J, 200},
		{J + "; charset=utf-8", 200}, // OkHttp, .NET
		{J + ";charset=UTF-8", 200},
		{J + `; charset="Utf-8"`, 200},
		{J + `; CHARSET=utf-8; profile="p"`, 200},
		{J + "; charset=utf8", 415},
		{J + "; charset=iso-8859-1", 415},
		{J + "; charset=", 415},
		{J + `; charset=utf-8; ext="e"`, 415},
		{"application/json; charset=utf-8", 415},
	}
	for _, tt := range tests {
		t.Run(tt.contentType, func(t *testing.T) {
			r := exampleRequest(document(`{"firstName":"Jane"}`))
			r.Header.Set("Content-Type", tt.contentType)
			places := []string{}
			if tt.status == 415 {
				places = []string{"header Content-Type"}
			}
			wantReply(t, allowing.send(t, r), tt.status, places...)
		})
	}
}

// Accept is not what the option is about.
func TestAllowCharsetUTF8LeavesAccept(t *testing.T) {
	r := exampleRequest(document(`{}`))
	r.Header.Set("Accept", J+"; charset=utf-8")
	allowing := newEndpoint(httphandler.InsecureAllowEveryone(), httphandler.Options{AllowCharsetUTF8: true})
	wantReply(t, allowing.send(t, r), 406, "header Accept")
}
