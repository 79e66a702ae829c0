// Package demo makes up the sample content of a region: its pages, two years of
// counts, a year of appeals and today's queue. The same seed and the same
// moment give the same content. No person occurs in it.
//
// The map of the package:
//
//	generate.go  Generate: what comes in which order, in batches
//	pages.go     public pages and their counts
//	rhythm.go    when people write: days, hours, seasons
//	spec.go      who wrote what, where, through which channel
//	life.go      what then happened to an appeal, step by step
//	queue.go     today's queue: open appeals with chosen terms
//	texts.go     the grammar texts are put together by
//	topics.go    what people write about
//
// It may know: packages app and central. It may not know: storages, HTTP, the
// judge; what it makes is written as applied changes.
package demo
