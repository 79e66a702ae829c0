// Package links finds out whether links of public pages still lead somewhere.
//
//	opener.go  Opener: one link followed, at a pace sites bear
//
// It may know: the domain (package app) and HTTP. It may not know: the store, windows,
// how this workstation reaches the net; it is given a way (Opener.Through).
package links
