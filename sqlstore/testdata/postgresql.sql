-- get
SELECT id, to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z "AD'), first_name, last_name, email, phone_number, picture_url, gender, birth_date, country, locality, street, house_no, house_no_is_number, additional_address_link, region, postal_code, postal_code_is_number, locale, zone_info FROM "users" WHERE id = $1;

-- lock
SELECT id, to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z "AD'), first_name, last_name, email, phone_number, picture_url, gender, birth_date, country, locality, street, house_no, house_no_is_number, additional_address_link, region, postal_code, postal_code_is_number, locale, zone_info FROM "users" WHERE id = $1 FOR UPDATE;

-- insert
INSERT INTO "users" (id, created_at, first_name, last_name, email, phone_number, picture_url, gender, birth_date, country, locality, street, house_no, house_no_is_number, additional_address_link, region, postal_code, postal_code_is_number, locale, zone_info) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20) RETURNING (current_setting('synchronous_commit') <> 'off' OR set_config('synchronous_commit', 'on', true) = 'on');

-- insert, unless the id is taken
INSERT INTO "users" (id, created_at, first_name, last_name, email, phone_number, picture_url, gender, birth_date, country, locality, street, house_no, house_no_is_number, additional_address_link, region, postal_code, postal_code_is_number, locale, zone_info) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20) ON CONFLICT DO NOTHING RETURNING (current_setting('synchronous_commit') <> 'off' OR set_config('synchronous_commit', 'on', true) = 'on');

-- insert of two
INSERT INTO "users" (id, created_at, first_name, last_name, email, phone_number, picture_url, gender, birth_date, country, locality, street, house_no, house_no_is_number, additional_address_link, region, postal_code, postal_code_is_number, locale, zone_info) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20), ($21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40) RETURNING (current_setting('synchronous_commit') <> 'off' OR set_config('synchronous_commit', 'on', true) = 'on');

-- replace
UPDATE "users" SET first_name = $1, last_name = $2, email = $3, phone_number = $4, picture_url = $5, gender = $6, birth_date = $7, country = $8, locality = $9, street = $10, house_no = $11, house_no_is_number = $12, additional_address_link = $13, region = $14, postal_code = $15, postal_code_is_number = $16, locale = $17, zone_info = $18, created_at = COALESCE($19, created_at) WHERE id = $20 AND (current_setting('synchronous_commit') <> 'off' OR set_config('synchronous_commit', 'on', true) = 'on') RETURNING id, to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z "AD'), first_name, last_name, email, phone_number, picture_url, gender, birth_date, country, locality, street, house_no, house_no_is_number, additional_address_link, region, postal_code, postal_code_is_number, locale, zone_info;

-- delete
DELETE FROM "users" WHERE id = $1 AND (current_setting('synchronous_commit') <> 'off' OR set_config('synchronous_commit', 'on', true) = 'on');

-- page
SELECT id, to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z "AD'), first_name, last_name, email, phone_number, picture_url, gender, birth_date, country, locality, street, house_no, house_no_is_number, additional_address_link, region, postal_code, postal_code_is_number, locale, zone_info FROM "users" WHERE id > $1 ORDER BY id LIMIT 500;

-- patch of two attributes
UPDATE "users" SET first_name = $1, house_no = $2, house_no_is_number = $3 WHERE id = $4 AND (current_setting('synchronous_commit') <> 'off' OR set_config('synchronous_commit', 'on', true) = 'on') RETURNING id, to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z "AD'), first_name, last_name, email, phone_number, picture_url, gender, birth_date, country, locality, street, house_no, house_no_is_number, additional_address_link, region, postal_code, postal_code_is_number, locale, zone_info;

-- patch of all
UPDATE "users" SET first_name = $1, last_name = $2, email = $3, phone_number = $4, picture_url = $5, gender = $6, birth_date = $7, country = $8, locality = $9, street = $10, house_no = $11, house_no_is_number = $12, additional_address_link = $13, region = $14, postal_code = $15, postal_code_is_number = $16, locale = $17, zone_info = $18 WHERE id = $19 AND (current_setting('synchronous_commit') <> 'off' OR set_config('synchronous_commit', 'on', true) = 'on') RETURNING id, to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z "AD'), first_name, last_name, email, phone_number, picture_url, gender, birth_date, country, locality, street, house_no, house_no_is_number, additional_address_link, region, postal_code, postal_code_is_number, locale, zone_info;

-- patch of an address that is null
UPDATE "users" SET country = $1, locality = $2, street = $3, house_no = $4, house_no_is_number = $5, additional_address_link = $6, region = $7, postal_code = $8, postal_code_is_number = $9 WHERE id = $10 AND (current_setting('synchronous_commit') <> 'off' OR set_config('synchronous_commit', 'on', true) = 'on') RETURNING id, to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z "AD'), first_name, last_name, email, phone_number, picture_url, gender, birth_date, country, locality, street, house_no, house_no_is_number, additional_address_link, region, postal_code, postal_code_is_number, locale, zone_info;

-- delete, in a schema
DELETE FROM "app"."Users_2" WHERE id = $1 AND (current_setting('synchronous_commit') <> 'off' OR set_config('synchronous_commit', 'on', true) = 'on');

-- migration 1, users
CREATE TABLE IF NOT EXISTS "app"."Users_2" (
	id                      uuid NOT NULL PRIMARY KEY,
	created_at              timestamptz NOT NULL,
	first_name              text,
	last_name               text,
	email                   text,
	phone_number            text,
	picture_url             text,
	gender                  text,
	birth_date              text,
	country                 text,
	locality                text,
	street                  text,
	house_no                text,
	house_no_is_number      boolean NOT NULL DEFAULT false,
	additional_address_link text,
	region                  text,
	postal_code             text,
	postal_code_is_number   boolean NOT NULL DEFAULT false,
	locale                  text,
	zone_info               text
);

-- mapped, get
SELECT "uuid", to_char("created" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z "AD'), "given_name", "order", "mail", "phone_number", "picture_url", "gender", to_char("birth_date", 'YYYY-MM-DD'), "country", "locality", "street", "houseNo", "houseNoIsNumber", NULL, "region", "zip", FALSE, "locale", NULL FROM "app"."accounts" WHERE "uuid" = $1 AND "tenant_id" = $2 AND "deleted_at" IS NULL;

-- mapped, lock
SELECT "uuid", to_char("created" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z "AD'), "given_name", "order", "mail", "phone_number", "picture_url", "gender", to_char("birth_date", 'YYYY-MM-DD'), "country", "locality", "street", "houseNo", "houseNoIsNumber", NULL, "region", "zip", FALSE, "locale", NULL FROM "app"."accounts" WHERE "uuid" = $1 AND "tenant_id" = $2 AND "deleted_at" IS NULL FOR UPDATE;

-- mapped, insert
INSERT INTO "app"."accounts" ("uuid", "created", "given_name", "order", "mail", "phone_number", "picture_url", "gender", "birth_date", "country", "locality", "street", "houseNo", "houseNoIsNumber", "region", "zip", "locale", "tenant_id", "deleted_at") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, NULL) RETURNING (current_setting('synchronous_commit') <> 'off' OR set_config('synchronous_commit', 'on', true) = 'on');

-- mapped, replace
UPDATE "app"."accounts" SET "given_name" = $1, "order" = $2, "mail" = $3, "phone_number" = $4, "picture_url" = $5, "gender" = $6, "birth_date" = $7, "country" = $8, "locality" = $9, "street" = $10, "houseNo" = $11, "houseNoIsNumber" = $12, "region" = $13, "zip" = $14, "locale" = $15, "created" = COALESCE($16, "created") WHERE "uuid" = $17 AND "tenant_id" = $18 AND "deleted_at" IS NULL AND (SELECT 1 FROM "app"."accounts" WHERE "uuid" = $17 AND "tenant_id" = $18 AND "deleted_at" IS NULL) = 1 AND (current_setting('synchronous_commit') <> 'off' OR set_config('synchronous_commit', 'on', true) = 'on') RETURNING "uuid", to_char("created" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z "AD'), "given_name", "order", "mail", "phone_number", "picture_url", "gender", to_char("birth_date", 'YYYY-MM-DD'), "country", "locality", "street", "houseNo", "houseNoIsNumber", NULL, "region", "zip", FALSE, "locale", NULL;

-- mapped, delete
DELETE FROM "app"."accounts" WHERE "uuid" = $1 AND "tenant_id" = $2 AND "deleted_at" IS NULL AND (SELECT 1 FROM "app"."accounts" WHERE "uuid" = $1 AND "tenant_id" = $2 AND "deleted_at" IS NULL) = 1 AND (current_setting('synchronous_commit') <> 'off' OR set_config('synchronous_commit', 'on', true) = 'on');

-- mapped, page
SELECT "uuid", to_char("created" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z "AD'), "given_name", "order", "mail", "phone_number", "picture_url", "gender", to_char("birth_date", 'YYYY-MM-DD'), "country", "locality", "street", "houseNo", "houseNoIsNumber", NULL, "region", "zip", FALSE, "locale", NULL FROM "app"."accounts" WHERE "uuid" > $1 AND "tenant_id" = $2 AND "deleted_at" IS NULL ORDER BY "uuid" LIMIT 500;

-- mapped, a user for Check
SELECT "uuid", to_char("created" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z "AD'), "given_name", "order", "mail", "phone_number", "picture_url", "gender", to_char("birth_date", 'YYYY-MM-DD'), "country", "locality", "street", "houseNo", "houseNoIsNumber", NULL, "region", "zip", FALSE, "locale", NULL FROM "app"."accounts" WHERE "uuid" > $1 AND "tenant_id" = $2 AND "deleted_at" IS NULL ORDER BY "uuid" LIMIT 1 FOR UPDATE SKIP LOCKED;

-- mapped, measure
SELECT char_length(v) || ' ' || octet_length(v) FROM (SELECT "order" AS v FROM "app"."accounts" WHERE "uuid" = $1 AND "tenant_id" = $2 AND "deleted_at" IS NULL) AS probe;

-- mapped, patch
UPDATE "app"."accounts" SET "mail" = $1, "houseNo" = $2, "houseNoIsNumber" = $3, "zip" = $4 WHERE "uuid" = $5 AND "tenant_id" = $6 AND "deleted_at" IS NULL AND (SELECT 1 FROM "app"."accounts" WHERE "uuid" = $5 AND "tenant_id" = $6 AND "deleted_at" IS NULL) = 1 AND (current_setting('synchronous_commit') <> 'off' OR set_config('synchronous_commit', 'on', true) = 'on') RETURNING "uuid", to_char("created" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z "AD'), "given_name", "order", "mail", "phone_number", "picture_url", "gender", to_char("birth_date", 'YYYY-MM-DD'), "country", "locality", "street", "houseNo", "houseNoIsNumber", NULL, "region", "zip", FALSE, "locale", NULL;

-- mapped, migration 1, users
CREATE TABLE IF NOT EXISTS "app"."accounts" (
	"uuid" uuid NOT NULL PRIMARY KEY,
	"created" timestamptz NOT NULL,
	"given_name" text,
	"order" text,
	"mail" text,
	"phone_number" text,
	"picture_url" text,
	"gender" text,
	"birth_date" date,
	"country" text,
	"locality" text,
	"street" text,
	"houseNo" text,
	"houseNoIsNumber" boolean NOT NULL DEFAULT false,
	"region" text,
	"zip" text,
	"locale" text
);
