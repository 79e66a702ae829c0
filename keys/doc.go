// Package keys keeps what this workstation proves itself with, out of the
// database, so that a copy of the database is not yet a copy of the workstation.
//
//	keeper.go  Keeper: the one small interface, and the keeper this machine has
//	system.go  the keyring of the system, bounded in time
//	file.go    a sealed file beside the database, where there is no keyring
//
// It may know: the domain's errors (package app), the system's keyring, files.
// It may not know: what a key is for, the store, the network.
package keys
