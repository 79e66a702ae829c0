// Package e2e drives the built programs from outside, as people and accidents
// do: a window under Xvfb, a server that goes away, a process that is killed.
//
// It may know nothing of the program's packages but the wire types, and the
// PostgreSQL of tests; what it sees it sees on the screen, in files and in
// answers of the server.
package e2e
