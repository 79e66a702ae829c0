-- +goose Up

-- Whom a change is a matter of (central.Reach): tags of the device it is of, and
-- of the municipality of its appeal before it and after it. 0 where it was
-- written before this was kept.
ALTER TABLE change
	ADD COLUMN author bigint NOT NULL DEFAULT 0,
	ADD COLUMN came   bigint NOT NULL DEFAULT 0,
	ADD COLUMN went   bigint NOT NULL DEFAULT 0;

-- What a device is told instead of a change that takes an appeal into its scope.
-- The id is the seq: 8 bytes, big-endian.
CREATE TABLE entered (ws int NOT NULL, id bytea NOT NULL, body bytea NOT NULL, PRIMARY KEY (ws, id));
ALTER TABLE entered ALTER COLUMN body SET STORAGE EXTERNAL;
