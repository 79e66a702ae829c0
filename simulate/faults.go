package simulate

import (
	"strings"

	"otklik/sync/wire"
)

// FaultName names a fault.
type FaultName string

// Faults on the way: each strikes one request. Those of the whole line come as
// accidents.
const (
	DropRequest FaultName = "request lost"
	DropReply   FaultName = "reply lost"
	CutRequest  FaultName = "request cut off"
	CutReply    FaultName = "reply cut off"
	Duplicate   FaultName = "request doubled"
	Late        FaultName = "request arrives late, after others"
	Stale       FaultName = "answer to an earlier request"
	Portal      FaultName = "captive portal"
	Gone        FaultName = "cursor called expired"
	NoCursor    FaultName = "cursor not understood"
	Rescoped    FaultName = "scope of the device changed"
)

// Accidents: each strikes a station, the server or the line between them.
const (
	Partition       FaultName = "partition"
	PartitionUp     FaultName = "partition of requests"
	PartitionDown   FaultName = "partition of replies"
	OfflineByChoice FaultName = "offline by choice"

	CrashBefore FaultName = "station crashes before a commit"
	CrashAfter  FaultName = "station crashes after a commit"
	CrashTorn   FaultName = "station crashes in a commit"
	DiskFull    FaultName = "disk of a station full"
	TwoOpen     FaultName = "two programs on one file"
	OldFile     FaultName = "station restored from an older file"
	CopiedFile  FaultName = "file of a station copied to another"
	WrongClock  FaultName = "clock of a station wrong"
	Drifting    FaultName = "clock of a station drifts"
	Rebooted    FaultName = "machine of a station starts anew"
	Revoked     FaultName = "device revoked for a while"
	Poisoned    FaultName = "poisoned operation"

	ServerCrashBefore FaultName = "server crashes before a commit"
	ServerCrashAfter  FaultName = "server crashes after a commit"
	ServerFails       FaultName = "storage of the server fails"
	Unreadable        FaultName = "record of the server unreadable"
	TokensForgotten   FaultName = "server forgets its tokens"
	ServerRestored    FaultName = "server restored from a backup"
	FeedTrimmed       FaultName = "feed trimmed past a cursor"
)

// Fault is a row of the table.
type Fault struct {
	Name   FaultName
	happen func(*world)                                  // an accident,
	carry  func(*line, *message) (reply *reply, _ error) // or what becomes of a request
}

// CountedAs gives the names under which a run counts the fault: one that strikes
// requests is counted apart for a push, a pull, an upload and the fetching of a file.
func (f Fault) CountedAs() []FaultName {
	if f.carry == nil {
		return []FaultName{f.Name}
	}
	return []FaultName{f.on(wire.PathOps), f.on(wire.PathChanges), f.on(wire.PathFiles), f.on(wire.PathBlobs)}
}

// on names the fault where it strikes a path; of files one name stands for all.
func (f Fault) on(path string) FaultName {
	for _, many := range []string{wire.PathFiles, wire.PathBlobs} {
		if strings.HasPrefix(path, many) {
			path = many
		}
	}
	return f.Name + ": " + FaultName(path)
}

// Faults is the table of all that can go wrong.
func Faults() []Fault {
	return []Fault{
		{Name: DropRequest, carry: (*line).dropRequest},
		{Name: DropReply, carry: (*line).dropReply},
		{Name: CutRequest, carry: (*line).cutRequest},
		{Name: CutReply, carry: (*line).cutReply},
		{Name: Duplicate, carry: (*line).double},
		{Name: Late, carry: (*line).late},
		{Name: Stale, carry: (*line).stale},
		{Name: Portal, carry: (*line).portal},
		{Name: Gone, carry: (*line).gone},
		{Name: NoCursor, carry: (*line).noCursor},
		{Name: Rescoped, carry: (*line).rescoped},

		{Name: Partition, happen: (*world).partition},
		{Name: PartitionUp, happen: (*world).partitionUp},
		{Name: PartitionDown, happen: (*world).partitionDown},
		{Name: OfflineByChoice, happen: (*world).offline},

		{Name: CrashBefore, happen: strikes(before)},
		{Name: CrashAfter, happen: strikes(after)},
		{Name: CrashTorn, happen: strikes(torn)},
		{Name: DiskFull, happen: strikes(full)},
		{Name: TwoOpen, happen: (*world).twoOpen},
		{Name: OldFile, happen: (*world).oldFile},
		{Name: CopiedFile, happen: (*world).copiedFile},
		{Name: WrongClock, happen: (*world).wrongClock},
		{Name: Drifting, happen: (*world).drifting},
		{Name: Rebooted, happen: (*world).rebooted},
		{Name: Revoked, happen: (*world).revoked},
		{Name: Poisoned, happen: (*world).poisoned},

		{Name: ServerCrashBefore, happen: strikesServer(before)},
		{Name: ServerCrashAfter, happen: strikesServer(after)},
		{Name: ServerFails, happen: strikesServer(full)},
		{Name: Unreadable, happen: (*world).unreadable},
		{Name: TokensForgotten, happen: (*world).tokensForgotten},
		{Name: ServerRestored, happen: (*world).serverRestored},
		{Name: FeedTrimmed, happen: (*world).feedTrimmed},
	}
}

// strike is when in a write transaction an accident comes.
type strike int

const (
	never  strike = iota
	before        // all is prepared and nothing is on disk
	after         // all is on disk and nobody was told
	torn          // data is on disk and the page that makes it valid is not
	full          // the transaction fails, the program lives
)

// accident lets one of this run's accidents happen.
func (w *world) accident() {
	var can []Fault
	for _, f := range w.faults {
		if f.happen != nil && w.on[f.Name] {
			can = append(can, f)
		}
	}
	if len(can) == 0 {
		return
	}
	f := pick(w, can)
	w.struck(f.Name)
	f.happen(w)
}

func (w *world) struck(f FaultName) {
	w.happened[f]++
	w.note("fault: %s", f)
}

// troubled draws what becomes of a request; nil: it arrives and is answered.
func (w *world) troubled() *Fault {
	if !w.chance(w.trouble) {
		return nil
	}
	var can []*Fault
	for i := range w.faults {
		if f := &w.faults[i]; f.carry != nil && w.on[f.Name] {
			can = append(can, f)
		}
	}
	if len(can) == 0 {
		return nil
	}
	return pick(w, can)
}
