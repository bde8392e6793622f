-- +goose Up
CREATE TABLE accounts (
	account_id            bigserial PRIMARY KEY,
	uuid                  uuid NOT NULL UNIQUE,
	tenant_id             text NOT NULL,
	registered_at         timestamptz NOT NULL,
	deleted_at            timestamptz,
	given_name            text,
	family_name           text,
	mail                  text,
	phone                 text,
	avatar_url            text,
	gender                text,
	born                  date,
	country               text,
	city                  text,
	street                text,
	house_no              text,
	house_no_is_number    boolean NOT NULL DEFAULT false,
	address_extra         text,
	region                text,
	postcode              text,
	postcode_is_number    boolean NOT NULL DEFAULT false,
	language              text
);
-- JOHN@example.com is john@example.com. The address of a deleted account is free again.
CREATE UNIQUE INDEX accounts_tenant_id_mail ON accounts (tenant_id, lower(mail)) WHERE deleted_at IS NULL;

CREATE TABLE outbox (
	event_id  bigserial PRIMARY KEY,
	tenant_id text NOT NULL,
	account   uuid NOT NULL,
	action    text NOT NULL,
	changed   text NOT NULL
);

CREATE TABLE audit (
	audit_id  bigserial PRIMARY KEY,
	at        timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
	tenant_id text NOT NULL,
	actor     text NOT NULL,
	account   uuid NOT NULL,
	action    text NOT NULL,
	changed   text NOT NULL
);

-- +goose Down
DROP TABLE audit;
DROP TABLE outbox;
DROP TABLE accounts;
