package httphandler

import (
	"errors"
	"fmt"
	"iter"
	"net/http"

	"github.com/userrecord/userrecord/userstore"
)

// The errors of the functions that write users for a host's own operations, matched
// with [errors.Is].
var (
	// ErrNotCanonical means that a user cannot be shown: the attributes are not canonical
	// (see [userstore.Attributes]), a text is not UTF-8, an integer is out of range,
	// or createdAt is not in the years 0 to 9999. [userstore.User.Canonical] makes a
	// record canonical. The text of the error names the member and no value.
	ErrNotCanonical = errors.New("httphandler: the record is not canonical")

	// ErrIncomplete means that an answer was begun and could not be finished: the
	// client has gone, or a later user of a list could not be read or shown. It
	// wraps the cause. Nothing more can be said to the client: panic with
	// [http.ErrAbortHandler], as [WriteError] does, so that nobody takes the
	// answer for a complete one.
	ErrIncomplete = errors.New("httphandler: the answer is incomplete")
)

// AppendResource appends the resource object of the user, without a newline, for
// documents of your own: with links, meta or included resources (JSON:API 1.1, section
// Document Structure). It has every attribute of the page, in its order, and null for
// those without a value. If the error is not nil, it is an [ErrNotCanonical], and dst is
// returned as it was.
func AppendResource(dst []byte, user userstore.User) ([]byte, error) {
	return appendShown(dst, &user, appendResource)
}

// AppendUser appends the document of the user, byte for byte what the handler of [New]
// answers: {"data":…} with the resource object of [AppendResource], and a newline. If
// the error is not nil, it is an [ErrNotCanonical], and dst is returned as it was.
func AppendUser(dst []byte, user userstore.User) ([]byte, error) {
	return appendShown(dst, &user, appendUser)
}

func appendShown(dst []byte, user *userstore.User, write func([]byte, *userstore.User, *document) ([]byte, error)) ([]byte, error) {
	longer, err := write(dst, user, &noTexts)
	if err != nil {
		return dst, err
	}
	return longer, nil
}

// AppendUsers appends the document of a list of users, in their order: {"data":[…]}
// with a resource object of [AppendResource] for each, and a newline. If the error is
// not nil, it is an [ErrNotCanonical], and dst is returned as it was.
func AppendUsers(dst []byte, users []userstore.User) ([]byte, error) {
	list := append(dst, listStart...)
	for i := range users {
		var err error
		if list, err = appendItem(list, i == 0, users[i]); err != nil {
			return dst, err
		}
	}
	return append(list, listEnd...), nil
}

const (
	listStart = `{"data":[`
	listEnd   = "]}\n"
)

func appendItem(list []byte, first bool, user userstore.User) ([]byte, error) {
	if !first {
		list = append(list, ',')
	}
	return AppendResource(list, user)
}

// WriteUser answers with the status, the Content-Type [MediaType] and the document of
// [AppendUser]: 200 to a GET, 201 to the POST that created the user. Set other header
// fields, such as Location, before. The answer to a HEAD is the same, and net/http
// leaves out the body.
//
// If the error is an [ErrNotCanonical], nothing was written, so that you can still answer
// with [WriteError]. It is an [ErrIncomplete] if the client has gone.
func WriteUser(w http.ResponseWriter, status int, user userstore.User) error {
	buf := takeBuffer()
	var err error
	if buf.bytes, err = AppendUser(buf.bytes[:0], user); err != nil {
		return err
	}
	return incomplete(write(w, status, buf))
}

func incomplete(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w: %w", ErrIncomplete, err)
}

// listChunk is how many bytes of a list are kept until they are written: enough for
// most pages of a list, which can then still become an error, and for few writes.
const listChunk = 32 << 10

// WriteUsers answers 200 with the Content-Type [MediaType] and the document of
// [AppendUsers], and reads the users, such as those of sqlstore.Store.All, as it writes:
// it keeps about 32 KiB, however many they are. It stops at the first error of users,
// or of a user that cannot be shown. The answer to a HEAD is the same, and net/http
// leaves out the body.
//
// The error is an [ErrIncomplete] if the answer was begun. Otherwise nothing was
// written, so that you can still answer with [WriteError].
func WriteUsers(w http.ResponseWriter, users iter.Seq2[userstore.User, error]) error {
	list := listWriter{w: w, buf: takeBuffer()}
	list.buf.bytes = append(list.buf.bytes[:0], listStart...)
	first := true
	for user, err := range users {
		if err == nil {
			err = list.add(first, user)
		}
		if err != nil {
			return list.stopped(err)
		}
		first = false
	}
	list.buf.bytes = append(list.buf.bytes, listEnd...)
	if err := list.flush(); err != nil {
		return list.stopped(err)
	}
	list.buf.giveBack()
	return nil
}

type listWriter struct {
	w     http.ResponseWriter
	buf   *buffer
	begun bool // something was written
}

func (l *listWriter) add(first bool, user userstore.User) (err error) {
	if l.buf.bytes, err = appendItem(l.buf.bytes, first, user); err != nil {
		return err
	}
	if len(l.buf.bytes) < listChunk {
		return nil
	}
	return l.flush()
}

func (l *listWriter) flush() error {
	if !l.begun {
		writeHeader(l.w, http.StatusOK)
		l.begun = true
	}
	_, err := l.w.Write(l.buf.bytes)
	l.buf.bytes = l.buf.bytes[:0]
	return err
}

// stopped returns the error for a list that ends early.
func (l *listWriter) stopped(err error) error {
	if l.begun {
		return incomplete(err)
	}
	return err
}
