package sqlstore

// A sentError is the error of a write that may have been committed.
type sentError struct {
	error
	reach Reach
}

func (e sentError) Unwrap() error { return e.error }

// Reach is how far a write got before its error: see [Dialect.Explain].
type Reach int

// How far a write can get.
const (
	ReachNone      Reach = iota // nothing can have been committed: a read, or a statement in a transaction
	ReachStatement              // a statement that commits itself was sent
	ReachCommit                 // COMMIT was sent
)

// sentTo returns a [sentError] for an error, and nil for none.
func sentTo(r Reach, err error) error {
	if err == nil || r == ReachNone {
		return err
	}
	return sentError{err, r}
}

// splitSent returns what a [sentError] holds, and ReachNone with any other error.
func splitSent(err error) (Reach, error) {
	if sent, ok := err.(sentError); ok {
		return sent.reach, sent.error
	}
	return ReachNone, err
}
