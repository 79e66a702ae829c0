// Package postgrestest starts a private PostgreSQL for a test.
//
// It may know: the operating system. It may not know: anything of the house.
package postgrestest
