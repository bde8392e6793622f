package sqlstore

// A sentError is the error of a write that may have been committed.
type sentError struct {
	error
	reach reach
}

func (e sentError) Unwrap() error { return e.error }

// reach is how far a write got before its error.
type reach int

const (
	reachNone      reach = iota // nothing can have been committed
	reachStatement              // a statement that commits itself was sent
	reachCommit                 // COMMIT was sent
)

// sentTo returns a [sentError] for an error, and nil for none.
func sentTo(r reach, err error) error {
	if err == nil || r == reachNone {
		return err
	}
	return sentError{err, r}
}

// splitSent returns what a [sentError] holds, and reachNone with any other error.
func splitSent(err error) (reach, error) {
	if sent, ok := err.(sentError); ok {
		return sent.reach, sent.error
	}
	return reachNone, err
}
