package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"strings"
	"testing"

	"github.com/userrecord/userrecord/sqlstore/testdata/github.com/lib/pq"
)

type otherDriver struct{ driver.Driver }

// drivenBy is the connector of a driver.
type drivenBy struct{ driver driver.Driver }

func (d drivenBy) Driver() driver.Driver                        { return d.driver }
func (d drivenBy) Connect(context.Context) (driver.Conn, error) { return nil, driver.ErrBadConn }

// New refuses lib/pq, also where it is vendored, and no other driver.
func TestRefusedDriver(t *testing.T) {
	for _, tt := range []struct {
		driver  driver.Driver
		refused bool
	}{
		{pq.Driver{}, true}, {&pq.Driver{}, true}, {otherDriver{}, false}, {&otherDriver{}, false}, {nil, false},
	} {
		db := sql.OpenDB(drivenBy{tt.driver})
		defer db.Close()
		_, err := New(db, PostgreSQL, nil)
		if refused := err != nil && strings.Contains(err.Error(), "lib/pq"); refused != tt.refused || !refused && err != nil {
			t.Errorf("%T: %v, refused: %t", tt.driver, err, tt.refused)
		}
	}
}
