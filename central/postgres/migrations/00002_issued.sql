-- +goose Up

-- Which operation a device sent under a number of one of its incarnations; the
-- body is the operation's ID.
CREATE TABLE issued (ws int NOT NULL, id bytea NOT NULL, body bytea NOT NULL, PRIMARY KEY (ws, id));
