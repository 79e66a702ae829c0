// Package sync is the exchange with the central API: it pushes operations and
// pulls facts.
//
//	client.go       one request and its answer
//	engine.go       the loop: turns, pauses, waking up
//	round.go        one exchange: push or pull, and what its answer means
//	state.go        what the screen is told of the exchange
//	load.go         a first load: a snapshot, frame by frame
//	files.go        attachments, sent and fetched beside the exchange
//	history.go      what to do when the server's history is not the one known here
//	enrol.go        making this workstation known to a server
//	transport.go    the way to the server: TLS, authorities, proxy, time-outs
//	unreachable.go  why there was no answer, where a person can do something
//
// The server is the only judge. An operation leaves the outbox in the same
// transaction of the store that applies the server's change about it, so the
// engine may be cut off anywhere: what it repeats the server recognises.
//
// It may know the domain (package app) and the wire types (package sync/wire).
// What it needs from the place where data is kept it declares (Store). It may
// not know screens.
package sync
