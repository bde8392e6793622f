package main

import (
	"context"
	"os/exec"

	"github.com/userrecord/userrecord/httphandler"
)

// A rival is a server of the durable tables.
type rival struct {
	name    string
	form    requestForm
	forgets bool // it answers before a patch is durable
	// start creates the users in an empty database and starts the server, whose first
	// line is "Listening on ADDRESS".
	start func(ctx context.Context, s *site, database string) (*process, error)
	// read returns the names of the users by id: firstName, a tab and lastName.
	read func(ctx context.Context, s *site, database string) (map[string]string, error)
}

// rivals are the servers by database. The first is what the others are compared with.
var rivals = map[string][]rival{
	onSQLite: {
		{name: "userserver", form: jsonAPI, start: startUserserverOnSQLite, read: readUsers},
		{name: "gin + gorm, as documented", form: jsonAPI, start: startGin(withCgo, "documented"), read: readUsers},
		{name: "gin + gorm, tuned", form: jsonAPI, start: startGin(withCgo, "tuned"), read: readUsers},
		{name: "gin + gorm, tuned, no cgo", form: jsonAPI, start: startGin((*site).peers, "tuned"), read: readUsers},
		{name: "json-server, a file", form: plainJSON, forgets: true, start: startJSONServer, read: readJSONFile},
	},
	onPostgreSQL: {
		{name: "userserver", form: jsonAPI, start: startUserserverOnPostgreSQL, read: readUsers},
		{name: "gin + gorm, as documented", form: jsonAPI, start: startGin((*site).peers, "documented"), read: readUsers},
		{name: "gin + gorm, tuned", form: jsonAPI, start: startGin((*site).peers, "tuned"), read: readUsers},
		{name: "Fortune", form: plural, start: startFortune, read: readSQL(`SELECT id, "firstName", "lastName" FROM "user"`)},
	},
}

// everyAttribute is what an answer with the whole record contains.
var everyAttribute = []string{
	`"email"`, `"phoneNumber"`, `"pictureUrl"`, `"gender"`, `"birthDate"`, `"createdAt"`, `"locale"`, `"zoneInfo"`, `"address"`,
	`"country"`, `"locality"`, `"street"`, `"houseNo"`, `"additionalAddressLink"`, `"region"`, `"postalCode"`,
}

var jsonAPI = requestForm{
	path: "/users/", mediaType: httphandler.MediaType, wants: everyAttribute,
	body: `{"data":{"type":"User","id":"%[1]s","attributes":{"firstName":"%[2]s","lastName":"%[3]s"}}}`,
}

func startUserserverOnSQLite(ctx context.Context, s *site, file string) (*process, error) {
	return startUserserver(ctx, s, file, nil)
}

func startUserserverOnPostgreSQL(ctx context.Context, s *site, url string) (*process, error) {
	return startUserserver(ctx, s, "postgres", []string{"DATABASE_URL=" + url})
}

func startUserserver(ctx context.Context, s *site, db string, environment []string) (*process, error) {
	userserver, err := s.program(ctx, "userserver", nil, "userserver")
	if err != nil {
		return nil, err
	}
	if _, err := runProgram(program(ctx, environment, userserver, "import", "-db", db, s.lines)); err != nil {
		return nil, err
	}
	return startProcess(program(ctx, environment, userserver, "-db", db, "-addr", "127.0.0.1:0"))
}

// withCgo returns the program of the peers with the SQLite driver of gorm's
// documentation, which needs a C compiler.
func withCgo(s *site, ctx context.Context) (string, error) {
	if _, err := exec.LookPath("cc"); err != nil {
		return "", missingError{err}
	}
	return s.program(ctx, "peers-mattn", []string{"CGO_ENABLED=1"}, "bench/peers", "-tags", "mattn")
}

func startGin(peers func(*site, context.Context) (string, error), settings string) func(context.Context, *site, string) (*process, error) {
	return func(ctx context.Context, s *site, database string) (*process, error) {
		file, err := peers(s, ctx)
		if err != nil {
			return nil, err
		}
		return startProcess(program(ctx, nil, file, "gin", database, settings, s.lines))
	}
}

// readUsers reads the table of userserver, and of gorm.
var readUsers = readSQL("SELECT id, first_name, last_name FROM users")

// readSQL returns a function that reads the names with a program that is not the server.
func readSQL(query string) func(context.Context, *site, string) (map[string]string, error) {
	return func(ctx context.Context, s *site, database string) (map[string]string, error) {
		peers, err := s.peers(ctx)
		if err != nil {
			return nil, err
		}
		out, err := runProgram(program(ctx, nil, peers, "read", database, query))
		return readRows(out), err
	}
}
