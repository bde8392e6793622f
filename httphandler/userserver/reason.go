package main

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"os"
	"strings"
	"syscall"
)

// A databaseError has a text that is safe to show. The texts of drivers quote values,
// and parts of the data source name.
type databaseError struct {
	text string
	err  error
}

func (e databaseError) Error() string {
	text := e.text
	if code, _ := codesOf(e.err); code != "" && !strings.Contains(text, code) {
		text += " (" + code + ")"
	}
	if why := reason(e.err); why != "" && !strings.Contains(text, why) {
		text += ": " + why
	}
	return text
}

func (e databaseError) Unwrap() error { return e.err }

// storeFailed returns an error of package sqlstore, whose text is safe, with its
// reason.
func storeFailed(err error) error {
	return databaseFailed(err.Error(), err)
}

// errInterrupted means that a signal ended the command.
var errInterrupted = errors.New("interrupted")

// databaseFailed returns an error with this text and the reason of err.
func databaseFailed(text string, err error) error {
	if errors.Is(err, context.Canceled) {
		return errInterrupted
	}
	return databaseError{text, err}
}

// reason returns why err happened, as far as it can be told without values, or "".
func reason(err error) string {
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	var errno syscall.Errno
	code, primary := codesOf(err)
	switch {
	case reasons[code] != "":
		return reasons[code]
	case reasons[primary] != "":
		return reasons[primary]
	case errors.As(err, &dns):
		return "the host is not found"
	case errors.As(err, &certificate):
		return "its TLS certificate is not valid here"
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return "no answer in time"
	case errors.As(err, &errno):
		return errno.Error()
	}
	return ""
}

// reasons explain the most common codes.
var reasons = map[string]string{
	"SQLSTATE 25006": "the server, or the session, is read-only",
	"SQLSTATE 28P01": "wrong user or password",
	"SQLSTATE 28000": "the server does not let this user in",
	"SQLSTATE 3D000": "there is no such database",
	"SQLSTATE 42501": "the user lacks a right",
	"SQLSTATE 53100": "the disk is full",
	"SQLSTATE 53300": "too many connections",
	"error 1021":     "the disk is full",
	"error 1040":     "too many connections",
	"error 1044":     "the user has no right to this database",
	"error 1045":     "wrong user or password",
	"error 1049":     "there is no such database",
	"error 1142":     "the user lacks a right",
	"error 1143":     "the user lacks a right",
	"error 1290":     "the server is read-only",
	"error 1792":     "the session is read-only",
	"error 1836":     "the server is read-only",
	"result code 5":  "another process is writing",
	"result code 8":  "it is read-only",
	"result code 13": "the disk is full",
	"result code 14": "it cannot be opened, or SQLite cannot create its files with -wal and -shm beside it, as in a read-only directory",
	"result code 26": "the file is no SQLite database",
	// Extended codes.
	"result code 778":  "the disk is full",
	"result code 1544": "its directory is read-only: SQLite cannot create its files with -wal and -shm there",
	"result code 4874": "the disk is full",
}
