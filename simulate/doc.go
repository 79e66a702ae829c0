// Package simulate plays an office and its central API over weeks of bad luck
// and asks afterwards whether anything was lost.
//
//	simulate.go  a run: options, phases, what it found
//	world.go     virtual time, the heap of events, the trace
//	faults.go    the table of all that can go wrong
//	accidents.go what goes wrong with stations and the server
//	clocks.go    the clocks of stations and what goes wrong with them
//	line.go      what goes wrong on the way between them
//	centre.go    the server: its file, crashes, restarts
//	overlay.go   a storage of the server with accidents and planted bugs
//	station.go   a workstation: its file, crashes, turns of the exchange
//	disk.go      a store of a workstation with accidents and planted bugs
//	scope.go     who may see what, and whether anything else was told to anybody
//	person.go    what people do at a station
//	poison.go    operations no server should accept
//	bugs.go      the planted bugs, all of them outside the code under test
//	ledger.go    what was issued and what became of it
//	quiet.go     what has to hold when everything has healed
//	attachments.go files that facts name, on the server and at stations
//	feed.go      the feed against the server's state, and that against stations
//
// Everything of a run happens on one goroutine and follows from its seed: the
// engine, the stores, the desk and the server are the ones that ship, given a
// clock, identifiers, pauses and a transport of the simulation.
//
// It may know everything but screens and programs. Nothing may know it.
package simulate
