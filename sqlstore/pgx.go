package sqlstore

import (
	"fmt"
	"reflect"
	"strings"
)

// pgxProblem refuses the mode of pgx that describes a statement in one round trip
// and executes it, unnamed, in the next: behind a pooler the statement may be
// another client's by then, so that users get each other's values. A connection
// that another driver wraps is not looked into.
func pgxProblem(driverConn any) string {
	v := reflect.ValueOf(driverConn)
	if v.Kind() != reflect.Pointer || !strings.HasPrefix(v.Type().Elem().PkgPath(), "github.com/jackc/pgx/") {
		return ""
	}
	conn, ok := result(v.MethodByName("Conn")) // of stdlib.Conn, a *pgx.Conn
	if !ok {
		return ""
	}
	config, ok := result(conn.MethodByName("Config"))
	if !ok || reflect.Indirect(config).Kind() != reflect.Struct {
		return ""
	}
	mode := reflect.Indirect(config).FieldByName("DefaultQueryExecMode")
	if !mode.IsValid() || fmt.Sprint(mode) != "describe exec" {
		return ""
	}
	return "pgx's default_query_exec_mode must not be describe_exec: behind a pooler it executes the statements of others; use exec, cache_describe or simple_protocol there, and the default otherwise"
}

// result calls a method without arguments and with one result.
func result(method reflect.Value) (reflect.Value, bool) {
	if !method.IsValid() || method.Type().NumIn() != 0 || method.Type().NumOut() != 1 {
		return reflect.Value{}, false
	}
	return method.Call(nil)[0], true
}
