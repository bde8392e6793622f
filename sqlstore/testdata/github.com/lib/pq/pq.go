// Package pq stands for a vendored github.com/lib/pq.
package pq

import "database/sql/driver"

// Driver is a driver that opens nothing.
type Driver struct{}

// Open implements [driver.Driver].
func (Driver) Open(string) (driver.Conn, error) { return nil, driver.ErrBadConn }
