package httphandler

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// PathID returns the user id in the path of the request, as the handler of [New] reads
// it: the path value userId of [http.ServeMux] (see [http.Request.SetPathValue]), or,
// with a router that sets none, the last segment of the path. Percent-encoding is
// undone once. If it is not a UUID in the form of [userstore.ParseID], the error is
// [userstore.ErrNotFound], since there is no such user.
func PathID(r *http.Request) (uuid.UUID, error) {
	id, err := userstore.ParseID(pathID(r))
	if err != nil {
		return uuid.Nil, userstore.ErrNotFound
	}
	return id, nil
}

// pathID returns the user id in the path, unparsed.
func pathID(r *http.Request) string {
	value := r.PathValue("userId")
	if value != "" && strings.IndexByte(value, '%') < 0 {
		return value
	}
	// The escaped path, because an encoded slash does not separate segments.
	path := r.URL.EscapedPath()
	switch {
	case value == "":
		value = path[strings.LastIndexByte(path, '/')+1:]
	case !strings.Contains(path+"/", "/"+value+"/"):
		return value // decoded: its % is %25 in the path
	}
	// Otherwise the router, such as chi, hands over the segment as it is in the path.
	id, err := url.PathUnescape(value)
	if err != nil {
		return ""
	}
	return id
}
