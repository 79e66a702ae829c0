// Package postgres keeps what a central API knows in a PostgreSQL database, for
// any number of server processes over it.
//
// The map of the package:
//
//	storage.go  opening, connections, transactions and their repetition
//	migrate.go  the tables, brought up to date at opening
//	table.go    tables of records, and the statements over them
//	reader.go   central.Reader over anywhere records are found
//	snapshot.go records as one moment of the database has them
//	files.go    attachments, among the other records
//	attempt.go  a transaction: rehearsed without locks, then held and written
//	writer.go   central.Tx over an attempt
//	watch.go    growth of the feed by other servers
//
// It may know: central's Storage, the domain's types, pgx, goose and pack. It
// may not know: HTTP, how operations are judged, who asks.
package postgres
