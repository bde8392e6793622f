package sqlstore

import (
	"reflect"
	"testing"
)

// pgxShaped has the methods of a *pgx.Conn that are asked, and others.
type pgxShaped struct{ mode string }

type pgxConfig struct{ DefaultQueryExecMode string }

func (c *pgxShaped) Config() *pgxConfig                      { return &pgxConfig{c.mode} }
func (c *pgxShaped) PgConn() *pgxShaped                      { return c }
func (c *pgxShaped) ParameterStatus(parameter string) string { return "the " + parameter }
func (c *pgxShaped) Two() (string, string)                   { return "one", "two" }

// otherShape is what another release of pgx might be.
type otherShape struct{}

func (otherShape) Config() string             { return "" }
func (otherShape) PgConn() otherShape         { return otherShape{} }
func (otherShape) ParameterStatus(string) int { return 1 }

func TestPgxShapes(t *testing.T) {
	ours, other := reflect.ValueOf(&pgxShaped{"exec"}), reflect.ValueOf(otherShape{})
	for got, want := range map[string]string{
		pgxMode(ours): "exec", pgxStatus(ours, "encoding"): "the encoding",
		"mode " + pgxMode(other): "mode ", "status " + pgxStatus(other, "encoding"): "status ",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// A method of another signature is not called.
func TestCallMethod(t *testing.T) {
	conn, text := reflect.ValueOf(&pgxShaped{}), reflect.ValueOf("encoding")
	for _, tt := range []struct {
		method string
		args   []reflect.Value
		called bool
	}{
		{"ParameterStatus", []reflect.Value{text}, true},
		{"PgConn", nil, true},
		{"None", nil, false},
		{"Two", nil, false},
		{"ParameterStatus", nil, false},
		{"ParameterStatus", []reflect.Value{text, text}, false},
		{"ParameterStatus", []reflect.Value{reflect.ValueOf(1)}, false},
	} {
		if got := callMethod(conn.MethodByName(tt.method), tt.args...); got.IsValid() != tt.called {
			t.Errorf("%s of %d arguments is called: %t", tt.method, len(tt.args), got.IsValid())
		}
	}
}

// What is no connection of pgx is asked nothing.
func TestNoPgx(t *testing.T) {
	for _, conn := range []any{nil, 1, pgxShaped{}, &pgxShaped{"describe exec"}, wrappedPgx{}, &wrappedPgx{}} {
		if got := pgxProblems(conn); got != nil {
			t.Errorf("%T: %v", conn, got)
		}
	}
}

type wrappedPgx struct{}

func (wrappedPgx) Conn() *pgxShaped { return &pgxShaped{"describe exec"} }
