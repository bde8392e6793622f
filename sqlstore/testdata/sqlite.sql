-- get
SELECT id, created_at, first_name, last_name, email, phone_number, picture_url, gender, birth_date, country, locality, street, house_no, house_no_is_number, additional_address_link, region, postal_code, postal_code_is_number, locale, zone_info FROM "users" WHERE id = ?;

-- lock
SELECT id, created_at, first_name, last_name, email, phone_number, picture_url, gender, birth_date, country, locality, street, house_no, house_no_is_number, additional_address_link, region, postal_code, postal_code_is_number, locale, zone_info FROM "users" WHERE id = ?;

-- take the write lock
UPDATE "users" SET id = id WHERE 0;

-- insert
INSERT INTO "users" (id, created_at, first_name, last_name, email, phone_number, picture_url, gender, birth_date, country, locality, street, house_no, house_no_is_number, additional_address_link, region, postal_code, postal_code_is_number, locale, zone_info) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- insert, unless the id is taken
INSERT INTO "users" (id, created_at, first_name, last_name, email, phone_number, picture_url, gender, birth_date, country, locality, street, house_no, house_no_is_number, additional_address_link, region, postal_code, postal_code_is_number, locale, zone_info) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING;

-- insert of two
INSERT OR FAIL INTO "users" (id, created_at, first_name, last_name, email, phone_number, picture_url, gender, birth_date, country, locality, street, house_no, house_no_is_number, additional_address_link, region, postal_code, postal_code_is_number, locale, zone_info) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- replace
UPDATE "users" SET first_name = ?, last_name = ?, email = ?, phone_number = ?, picture_url = ?, gender = ?, birth_date = ?, country = ?, locality = ?, street = ?, house_no = ?, house_no_is_number = ?, additional_address_link = ?, region = ?, postal_code = ?, postal_code_is_number = ?, locale = ?, zone_info = ?, created_at = COALESCE(?, created_at) WHERE id = ? RETURNING id, created_at, first_name, last_name, email, phone_number, picture_url, gender, birth_date, country, locality, street, house_no, house_no_is_number, additional_address_link, region, postal_code, postal_code_is_number, locale, zone_info;

-- delete
DELETE FROM "users" WHERE id = ?;

-- page
SELECT id, created_at, first_name, last_name, email, phone_number, picture_url, gender, birth_date, country, locality, street, house_no, house_no_is_number, additional_address_link, region, postal_code, postal_code_is_number, locale, zone_info FROM "users" WHERE id > ? ORDER BY id LIMIT 500;

-- patch of two attributes
UPDATE "users" SET first_name = ?, house_no = ?, house_no_is_number = ? WHERE id = ? RETURNING id, created_at, first_name, last_name, email, phone_number, picture_url, gender, birth_date, country, locality, street, house_no, house_no_is_number, additional_address_link, region, postal_code, postal_code_is_number, locale, zone_info;

-- patch of all
UPDATE "users" SET first_name = ?, last_name = ?, email = ?, phone_number = ?, picture_url = ?, gender = ?, birth_date = ?, country = ?, locality = ?, street = ?, house_no = ?, house_no_is_number = ?, additional_address_link = ?, region = ?, postal_code = ?, postal_code_is_number = ?, locale = ?, zone_info = ? WHERE id = ? RETURNING id, created_at, first_name, last_name, email, phone_number, picture_url, gender, birth_date, country, locality, street, house_no, house_no_is_number, additional_address_link, region, postal_code, postal_code_is_number, locale, zone_info;

-- patch of an address that is null
UPDATE "users" SET country = ?, locality = ?, street = ?, house_no = ?, house_no_is_number = ?, additional_address_link = ?, region = ?, postal_code = ?, postal_code_is_number = ? WHERE id = ? RETURNING id, created_at, first_name, last_name, email, phone_number, picture_url, gender, birth_date, country, locality, street, house_no, house_no_is_number, additional_address_link, region, postal_code, postal_code_is_number, locale, zone_info;

-- delete, in a schema
DELETE FROM "app"."Users_2" WHERE id = ?;

-- migration 1, users
CREATE TABLE IF NOT EXISTS "app"."Users_2" (
	id                      TEXT NOT NULL PRIMARY KEY,
	created_at              TEXT NOT NULL,
	first_name              TEXT,
	last_name               TEXT,
	email                   TEXT,
	phone_number            TEXT,
	picture_url             TEXT,
	gender                  TEXT,
	birth_date              TEXT,
	country                 TEXT,
	locality                TEXT,
	street                  TEXT,
	house_no                TEXT,
	house_no_is_number      INTEGER NOT NULL DEFAULT 0,
	additional_address_link TEXT,
	region                  TEXT,
	postal_code             TEXT,
	postal_code_is_number   INTEGER NOT NULL DEFAULT 0,
	locale                  TEXT,
	zone_info               TEXT
) STRICT;

-- mapped, get
SELECT `uuid`, `created`, `given_name`, `order`, `mail`, `phone_number`, `picture_url`, `gender`, CAST(`birth_date` AS TEXT), `country`, `locality`, `street`, `houseNo`, `houseNoIsNumber`, NULL, `region`, `zip`, FALSE, `locale`, NULL FROM "app"."accounts" WHERE `uuid` = ? AND `tenant_id` = ? AND `deleted_at` IS NULL;

-- mapped, lock
SELECT `uuid`, `created`, `given_name`, `order`, `mail`, `phone_number`, `picture_url`, `gender`, CAST(`birth_date` AS TEXT), `country`, `locality`, `street`, `houseNo`, `houseNoIsNumber`, NULL, `region`, `zip`, FALSE, `locale`, NULL FROM "app"."accounts" WHERE `uuid` = ? AND `tenant_id` = ? AND `deleted_at` IS NULL;

-- mapped, take the write lock
UPDATE "app"."accounts" SET `uuid` = `uuid` WHERE 0;

-- mapped, insert
INSERT INTO "app"."accounts" (`uuid`, `created`, `given_name`, `order`, `mail`, `phone_number`, `picture_url`, `gender`, `birth_date`, `country`, `locality`, `street`, `houseNo`, `houseNoIsNumber`, `region`, `zip`, `locale`, `tenant_id`, `deleted_at`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL);

-- mapped, replace
UPDATE "app"."accounts" SET `given_name` = ?, `order` = ?, `mail` = ?, `phone_number` = ?, `picture_url` = ?, `gender` = ?, `birth_date` = ?, `country` = ?, `locality` = ?, `street` = ?, `houseNo` = ?, `houseNoIsNumber` = ?, `region` = ?, `zip` = ?, `locale` = ?, `created` = COALESCE(?, `created`) WHERE `uuid` = ? AND `tenant_id` = ? AND `deleted_at` IS NULL RETURNING `uuid`, `created`, `given_name`, `order`, `mail`, `phone_number`, `picture_url`, `gender`, CAST(`birth_date` AS TEXT), `country`, `locality`, `street`, `houseNo`, `houseNoIsNumber`, NULL, `region`, `zip`, FALSE, `locale`, NULL;

-- mapped, delete
DELETE FROM "app"."accounts" WHERE `uuid` = ? AND `tenant_id` = ? AND `deleted_at` IS NULL;

-- mapped, page
SELECT `uuid`, `created`, `given_name`, `order`, `mail`, `phone_number`, `picture_url`, `gender`, CAST(`birth_date` AS TEXT), `country`, `locality`, `street`, `houseNo`, `houseNoIsNumber`, NULL, `region`, `zip`, FALSE, `locale`, NULL FROM "app"."accounts" WHERE `uuid` > ? AND `tenant_id` = ? AND `deleted_at` IS NULL ORDER BY `uuid` LIMIT 500;

-- mapped, a user for Check
SELECT `uuid`, `created`, `given_name`, `order`, `mail`, `phone_number`, `picture_url`, `gender`, CAST(`birth_date` AS TEXT), `country`, `locality`, `street`, `houseNo`, `houseNoIsNumber`, NULL, `region`, `zip`, FALSE, `locale`, NULL FROM "app"."accounts" WHERE `uuid` > ? AND `tenant_id` = ? AND `deleted_at` IS NULL ORDER BY `uuid` LIMIT 1;

-- mapped, measure
SELECT length(v) FROM (SELECT `order` AS v FROM "app"."accounts" WHERE `uuid` = ? AND `tenant_id` = ? AND `deleted_at` IS NULL) AS probe;

-- mapped, patch
UPDATE "app"."accounts" SET `mail` = ?, `houseNo` = ?, `houseNoIsNumber` = ?, `zip` = ? WHERE `uuid` = ? AND `tenant_id` = ? AND `deleted_at` IS NULL RETURNING `uuid`, `created`, `given_name`, `order`, `mail`, `phone_number`, `picture_url`, `gender`, CAST(`birth_date` AS TEXT), `country`, `locality`, `street`, `houseNo`, `houseNoIsNumber`, NULL, `region`, `zip`, FALSE, `locale`, NULL;

-- mapped, migration 1, users
CREATE TABLE IF NOT EXISTS "app"."accounts" (
	"uuid" TEXT NOT NULL PRIMARY KEY,
	"created" TEXT NOT NULL,
	"given_name" TEXT,
	"order" TEXT,
	"mail" TEXT,
	"phone_number" TEXT,
	"picture_url" TEXT,
	"gender" TEXT,
	"birth_date" TEXT,
	"country" TEXT,
	"locality" TEXT,
	"street" TEXT,
	"houseNo" TEXT,
	"houseNoIsNumber" INTEGER NOT NULL DEFAULT 0,
	"region" TEXT,
	"zip" TEXT,
	"locale" TEXT
) STRICT;
