package sqlstore

import (
	"fmt"
	"reflect"
	"strings"
)

// pgxProblems says what is wrong with a connection of pgx, which tells its mode and
// what the server has reported. One that another driver wraps is not looked into.
//
// The mode describe_exec describes a statement in one round trip and executes it,
// unnamed, in the next: behind a pooler it may be another client's by then, so
// that users get each other's values. With simple_protocol pgx sends nothing at
// all where it would have to escape otherwise than it does, and gives an error
// that has no code.
func pgxProblems(driverConn any) (problems []string) {
	v := reflect.ValueOf(driverConn)
	if v.Kind() != reflect.Pointer || !strings.HasPrefix(v.Type().Elem().PkgPath(), "github.com/jackc/pgx/") {
		return nil
	}
	conn := call(v.MethodByName("Conn")) // of stdlib.Conn, a *pgx.Conn
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
	config := reflect.Indirect(call(conn.MethodByName("Config")))
	if config.Kind() != reflect.Struct {
		return ""
	}
	if mode := config.FieldByName("DefaultQueryExecMode"); mode.IsValid() {
		return fmt.Sprint(mode)
	}
	return ""
}

// pgxStatus returns what the server has reported of the parameter.
func pgxStatus(conn reflect.Value, parameter string) string {
	pgConn := call(conn.MethodByName("PgConn"))
	if !pgConn.IsValid() {
		return ""
	}
	status := call(pgConn.MethodByName("ParameterStatus"), reflect.ValueOf(parameter))
	if status.Kind() != reflect.String {
		return ""
	}
	return status.String()
}

// call calls a method of one result, and returns the zero Value where it is not
// there, or is another one.
func call(method reflect.Value, args ...reflect.Value) reflect.Value {
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
