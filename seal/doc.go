// Package seal makes what lies on the disk unreadable without the data key of
// this workstation.
//
//	box.go     Box: seals values, each to its place, and hashes words
//	cipher.go  the ciphers there are; a region that needs another adds it here
//	file.go    files of any length, sealed in pieces, readable from any place
//	vault.go   where the data key is kept: wrapped by a passphrase or the keyring
//
// It may know: cryptography, files, the domain's errors (package app). It may
// not know: what is sealed, and where values are kept.
package seal
