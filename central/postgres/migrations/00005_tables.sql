-- +goose Up

-- The region's tables that somebody has changed, by their names.
CREATE TABLE region_table (ws int NOT NULL, id bytea NOT NULL, body bytea NOT NULL, PRIMARY KEY (ws, id));
