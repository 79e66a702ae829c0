-- +goose Up

-- One row a workspace: the seq of its newest change. Every transaction that
-- appends to the feed updates the row, so most of its page stays free: the next
-- version always fits on the same page and no index is touched.
CREATE TABLE feed_head (
	ws  int    NOT NULL PRIMARY KEY,
	seq bigint NOT NULL
) WITH (fillfactor = 10);

-- The feed: seq is dense within a workspace, body is a change as zstd JSON.
CREATE TABLE change (
	ws   int    NOT NULL,
	seq  bigint NOT NULL,
	body bytea  NOT NULL,
	PRIMARY KEY (ws, seq)
);

-- Records. An id is bytes, not text: some come from strangers, and a text of
-- PostgreSQL takes neither NUL nor what is not UTF-8. A body is zstd JSON where
-- nothing else is said, which PostgreSQL need not try to compress once more.
CREATE TABLE meta      (ws int NOT NULL, id bytea NOT NULL, body bytea NOT NULL, PRIMARY KEY (ws, id));
CREATE TABLE judgement (ws int NOT NULL, id bytea NOT NULL, body bytea NOT NULL, PRIMARY KEY (ws, id));
CREATE TABLE appeal    (ws int NOT NULL, id bytea NOT NULL, body bytea NOT NULL, PRIMARY KEY (ws, id));
CREATE TABLE page      (ws int NOT NULL, id bytea NOT NULL, body bytea NOT NULL, PRIMARY KEY (ws, id));
CREATE TABLE counters  (ws int NOT NULL, id bytea NOT NULL, body bytea NOT NULL, PRIMARY KEY (ws, id));
CREATE TABLE conflict  (ws int NOT NULL, id bytea NOT NULL, body bytea NOT NULL, PRIMARY KEY (ws, id));
CREATE TABLE number    (ws int NOT NULL, id bytea NOT NULL, body bytea NOT NULL, PRIMARY KEY (ws, id));
CREATE TABLE device    (ws int NOT NULL, id bytea NOT NULL, body bytea NOT NULL, PRIMARY KEY (ws, id));
CREATE TABLE secret    (ws int NOT NULL, id bytea NOT NULL, body bytea NOT NULL, PRIMARY KEY (ws, id));
CREATE TABLE code      (ws int NOT NULL, id bytea NOT NULL, body bytea NOT NULL, PRIMARY KEY (ws, id));

-- The body of a nonce is the Unix second it may be forgotten after: 8 bytes,
-- big-endian, so that bytes have the order of time.
CREATE TABLE nonce     (ws int NOT NULL, id bytea NOT NULL, body bytea NOT NULL, PRIMARY KEY (ws, id));
CREATE INDEX nonce_ends ON nonce (ws, body);

-- What is packed already PostgreSQL need not try to compress once more.
ALTER TABLE change   ALTER COLUMN body SET STORAGE EXTERNAL;
ALTER TABLE appeal   ALTER COLUMN body SET STORAGE EXTERNAL;
ALTER TABLE page     ALTER COLUMN body SET STORAGE EXTERNAL;
ALTER TABLE counters ALTER COLUMN body SET STORAGE EXTERNAL;
ALTER TABLE conflict ALTER COLUMN body SET STORAGE EXTERNAL;
