// Package e2e drives the built programs from outside, as people and accidents
// do: a window under Xvfb, a server that goes away, a process that is killed.
//
// It may know of the program's packages the wire types, the PostgreSQL of tests
// and, to look into the database of a window that has closed, the store with its
// keys and the region's tables; all else it sees on the screen, in files and in
// answers of the server.
package e2e
