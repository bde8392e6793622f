package drivertest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/sqlstore/drivertest/engine"
	"github.com/userrecord/userrecord/userstore"
)

// A process that patches with an outbox is killed at any moment. Each change has its
// row, and there is no row without its change.
func TestCrashWithAnOutbox(t *testing.T) {
	t.Parallel()
	for _, via := range []string{outboxByHook, outboxByTransact} {
		t.Run("SQLite/"+via, func(t *testing.T) {
			t.Parallel()
			s := newScene(t, crashing{Driver: "sqlite3", DSN: sqliteDSN(newFile(t)), Dialect: "SQLite", Outbox: via})
			for range crashes(t)/4 + 1 {
				s.killChild(t)
			}
			s.report(t)
		})
		for _, d := range databases[2:4] {
			t.Run(d.name+"/"+via, func(t *testing.T) {
				t.Parallel()
				server := map[sqlstore.Dialect]*engine.Shared{sqlstore.PostgreSQL: durablePostgreSQL, sqlstore.MariaDB: durableMariaDB}[d.dialect]
				p := placeOn(t, server)
				s := newScene(t, crashing{Driver: p.driver, DSN: p.dsn, Dialect: d.dialect.String(), Outbox: via})
				s.db.SetMaxOpenConns(1)
				s.others = otherSessions[d.dialect]
				for range crashes(t)/4 + 1 {
					s.killChild(t)
				}
				s.report(t)
			})
		}
	}
}

// How the child writes its outbox: crashing.Outbox.
const (
	outboxByHook     = "OnPatch"
	outboxByTransact = "Transact"
	outboxAfterwards = "after the commit" // as must not be
)

// afterwards writes the row in a transaction of its own.
type afterwards struct {
	*sqlstore.Store
	db *sql.DB
}

func (s afterwards) Patch(ctx context.Context, id uuid.UUID, patch userstore.Attributes) (userstore.User, error) {
	var change userstore.Change
	user, err := s.Store.Patch(userstore.WithChange(ctx, &change), id, patch)
	if err != nil {
		return user, err
	}
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return user, err
	}
	return user, errors.Join(addToOutbox(ctx, tx, change), tx.Commit())
}

// An outbox that is written after the commit is seen to lose rows.
func TestCrashFindsALostRow(t *testing.T) {
	t.Parallel()
	s := newScene(t, crashing{Driver: "sqlite3", DSN: sqliteDSN(newFile(t)), Dialect: "SQLite", Outbox: outboxAfterwards})
	s.mustFail(t, 20)
}

// verifyOutbox compares the rows with what is stored: a patch adds one to the numbers
// of a group, and one row.
func (s *scene) verifyOutbox(t *testing.T, stored counts) {
	t.Helper()
	want := map[uuid.UUID]int{}
	for w, n := range stored {
		want[victim(w)] += n
	}
	for _, id := range victims {
		if rows := queryInt(t, s.db, "SELECT count(*) FROM outbox WHERE id = '"+id.String()+"'"); rows != want[id] {
			s.faults = append(s.faults, fmt.Sprintf("%d rows for %d changes", rows, want[id]))
		}
	}
}
