-- +goose Up
CREATE TABLE accounts (
	account_id            INTEGER PRIMARY KEY,
	uuid                  TEXT NOT NULL UNIQUE,
	tenant_id             TEXT NOT NULL,
	registered_at         TEXT NOT NULL,
	deleted_at            TEXT,
	given_name            TEXT,
	family_name           TEXT,
	mail                  TEXT,
	phone                 TEXT,
	avatar_url            TEXT,
	gender                TEXT,
	born                  TEXT,
	country               TEXT,
	city                  TEXT,
	street                TEXT,
	house_no              TEXT,
	house_no_is_number    INTEGER NOT NULL DEFAULT 0,
	address_extra         TEXT,
	region                TEXT,
	postcode              TEXT,
	postcode_is_number    INTEGER NOT NULL DEFAULT 0,
	language              TEXT
) STRICT;
-- JOHN@example.com is john@example.com. The address of a deleted account is free again.
CREATE UNIQUE INDEX accounts_tenant_id_mail ON accounts (tenant_id, lower(mail)) WHERE deleted_at IS NULL;

CREATE TABLE outbox (
	event_id  INTEGER PRIMARY KEY AUTOINCREMENT,
	tenant_id TEXT NOT NULL,
	account   TEXT NOT NULL,
	action    TEXT NOT NULL,
	changed   TEXT NOT NULL
) STRICT;

CREATE TABLE audit (
	audit_id  INTEGER PRIMARY KEY,
	at        TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')), -- as in accounts
	tenant_id TEXT NOT NULL,
	actor     TEXT NOT NULL,
	account   TEXT NOT NULL,
	action    TEXT NOT NULL,
	changed   TEXT NOT NULL
) STRICT;

-- +goose Down
DROP TABLE audit;
DROP TABLE outbox;
DROP TABLE accounts;
