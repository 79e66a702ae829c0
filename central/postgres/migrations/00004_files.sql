-- +goose Up

-- Attachments: the uploads of a device (a list), whole files by their hash, and
-- the bytes of both in pieces. The id of a piece is that of its upload and its
-- number, 4 bytes; its body is the piece itself.
CREATE TABLE upload (ws int NOT NULL, id bytea NOT NULL, body bytea NOT NULL, PRIMARY KEY (ws, id));
CREATE TABLE blob   (ws int NOT NULL, id bytea NOT NULL, body bytea NOT NULL, PRIMARY KEY (ws, id));
CREATE TABLE piece  (ws int NOT NULL, id bytea NOT NULL, body bytea NOT NULL, PRIMARY KEY (ws, id));

-- What people attach is packed already.
ALTER TABLE blob  ALTER COLUMN body SET STORAGE EXTERNAL;
ALTER TABLE piece ALTER COLUMN body SET STORAGE EXTERNAL;
