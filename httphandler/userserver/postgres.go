//go:build !memory

package main

import (
	"database/sql/driver"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// connectPostgres accepts only a URL: almost any text is valid in the other form of pgx.
func connectPostgres(source string) (driver.Connector, error) {
	if !strings.HasPrefix(source, "postgres://") && !strings.HasPrefix(source, "postgresql://") {
		return nil, errForm
	}
	cfg, err := pgx.ParseConfig(source)
	if err != nil {
		return nil, err
	}
	if !strings.Contains(source, "connect_timeout") {
		cfg.ConnectTimeout = connectTimeout // instead of two minutes
	}
	return stdlib.GetConnector(*cfg), nil
}
