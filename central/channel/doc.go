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
//	platform.go    what a platform has to be able to do
//	hub.go         Hub: lines, options, who works and when
//	shelves.go     where everything stands in the storage
//	call.go        a request to a platform, and whether it left
//	inbox.go       in: verified, kept once, acknowledged; polls
//	read.go        deliveries become appeals and messages, in one transaction each
//	fetch.go       enclosures, before their links expire
//	outbox.go      out: claimed, sent, told to the appeal what became of it
//	report.go      what a platform tells later of an answer, and replies to ours
//	unserved.go    answers to lines that are gone
//	limits.go      how fast a line may speak
//	restricted.go  what the region lets through
//	forget.go      what is kept for a while only
//	counting.go    subscribers of pages, once a day
//	posts.go       posts of a page in seven days
//	counted.go     what of it becomes facts
//	waiting.go     how much waits in the inbox and the outbox
//
// One folder a platform stands below; channeltest has the suite that each passes. It
// may know: app, central. It may not know: which storage is underneath, windows, where
// its configuration comes from. Nothing secret and nothing personal goes into a log.
package channel
