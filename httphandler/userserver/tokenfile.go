package main

import (
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"runtime"
)

// readTokenFile reads the file and warns if others can read it. The error does not show
// the name, which may be a token, given by mistake.
func readTokenFile(name string, logger *slog.Logger) (string, error) {
	text, mode, err := readWithMode(name)
	var pathError *fs.PathError
	switch {
	case errors.As(err, &pathError):
		return "", pathError.Err
	case err != nil:
		return "", err
	}
	// Windows has no such mode bits.
	if mode.Perm()&0o077 != 0 && runtime.GOOS != "windows" {
		logger.Warn("others can read the token file: chmod 600 it", "file", name, "mode", mode.String())
	}
	return string(text), nil
}

func readWithMode(name string) ([]byte, fs.FileMode, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, 0, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, 0, err
	}
	text, err := io.ReadAll(f)
	return text, info.Mode(), err
}
