// Package channel brings appeals in from the platforms citizens write on, takes
// answers back the same way, and counts the subscribers of pages.
//
// One way in for every platform: verify on the raw bytes, put the delivery into the
// inbox under a unique key, commit, acknowledge; read it later. One way out: an
// outbox filled in the transaction that accepts the answer, emptied within the limits
// of the platform, with the state «неизвестно» where nobody can tell what became of
// it.
//
// The map of the package:
//
//	platform.go  what a platform has to be able to do
//
// One folder a platform stands below. It may know: app, central. It may not know: which storage is
// underneath, windows, where its configuration comes from. Nothing secret and nothing
// personal goes into a log.
package channel
