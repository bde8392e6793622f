-- get
SELECT id, DATE_FORMAT(created_at, '%Y-%m-%d %H:%i:%s.%f'), first_name, last_name, email, phone_number, picture_url, gender, birth_date, country, locality, street, house_no, house_no_is_number, additional_address_link, region, postal_code, postal_code_is_number, locale, zone_info FROM `users` WHERE id = ?;

-- lock
SELECT id, DATE_FORMAT(created_at, '%Y-%m-%d %H:%i:%s.%f'), first_name, last_name, email, phone_number, picture_url, gender, birth_date, country, locality, street, house_no, house_no_is_number, additional_address_link, region, postal_code, postal_code_is_number, locale, zone_info FROM `users` WHERE id = ? FOR UPDATE;

-- insert
INSERT INTO `users` (id, created_at, first_name, last_name, email, phone_number, picture_url, gender, birth_date, country, locality, street, house_no, house_no_is_number, additional_address_link, region, postal_code, postal_code_is_number, locale, zone_info) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- insert, unless the id is taken
INSERT INTO `users` (id, created_at, first_name, last_name, email, phone_number, picture_url, gender, birth_date, country, locality, street, house_no, house_no_is_number, additional_address_link, region, postal_code, postal_code_is_number, locale, zone_info) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- insert of two
INSERT INTO `users` (id, created_at, first_name, last_name, email, phone_number, picture_url, gender, birth_date, country, locality, street, house_no, house_no_is_number, additional_address_link, region, postal_code, postal_code_is_number, locale, zone_info) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- replace
UPDATE `users` SET first_name = ?, last_name = ?, email = ?, phone_number = ?, picture_url = ?, gender = ?, birth_date = ?, country = ?, locality = ?, street = ?, house_no = ?, house_no_is_number = ?, additional_address_link = ?, region = ?, postal_code = ?, postal_code_is_number = ?, locale = ?, zone_info = ?, created_at = COALESCE(?, created_at) WHERE id = ?;

-- delete
DELETE FROM `users` WHERE id = ?;

-- page
SELECT id, DATE_FORMAT(created_at, '%Y-%m-%d %H:%i:%s.%f'), first_name, last_name, email, phone_number, picture_url, gender, birth_date, country, locality, street, house_no, house_no_is_number, additional_address_link, region, postal_code, postal_code_is_number, locale, zone_info FROM `users` WHERE id > ? ORDER BY id LIMIT 500;

-- patch of two attributes
UPDATE `users` SET first_name = ?, house_no = ?, house_no_is_number = ? WHERE id = ?;

-- patch of all
UPDATE `users` SET first_name = ?, last_name = ?, email = ?, phone_number = ?, picture_url = ?, gender = ?, birth_date = ?, country = ?, locality = ?, street = ?, house_no = ?, house_no_is_number = ?, additional_address_link = ?, region = ?, postal_code = ?, postal_code_is_number = ?, locale = ?, zone_info = ? WHERE id = ?;

-- patch of an address that is null
UPDATE `users` SET country = ?, locality = ?, street = ?, house_no = ?, house_no_is_number = ?, additional_address_link = ?, region = ?, postal_code = ?, postal_code_is_number = ? WHERE id = ?;

-- delete, in a schema
DELETE FROM `app`.`Users_2` WHERE id = ?;

-- migration 1, users
CREATE TABLE IF NOT EXISTS `app`.`Users_2` (
	id                      CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
	created_at              DATETIME(6) NOT NULL,
	first_name              TEXT,
	last_name               TEXT,
	email                   VARCHAR(254),
	phone_number            TEXT,
	picture_url             TEXT,
	gender                  TEXT,
	birth_date              TEXT,
	country                 TEXT,
	locality                TEXT,
	street                  TEXT,
	house_no                TEXT,
	house_no_is_number      BOOLEAN NOT NULL DEFAULT FALSE,
	additional_address_link TEXT,
	region                  TEXT,
	postal_code             TEXT,
	postal_code_is_number   BOOLEAN NOT NULL DEFAULT FALSE,
	locale                  TEXT,
	zone_info               TEXT
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- mapped, get
SELECT `uuid`, DATE_FORMAT(`created`, '%Y-%m-%d %H:%i:%s.%f'), `given_name`, `order`, `mail`, `phone_number`, `picture_url`, `gender`, DATE_FORMAT(`birth_date`, '%Y-%m-%d'), `country`, `locality`, `street`, `houseNo`, `houseNoIsNumber`, NULL, `region`, `zip`, FALSE, `locale`, NULL FROM `app`.`accounts` WHERE `uuid` = ? AND `tenant_id` = ? AND `deleted_at` IS NULL;

-- mapped, lock
SELECT `uuid`, DATE_FORMAT(`created`, '%Y-%m-%d %H:%i:%s.%f'), `given_name`, `order`, `mail`, `phone_number`, `picture_url`, `gender`, DATE_FORMAT(`birth_date`, '%Y-%m-%d'), `country`, `locality`, `street`, `houseNo`, `houseNoIsNumber`, NULL, `region`, `zip`, FALSE, `locale`, NULL FROM `app`.`accounts` WHERE `uuid` = ? AND `tenant_id` = ? AND `deleted_at` IS NULL FOR UPDATE;

-- mapped, insert
INSERT INTO `app`.`accounts` (`uuid`, `created`, `given_name`, `order`, `mail`, `phone_number`, `picture_url`, `gender`, `birth_date`, `country`, `locality`, `street`, `houseNo`, `houseNoIsNumber`, `region`, `zip`, `locale`, `tenant_id`, `deleted_at`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL);

-- mapped, replace
UPDATE `app`.`accounts` SET `given_name` = ?, `order` = ?, `mail` = ?, `phone_number` = ?, `picture_url` = ?, `gender` = ?, `birth_date` = ?, `country` = ?, `locality` = ?, `street` = ?, `houseNo` = ?, `houseNoIsNumber` = ?, `region` = ?, `zip` = ?, `locale` = ?, `created` = COALESCE(?, `created`) WHERE `uuid` = ? AND `tenant_id` = ? AND `deleted_at` IS NULL;

-- mapped, delete
DELETE FROM `app`.`accounts` WHERE `uuid` = ? AND `tenant_id` = ? AND `deleted_at` IS NULL;

-- mapped, page
SELECT `uuid`, DATE_FORMAT(`created`, '%Y-%m-%d %H:%i:%s.%f'), `given_name`, `order`, `mail`, `phone_number`, `picture_url`, `gender`, DATE_FORMAT(`birth_date`, '%Y-%m-%d'), `country`, `locality`, `street`, `houseNo`, `houseNoIsNumber`, NULL, `region`, `zip`, FALSE, `locale`, NULL FROM `app`.`accounts` WHERE `uuid` > ? AND `tenant_id` = ? AND `deleted_at` IS NULL ORDER BY `uuid` LIMIT 500;

-- mapped, a user for Check
SELECT `uuid`, DATE_FORMAT(`created`, '%Y-%m-%d %H:%i:%s.%f'), `given_name`, `order`, `mail`, `phone_number`, `picture_url`, `gender`, DATE_FORMAT(`birth_date`, '%Y-%m-%d'), `country`, `locality`, `street`, `houseNo`, `houseNoIsNumber`, NULL, `region`, `zip`, FALSE, `locale`, NULL FROM `app`.`accounts` WHERE `uuid` > ? AND `tenant_id` = ? AND `deleted_at` IS NULL ORDER BY `uuid` LIMIT 1 FOR UPDATE SKIP LOCKED;

-- mapped, measure
SELECT CONCAT(CHAR_LENGTH(v), ' ', OCTET_LENGTH(v)) FROM (SELECT `order` AS v FROM `app`.`accounts` WHERE `uuid` = ? AND `tenant_id` = ? AND `deleted_at` IS NULL) AS probe;

-- mapped, patch
UPDATE `app`.`accounts` SET `mail` = ?, `houseNo` = ?, `houseNoIsNumber` = ?, `zip` = ? WHERE `uuid` = ? AND `tenant_id` = ? AND `deleted_at` IS NULL;

-- mapped, migration 1, users
CREATE TABLE IF NOT EXISTS `app`.`accounts` (
	`uuid` CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
	`created` DATETIME(6) NOT NULL,
	`given_name` TEXT,
	`order` TEXT,
	`mail` VARCHAR(254),
	`phone_number` TEXT,
	`picture_url` TEXT,
	`gender` TEXT,
	`birth_date` date,
	`country` TEXT,
	`locality` TEXT,
	`street` TEXT,
	`houseNo` TEXT,
	`houseNoIsNumber` BOOLEAN NOT NULL DEFAULT FALSE,
	`region` TEXT,
	`zip` TEXT,
	`locale` TEXT
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
