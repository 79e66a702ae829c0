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
//	hub.go       lines joined with a central server
//	inbox.go     deliveries kept, then acknowledged; polls
//	read.go      what deliveries say becomes facts
//	fetch.go     enclosures, fetched at once
//	outbox.go    answers on their way
//	counting.go  subscribers of pages, once a day
//	counted.go   what of it becomes facts
//	waiting.go   how much waits in the inbox and the outbox
//	shelves.go   where all this stands in the storage
//
// One folder a platform stands below. It may know: app, central. It may not know: which storage is
// underneath, windows, where its configuration comes from. Nothing secret and nothing
// personal goes into a log.
package channel
