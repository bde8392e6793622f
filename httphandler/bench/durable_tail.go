package main

// A tail keeps the last bytes that are written to it.
type tail struct{ kept []byte }

const tailLength = 4096

// Write cannot fail.
func (t *tail) Write(p []byte) (int, error) {
	t.kept = append(t.kept, p...)
	t.kept = append(t.kept[:0], t.kept[max(0, len(t.kept)-tailLength):]...)
	return len(p), nil
}

func (t *tail) String() string { return string(t.kept) }
