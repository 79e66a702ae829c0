// Package store keeps appeals, pages, counters, drafts and the outbox in one
// bbolt file. Every exported method that writes is one transaction.
//
//	store.go     opening, the lock, settings
//	format.go    the version of the layout and the key a file is sealed under
//	upgrade.go   a file that was not sealed yet
//	sealed.go    values are sealed on their way into the file and opened on their way out
//	record.go    the stored form of an appeal: readable header, compressed body
//	learned.go   what the appeals of this file have in common
//	index.go     facets: bitmaps over dense record numbers
//	columns.go   the headers of all records column by column, in memory and in the file
//	packed.go    runs of numbers in few bits
//	words.go     full text: Russian stems and the forms of words they come from
//	postings.go  which records hold a stem: sealed blocks
//	recent.go    changes no block has yet
//	merge.go     changes are merged into the blocks
//	sets.go      sets of records as they are written
//	lookup.go    the records of words
//	alike.go     places as terms, and appeals that look like another
//	search.go    what people type, answered from postings
//	order.go     lists of a million: kept orders instead of sorting
//	reindex.go   words indexed anew, beside other work
//	appeals.go   reading appeals: one, a row, a list
//	facts.go     the columns of appeals that match, for figures
//	tx.go        one write transaction and what becomes of memory when it commits
//	perform.go   operations of this workstation and their outbox entries
//	withdraw.go  what a person takes back before anybody else can know of it
//	feed.go      changes pulled from the server, folded with the outbox
//	forget.go    appeals that have been kept for long enough
//	clock.go     what is kept of the clocks of this machine
//	scope.go     appeals that leave the scope of this workstation and enter it
//	outbox.go    outbox, journal, refusals, conflicts, drafts
//	files.go     attachments: their folder, and which the server lacks
//	pages.go     pages, and counters by page and day
//	counts.go    tiles: the counters of 16 days of 256 pages
//	pagecolumns.go  what figures need of pages, column by column
//	pages_unsent.go  what is confirmed of those this workstation has changed
//	check.go     the proof that all of these agree
//	journal.go   what only this workstation knows, beside the database
//	replay.go    making the database and its journal agree
//	backup.go    copies made while people work, and when
//	verify.go    the proof that a copy is sound
//	sound.go     reading a file page by page before it is trusted
//	guard.go     what becomes of damage that is met at work; the lock of the folder
//	recover.go   opening, and the way back from a damaged or lost file
//	compact.go   the file without its unused pages
//	drive_*.go   drives of other machines, and the room there is
//
// An appeal that has unsent operations is kept twice: as confirmed by the
// server (bucket base) and with the outbox folded over it (bucket appeals, the
// one every reader sees). When the last of its operations is judged the base
// goes.
//
// It may know the domain (package app), what packs records (pack) and seals them
// (seal). It may not know screens, the network or
// the server.
package store
