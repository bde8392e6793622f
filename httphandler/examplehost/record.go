package main

import (
	"context"
	"database/sql"
	"strings"

	"github.com/google/uuid"
)

// record writes what was done to an account into the outbox, for others to know, and
// into the audit log, with who did it. Both have the names of attributes and no values.
// They are there if and only if tx is committed.
func record(ctx context.Context, tx *sql.Tx, account uuid.UUID, action string, changed []string) error {
	who, err := callerIn(ctx)
	if err != nil {
		return err
	}
	names := strings.Join(changed, " ")
	_, err = tx.ExecContext(ctx, "INSERT INTO outbox (tenant_id, account, action, changed) VALUES ($1, $2, $3, $4)",
		who.tenant, account.String(), action, names)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO audit (tenant_id, account, action, changed, actor) VALUES ($1, $2, $3, $4, $5)",
		who.tenant, account.String(), action, names, who.id.String())
	return err
}
