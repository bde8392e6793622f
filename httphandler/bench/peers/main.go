// Peers is what people would write instead of userserver, for the durable table of
// bench, and the database work that bench leaves to a program of its own, because its
// module has no drivers:
//
//	peers gin DATABASE SETTINGS USERS   serve PATCH /users/{userId} with gin and gorm
//	peers postgresql                    start a PostgreSQL server
//	peers create DATABASE...            create databases of PostgreSQL
//	peers read DATABASE QUERY           print the rows of a query
//
// A DATABASE is the URL of one in PostgreSQL, or else the name of an SQLite file.
package main

import (
	"fmt"
	"os"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintf(os.Stderr, "peers: %v\n", err)
		os.Exit(1)
	}
}

// A command has a fixed number of arguments, or any if it is negative.
type command struct {
	arguments int
	run       func(args []string) error
}

var commands = map[string]command{
	"gin":        {3, func(args []string) error { return serveGin(args[0], args[1], args[2], os.Stdout) }},
	"postgresql": {0, func([]string) error { return servePostgreSQL(os.Stdin, os.Stdout) }},
	"create":     {-1, createDatabases},
	"read":       {2, func(args []string) error { return read(args[0], args[1], os.Stdout) }},
}

func run(args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("give a command: see go doc")
	}
	c, ok := commands[args[0]]
	if !ok || c.arguments >= 0 && c.arguments != len(args)-1 {
		return fmt.Errorf("no command %q with %d arguments: see go doc", args[0], len(args)-1)
	}
	return c.run(args[1:])
}
