package sqlstore

import (
	"fmt"
	"reflect"
	"strings"
)

// pgxProblems returns what is wrong with a connection of pgx, which tells its mode
// and what the server has reported. It does not look into a connection that another
// driver wraps, and returns nothing for any other driver.
//
// The mode describe_exec describes an unnamed statement in one round trip and
// executes it in the next. Behind a pooler, the statement may be another client's by
// then, so that users get each other's values. In the mode simple_protocol, pgx
// escapes values for certain settings of the server; under others it sends nothing,
// and returns an error without a code.
func pgxProblems(driverConn any) (problems []string) {
	v := reflect.ValueOf(driverConn)
	if v.Kind() != reflect.Pointer || !strings.HasPrefix(v.Type().Elem().PkgPath(), "github.com/jackc/pgx/") {
		return nil
	}
	conn := callMethod(v.MethodByName("Conn")) // of stdlib.Conn, a *pgx.Conn
	if !conn.IsValid() {
		return nil
	}
	switch pgxMode(conn) {
	case "describe exec":
		return []string{"pgx's default_query_exec_mode must not be describe_exec: behind a pooler it executes the statements of others; use exec, cache_describe or simple_protocol there, and the default otherwise"}
	case "simple protocol":
		for _, s := range []struct{ name, want string }{{"standard_conforming_strings", "on"}, {"client_encoding", "UTF8"}} {
			if is := pgxStatus(conn, s.name); is != "" && is != s.want {
				problems = append(problems, fmt.Sprintf("%s must be %s with pgx's simple_protocol, also for the role (ALTER ROLE)", s.name, s.want))
			}
		}
	}
	return problems
}

func pgxMode(conn reflect.Value) string {
	config := reflect.Indirect(callMethod(conn.MethodByName("Config")))
	if config.Kind() != reflect.Struct {
		return ""
	}
	if mode := config.FieldByName("DefaultQueryExecMode"); mode.IsValid() {
		return fmt.Sprint(mode)
	}
	return ""
}

// pgxStatus returns what the server has reported for the parameter, or "".
func pgxStatus(conn reflect.Value, parameter string) string {
	pgConn := callMethod(conn.MethodByName("PgConn"))
	if !pgConn.IsValid() {
		return ""
	}
	status := callMethod(pgConn.MethodByName("ParameterStatus"), reflect.ValueOf(parameter))
	if status.Kind() != reflect.String {
		return ""
	}
	return status.String()
}

// callMethod calls a method with one result. It returns the zero Value if there is no
// such method, or its signature differs.
func callMethod(method reflect.Value, args ...reflect.Value) reflect.Value {
	if !method.IsValid() || method.Type().NumOut() != 1 || method.Type().NumIn() != len(args) {
		return reflect.Value{}
	}
	for i, a := range args {
		if method.Type().In(i) != a.Type() {
			return reflect.Value{}
		}
	}
	return method.Call(args)[0]
}
