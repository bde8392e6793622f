package sqlstore

import "time"

// An instant scans a point in time in any of the forms that drivers return.
type instant time.Time

// instantLayouts are the forms as text, all in UTC. PostgreSQL adds the era, since a
// year BC is never valid. Each has its own length, so that only one is tried: a
// failed attempt costs more than a successful one.
var instantLayouts = [...]string{"2006-01-02T15:04:05.000000Z", "2006-01-02T15:04:05.000000Z AD", "2006-01-02 15:04:05.000000"}

// hostLayouts are the forms, in UTC where they do not say, in which hosts and drivers
// write times to a text column of their own: SQLite's CURRENT_TIMESTAMP is one. Parsing
// takes a fraction of a second with either.
var hostLayouts = [...]string{time.RFC3339, time.DateTime}

// Scan implements [sql.Scanner]. What a host has written may be finer than a
// microsecond, which is cut off.
func (t *instant) Scan(src any) error {
	switch v := src.(type) {
	case time.Time:
		*t = instant(v.UTC().Truncate(time.Microsecond))
		return nil
	case string:
		return t.parse(v)
	case []byte:
		return t.parse(string(v))
	}
	return corrupt("created_at", "")
}

func (t *instant) parse(s string) error {
	for _, layout := range instantLayouts {
		if len(layout) != len(s) {
			continue
		}
		if v, err := time.Parse(layout, s); err == nil {
			*t = instant(v)
			return nil
		}
	}
	for _, layout := range hostLayouts {
		if v, err := time.Parse(layout, s); err == nil {
			*t = instant(v.UTC().Truncate(time.Microsecond))
			return nil
		}
	}
	return corrupt("created_at", "")
}
