package engine

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// A template holds the data of a new server of a product, which takes longer to make
// than a server to start. All servers of this process begin with a copy, and have its
// password.
type template struct {
	mu       sync.Mutex
	files    []file // none until the first server has made its own
	password string
}

// A file is one in a directory, or a directory.
type file struct {
	path string // in the directory
	mode fs.FileMode
	size int64
	data []byte // without the zeros at the end, of which there are megabytes
}

// initialise makes the server's data.
func (t *template) initialise(s *Server) error {
	made, err := t.make(s)
	if made || err != nil {
		return err
	}
	s.password = t.password
	for _, f := range t.files {
		if err := f.write(s.data(), s.account); err != nil {
			return err
		}
	}
	return nil
}

// make makes the data of the first server, and keeps a copy. It says false if there is
// one already.
func (t *template) make(s *Server) (bool, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.files != nil {
		return false, nil
	}
	err := s.product.initialise(s)
	if err == nil {
		t.password = s.password
		t.files, err = readFiles(s.data())
	}
	return true, err
}

// readFiles returns the directory and what is in it.
func readFiles(dir string) ([]file, error) {
	var files []file
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		f := file{mode: info.Mode(), size: info.Size()}
		if f.path, err = filepath.Rel(dir, path); err != nil {
			return err
		}
		if !entry.IsDir() {
			f.data, err = os.ReadFile(path)
			f.data = bytes.Clone(bytes.TrimRight(f.data, "\x00"))
		}
		files = append(files, f)
		return err
	})
	return files, err
}

// write writes the file for the account.
func (f file) write(dir string, a account) error {
	path := filepath.Join(dir, f.path)
	if f.mode.IsDir() {
		if err := os.Mkdir(path, f.mode.Perm()); err != nil {
			return err
		}
		return a.own(path)
	}
	if err := os.WriteFile(path, f.data, f.mode.Perm()); err != nil {
		return err
	}
	if int64(len(f.data)) < f.size {
		if err := os.Truncate(path, f.size); err != nil {
			return err
		}
	}
	return a.own(path)
}
