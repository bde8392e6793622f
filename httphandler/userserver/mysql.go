//go:build !memory

package main

import (
	"cmp"
	"database/sql/driver"
	"net"
	"net/url"
	"strings"

	"github.com/go-sql-driver/mysql"
)

func connectMySQL(source string) (driver.Connector, error) {
	cfg, err := parseMySQL(source)
	if err != nil {
		return nil, err
	}
	if cfg.DBName == "" {
		return nil, errForm
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = connectTimeout
	}
	cfg.Logger = new(mysql.NopLogger) // the same comes as an error, too
	return mysql.NewConnector(cfg)
}

// parseMySQL parses the driver's own form, or a URL.
func parseMySQL(source string) (*mysql.Config, error) {
	if !strings.HasPrefix(source, "mysql://") && !strings.HasPrefix(source, "mariadb://") {
		return parseDSN(source)
	}
	u, err := url.Parse(source)
	if err != nil {
		return nil, err
	}
	if u.Hostname() == "" {
		return nil, errForm
	}
	port := cmp.Or(u.Port(), "3306")
	// The driver parses the parameters. There a slash would end the address.
	cfg, err := parseDSN("tcp(" + net.JoinHostPort(u.Hostname(), port) + ")/?" + strings.ReplaceAll(u.RawQuery, "/", "%2F"))
	if err != nil {
		return nil, err
	}
	cfg.User = u.User.Username()
	cfg.Passwd, _ = u.User.Password()
	cfg.DBName = strings.TrimPrefix(u.Path, "/")
	return cfg, nil
}

// parseDSN is [mysql.ParseDSN], which panics at an obsolete parameter.
func parseDSN(source string) (cfg *mysql.Config, err error) {
	defer func() {
		if recover() != nil {
			err = errForm
		}
	}()
	return mysql.ParseDSN(source)
}
