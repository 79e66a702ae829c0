-- +goose Up

-- Shelves of channels: what came in, what goes out, and what of both is done. The id
-- is the shelf, NUL, the ID; the body is packed.
CREATE TABLE item (ws int NOT NULL, id bytea NOT NULL, body bytea NOT NULL, PRIMARY KEY (ws, id));
ALTER TABLE item ALTER COLUMN body SET STORAGE EXTERNAL;
