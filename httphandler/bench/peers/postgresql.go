package main

import (
	"errors"
	"fmt"
	"io"
	"net/url"

	"github.com/userrecord/userrecord/sqlstore/drivertest/engine"
)

// servePostgreSQL starts a server, durable as it is by default, and prints its URL. The
// server ends with the input.
func servePostgreSQL(stdin io.Reader, stdout io.Writer) (err error) {
	server, err := engine.StartPostgreSQL()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	if server.External() {
		return errors.New("unset USERRECORD_TEST_POSTGRESQL: the processor time of that server cannot be measured")
	}
	if _, err := fmt.Fprintln(stdout, server.DSN()); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, stdin)
	return err
}

// createDatabases creates the databases of these URLs, on the server of the first.
func createDatabases(urls []string) error {
	for _, database := range urls {
		u, err := url.Parse(database)
		if err != nil {
			return errors.New("this is not the URL of a database")
		}
		name := u.Path[1:]
		u.Path = "/postgres"
		db, err := open(u.String(), documented)
		if err != nil {
			return err
		}
		if err := db.Exec("CREATE DATABASE " + name).Error; err != nil {
			return err
		}
	}
	return nil
}
