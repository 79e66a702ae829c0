package postgres

import (
	"encoding/binary"
	"encoding/json"
	"fmt"

	"otklik/pack"
)

// table is the name of a table of records: ws, id, body.
type table string

// Tables, and what their ids are.
const (
	tableMeta       table = "meta"         // name
	tableJudgements table = "judgement"    // ID of the operation
	tableIssued     table = "issued"       // device, incarnation 4 bytes, number 8 bytes; the body is the operation's ID
	tableAppeals    table = "appeal"       // ID
	tablePages      table = "page"         // ID
	tableTables     table = "region_table" // name
	tableCounters   table = "counters"     // day, YYYY-MM-DD
	tableConflicts  table = "conflict"     // ID of the appeal; the body is all its conflicts
	tableNumbers    table = "number"       // year
	tableUploads    table = "upload"       // ID of the device
	tableBlobs      table = "blob"         // SHA-256
	tablePieces     table = "piece"        // ID of the upload, number 4 bytes; the body is the piece itself
	tableItems      table = "item"         // shelf, NUL, ID
	tableDevices    table = "device"       // ID
	tableSecrets    table = "secret"       // name; the body is the secret itself
	tableCodes      table = "code"         // hash
	tableEntered    table = "entered"      // seq, 8 bytes
	tableNonces     table = "nonce"        // device, NUL, nonce; the body is when it ends
)

// Names of records of tableMeta.
const (
	lineage = "lineage"
	safe    = "safe"
	backups = "backups"
)

// Statements over a table of records: $1 is the workspace.
const (
	sqlOne    = `SELECT body FROM %s WHERE ws = $1 AND id = $2`
	sqlIDs    = `SELECT id FROM %s WHERE ws = $1 ORDER BY id`
	sqlAfter  = `SELECT id FROM %s WHERE ws = $1 AND id > $2 AND id < $3 ORDER BY id LIMIT $4`
	sqlAll    = `SELECT body FROM %s WHERE ws = $1 ORDER BY id`
	sqlHold   = `SELECT id, body FROM %s WHERE ws = $1 AND id = ANY($2::bytea[]) ORDER BY id FOR UPDATE`
	sqlInsert = `INSERT INTO %s (ws, id, body) SELECT $1::int, u.id, u.body FROM unnest($2::bytea[], $3::bytea[]) AS u (id, body)`
	sqlPut    = sqlInsert + ` ON CONFLICT (ws, id) DO UPDATE SET body = excluded.body`
	sqlRemove = `DELETE FROM %s WHERE ws = $1 AND id = ANY($2::bytea[])`
)

func (t table) sql(statement string) string { return fmt.Sprintf(statement, string(t)) }

// number puts n so that bytes have the order of numbers.
func number(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// encode gives the value as packed JSON.
func encode(v any) ([]byte, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	return pack.Bytes(plain), nil
}

// decode reads what encode gave.
func decode[T any](packed []byte) (v T, err error) {
	plain, err := pack.Open(packed)
	if err == nil {
		err = json.Unmarshal(plain, &v)
	}
	if err != nil {
		return v, fmt.Errorf("decode a record: %w", err)
	}
	return v, nil
}
