package sqlstore

import (
	"github.com/google/uuid"
	"github.com/userrecord/userrecord/userstore"
)

// What most tests want to know of the table that Migrate makes.

func assign(id uuid.UUID, patch userstore.Scalars) assignment { return migrated.assign(id, patch, nil) }

func assignAll(u userstore.User, keepCreatedAt bool, timeLayout string) assignment {
	return migrated.assignAll(u, keepCreatedAt, timeLayout, nil)
}

func insertArgs(u userstore.User, timeLayout string) []any {
	return migrated.insertArgs(u, timeLayout, nil)
}

func scanUser(from rowScanner) (userstore.User, error) { return migrated.scanUser(from) }
