package drivertest

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"sync"

	"github.com/go-sql-driver/mysql"
	"github.com/google/uuid"
	"github.com/userrecord/userrecord/sqlstore"
	"github.com/userrecord/userrecord/userstore"
)

// crashEnv makes this binary the child that patches until it is killed. It
// holds a crashing.
const crashEnv = "USERRECORD_CRASH"

// The driver would log every connection that is cut.
func init() { mysql.SetLogger(&mysql.NopLogger{}) }

// crashing says where the child patches, and how.
type crashing struct {
	Driver, DSN, Dialect string
	Broken               string // earlyStore, tornStore, or ""
	Outbox               string // outboxByHook and the like, or "" for none
	Migrate              bool   // is all that the child does
}

// String returns what crashEnv holds.
func (c crashing) String() string {
	text, err := json.Marshal(c)
	if err != nil {
		panic(err)
	}
	return string(text)
}

func (c crashing) store(db *sql.DB) (*sqlstore.Store, error) {
	for _, d := range databases {
		if d.dialect.String() == c.Dialect {
			opts := new(sqlstore.Options)
			if c.Outbox == outboxByHook {
				opts.OnPatch = addToOutbox
			}
			return sqlstore.New(db, d.dialect, opts)
		}
	}
	return nil, fmt.Errorf("no dialect %s", c.Dialect)
}

// victims are the users that the child patches. Each has a writer for each group
// of places; a patch sets all of a group to the writer's next number.
var victims = [...]uuid.UUID{{15: 1}, {15: 2}}

const (
	groupSize = 4
	groups    = 4
	writers   = groups * len(victims)
)

// counts are numbers by writer.
type counts [writers]int

func group(writer int) []string {
	g := writer % groups
	return scalars[g*groupSize : (g+1)*groupSize]
}

func victim(writer int) uuid.UUID { return victims[writer/groups] }

// readCounts returns the numbers that are stored, and where those of a group
// differ.
func readCounts(ctx context.Context, store *sqlstore.Store) (stored counts, torn []string, err error) {
	for w := range writers {
		user, err := store.Get(ctx, victim(w))
		if err != nil {
			return stored, nil, err
		}
		v := valuesOf(user.Attributes)
		for _, place := range group(w) {
			n, err := strconv.Atoi(v[place])
			if err != nil {
				return stored, nil, err
			}
			if place != group(w)[0] && n != stored[w] {
				torn = append(torn, fmt.Sprintf("writer %d: torn, %d beside %d", w, n, stored[w]))
			}
			stored[w] = n
		}
	}
	return stored, torn, nil
}

// What the child says, a line each, beside "WRITER NUMBER" for each patch that
// was acknowledged.
const (
	begins  = "from"    // writer and number: what is stored at first
	stopped = "stopped" // as it was asked to
	failed  = "failed:" // and why
)

// patchUntilKilled is the child's main function.
func patchUntilKilled(config string) (status int) {
	var c crashing
	err := json.Unmarshal([]byte(config), &c)
	if err == nil {
		err = c.run()
	}
	if err != nil {
		fmt.Println(failed, err)
		return 1
	}
	return 0
}

func (c crashing) run() error {
	db, err := sql.Open(c.Driver, c.DSN)
	if err != nil {
		return err
	}
	db.SetMaxIdleConns(maxConns)
	store, err := c.store(db)
	if err != nil {
		return err
	}
	if c.Migrate {
		return store.Migrate(context.Background())
	}
	switch c.Outbox {
	case outboxByTransact:
		return patchForever(store, transacting{store})
	case outboxAfterwards:
		return patchForever(store, afterwards{store, db})
	}
	return patchForever(store, broken(c.Broken, store))
}

// patchForever patches, and on standard input is told when to stop, and when
// to go on.
func patchForever(store *sqlstore.Store, patched userstore.Store) error {
	told := make(chan struct{})
	go func() {
		for in := bufio.NewScanner(os.Stdin); in.Scan(); {
			told <- struct{}{}
		}
		os.Exit(0) // the parent is gone
	}()
	for {
		if err := patchUntil(told, store, patched); err != nil {
			return err
		}
		fmt.Println(stopped)
		<-told
	}
}

// patchUntil goes on from what is stored.
func patchUntil(stop <-chan struct{}, store *sqlstore.Store, patched userstore.Store) error {
	from, _, err := readCounts(context.Background(), store)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var all sync.WaitGroup
	for w := range writers {
		fmt.Println(begins, w, from[w])
		all.Go(func() { count(ctx, w, from[w], patched) })
	}
	<-stop
	cancel()
	all.Wait()
	return nil
}

// count patches with one number after the other. A patch that was not
// acknowledged is sent again.
func count(ctx context.Context, w, n int, store userstore.Store) {
	for ctx.Err() == nil {
		v := make(values, groupSize)
		for _, place := range group(w) {
			v[place] = strconv.Itoa(n + 1)
		}
		_, err := store.Patch(ctx, victim(w), v.attributes())
		switch {
		case err == nil:
			n++
			fmt.Println(w, n)
		case ctx.Err() == nil && !errors.Is(err, sqlstore.ErrUnavailable) && !errors.Is(err, sqlstore.ErrOutcomeUnknown):
			fmt.Println(failed, err)
		}
	}
}
