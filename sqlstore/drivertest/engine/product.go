package engine

import (
	"database/sql"
	"fmt"
	"syscall"
)

// A product is what differs between the database servers.
type product struct {
	name     string // as people write it
	variable string // of the environment, may hold the DSN of a server to use
	driver   string // the name in database/sql
	account  string // who runs the server where the tests run as root

	// find returns the server's binary.
	find func() (string, error)
	// initialise makes the data directory.
	initialise func(*Server) error
	template   *template // what it has made
	// arguments are those of the server's binary, without the settings.
	arguments func(*Server) []string
	settings  func(*Server) []string // name=value
	flag      func(setting string) []string
	dsn       func(*Server) string

	stop syscall.Signal // ends the server cleanly
	// quit ends it at once, and it then leaves nothing behind.
	quit syscall.Signal

	// cleanUp removes what is not in the directory; nil where there is nothing.
	cleanUp func(*Server) error

	// inDatabase returns the DSN with another database.
	inDatabase func(dsn, database string) (string, error)
	open       func(dsn string) (*sql.DB, error)
	dropFormat string
}

// locate returns the server's binary and the account to run it.
func (p *product) locate() (string, account, error) {
	if err := canStart(); err != nil {
		return "", account{}, err
	}
	binary, err := p.find()
	if err != nil {
		return "", account{}, err
	}
	runs, err := accountFor(p.account)
	if err != nil {
		return "", account{}, err
	}
	return binary, runs, nil
}

func (p *product) wrap(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", p.name, err)
}
