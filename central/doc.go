// Package central is the reference central API: the judge of operations, the
// dense feed of changes, devices and their tokens.
//
// The map of the package:
//
//	storage.go  what the server needs kept (Storage, Reader, Tx)
//	server.go   Server: options, routes, limits, shutdown
//	access.go   enrolment codes, devices, tokens for a signed nonce
//	body.go     bodies of requests: packed or not, bounded either way
//	rate.go     how often one may ask
//	meter.go    what the server tells of itself in figures
//	scope.go    who may see what: scopes of devices, heads of changes
//	feed.go     cursors, pages of the feed, long-poll
//	snapshot.go the present state cut into frames, for a first load
//	shared.go   waiting for what other servers over the same storage write
//	push.go     a batch of operations in one transaction
//	judge.go    the verdict on one operation
//	moment.go   when an operation was made, and how far that may be wrong
//	files.go    attachments: what becomes of bytes that arrive, and of those nobody names
//	uploads.go  their way in: uploads that can be resumed
//	blobs.go    what facts name, and its way out by hash
//	guard.go    guarded registers: superseded, conflict, or free to go on
//	payload.go  payloads of strangers made safe to keep
//	fold.go     what an applied change does to the kept state
//	epoch.go    a new epoch after the data was taken back
//	seed.go     changes written without the judge, into an empty storage
//	problem.go  answers that are not a success
//
// It may know: package app, whose table of transitions judges on both sides,
// and sync/wire. It may not know: which storage is underneath, windows, the
// client's store, where its configuration comes from.
package central
