//go:build !memory

package main

import (
	"errors"
	"fmt"

	"github.com/go-sql-driver/mysql"
	"github.com/ncruces/go-sqlite3"
)

// codesOf returns the engine's code in err, as package sqlstore writes it, or "". For
// an extended code of SQLite, primary is its primary code.
func codesOf(err error) (code, primary string) {
	var postgres interface{ SQLState() string }
	var my *mysql.MySQLError
	var lite sqlite3.ExtendedErrorCode
	switch {
	case errors.As(err, &my):
		return fmt.Sprintf("error %d", my.Number), ""
	case errors.As(err, &postgres):
		return "SQLSTATE " + postgres.SQLState(), ""
	case errors.As(err, &lite):
		return fmt.Sprintf("result code %d", lite), fmt.Sprintf("result code %d", lite.Code())
	}
	return "", ""
}
