package store

import (
	"encoding/binary"

	"otklik/app"
)

// number is the big-endian form in which numbers are keys: bbolt keeps keys in
// the order of bytes.
func number(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

func keyNumber(key []byte) uint64 { return binary.BigEndian.Uint64(key) }

// dayKey keeps days before 1970 in order, too.
func dayKey(d app.Day) []byte {
	return binary.BigEndian.AppendUint32(nil, uint32(int64(d)+1<<31))
}

func keyDay(k []byte) app.Day { return app.Day(int64(binary.BigEndian.Uint32(k)) - 1<<31) }

// entKey leads to the operations of one record, in their order.
func entKey(ent string, n uint64) []byte { return append(entPrefix(ent), number(n)...) }

func entPrefix(ent string) []byte { return append([]byte(ent), 0) }

// Keys of bucketFormat.
var (
	keyVersion = []byte("version")
	keyMark    = []byte("key") // what tells the key the file is sealed under from others
)

// Keys of bucketMeta.
var (
	keyLearned  = []byte("learned") // dictionary by which appeals are packed
	keyCursor   = []byte("cursor")
	keyShared   = []byte("shared") // cursor up to which a history that is over is the server's, until a snapshot is in
	keyDevice   = []byte("device")
	keySafe     = []byte("safe")     // seq that stands in a backup of the server
	keyAnew     = []byte("anew")     // set: the next exchange begins with a snapshot not older than this seq
	keyAnchor   = []byte("anchor")   // what the clocks of the machine were worth, the last time that was kept
	keyLoad     = []byte("load")     // how far a snapshot has been taken in
	keySeen     = []byte("seen")     // what it has held so far
	keyWords    = []byte("words")    // version of the index of words, and the record it is built up to
	keyReckoned = []byte("reckoned") // record terms are reckoned up to, and by which
	keyLogged   = []byte("logged")   // number of the last frame of the journal this file holds
	keyFile     = []byte("file")     // name that ties this file, its backups and its journal
)
