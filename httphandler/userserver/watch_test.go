package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/userrecord/userrecord/userstore"
)

// A patch that would be lost is not acknowledged.
func TestRemovedDatabaseFiles(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("an open file cannot be removed here")
	}
	for name, harm := range map[string]func(file string) error{
		"removed":     os.Remove,
		"moved":       func(file string) error { return os.Rename(file, file+".old") },
		"replaced":    func(file string) error { return os.Rename(file+".other", file) },
		"WAL removed": func(file string) error { return os.Remove(file + "-wal") },
		"shm removed": func(file string) error { return os.Remove(file + "-shm") },
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "users.db")
			require.NoError(t, os.WriteFile(file+".other", nil, 0o600))
			s := startServer(t, nil, "-db", file)
			patch(t, s.base, exampleID, demoToken, `{"firstName":"Ada"}`).expect(t, 200, "")
			exportLines(t, file) // another process opens and closes it
			patch(t, s.base, exampleID, demoToken, `{"firstName":"Joan"}`).expect(t, 200, "")
			require.NoError(t, harm(file))
			patch(t, s.base, exampleID, demoToken, `{"firstName":"Lost"}`).expect(t, 501, "internal-error")
			patch(t, s.base, exampleID, demoToken, noChange).expect(t, 501, "internal-error")
			s.stderr.await(t, "a file of the database was removed or replaced while it was open")
		})
	}
}

// SQLite keeps its files beside the database itself, not beside a link to it.
func TestLinkedDatabase(t *testing.T) {
	file := filepath.Join(t.TempDir(), "users.db")
	link := filepath.Join(t.TempDir(), "link.db")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	if err := os.Symlink(file, link); err != nil {
		t.Skip(err)
	}
	s := startServer(t, nil, "-db", link)
	patch(t, s.base, exampleID, demoToken, `{"firstName":"Ada"}`).expect(t, 200, "")
	for _, ending := range []string{"-wal", "-shm"} {
		info, err := os.Stat(file + ending)
		if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, or %v", ending, info, err)
		}
	}
	if left, err := filepath.Glob(link + "-*"); err != nil || left != nil {
		t.Errorf("beside the link: %v, or %v", left, err)
	}
	require.NoError(t, os.Remove(link))
	patch(t, s.base, exampleID, demoToken, noChange).expect(t, 501, "internal-error")
}

// SQLite does not remove files when the pool closes its connections.
func TestWatchedFilesStay(t *testing.T) {
	file := filepath.Join(t.TempDir(), "users.db")
	s, err := openSQL(t.Context(), sqliteFile(file), slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	defer s.close()
	watched, kept, err := s.watch(t.Context(), file)
	require.NoError(t, err)
	defer kept.Close()
	user := userstore.User{ID: uuid.New()}
	_, err = s.store.Create(t.Context(), user)
	require.NoError(t, err)
	s.db.SetMaxIdleConns(-1)
	_, err = watched.Patch(t.Context(), user.ID, userstore.Attributes{FirstName: userstore.Value("Ada")})
	require.NoError(t, err, "Patch")
}
