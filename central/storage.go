package central

import (
	"context"
	"time"

	"otklik/app"
	"otklik/sync/wire"
)

// Storage keeps everything the server knows. Its methods may be called from
// any goroutine.
type Storage interface {
	// View calls f with one consistent state. What f received must not be used
	// after it returns, except values it was given.
	View(ctx context.Context, f func(Reader) error) error
	// Update calls f in one durable transaction: when it returns nil, all that
	// f did is kept, otherwise nothing is. f may be called again by a storage
	// that has to repeat a transaction. The error of one that found no space left
	// wraps syscall.ENOSPC.
	Update(ctx context.Context, f func(Tx) error) error
	Close() error
}

// Reader asks the kept state. Absent things are told by ok, not by an error.
type Reader interface {
	// Lineage gives the epochs of the data, the present one last.
	Lineage() ([]wire.Descent, error)
	// Head and Oldest give the seq of the newest and the oldest change kept, 0
	// where there is none.
	Head() (uint64, error)
	Oldest() (uint64, error)
	// Feed gives the changes after the seq in their order: at most limit, and no
	// more of them than the first that fills the number of bytes. With keep it
	// asks for each of the limit whether it is to be given, and sets the Reach of
	// those that are; without, all are given and Reach is not set.
	Feed(after uint64, limit, bytes int, keep func(seq uint64, r Reach) bool) ([]Entry, error)
	// Entered gives what PutEntered has kept beside a change.
	Entered(seq uint64) (line []byte, ok bool, err error)
	// Judgement gives what was decided on an operation.
	Judgement(op string) (j Judgement, ok bool, err error)
	// Issued gives the operation a device sent under the number of its
	// incarnation.
	Issued(device string, inc uint32, n uint64) (op string, ok bool, err error)
	// Safe gives the seq up to which workstations need not keep what was judged.
	Safe() (uint64, error)
	// Backups gives the backups that are too young to be what Safe says, oldest
	// first.
	Backups() ([]Backup, error)

	Appeal(id string) (a *app.Appeal, ok bool, err error)
	Page(id string) (p app.Page, ok bool, err error)
	// Table gives a table of the region that somebody has changed.
	Table(name app.TableName) (t app.Table, ok bool, err error)
	Counters(day app.Day) (c app.Counters, ok bool, err error)
	// Conflict gives the conflict an operation on the appeal ended in.
	Conflict(appeal, op string) (c app.Conflict, ok bool, err error)
	// Conflicts gives all conflicts of the appeal, settled ones too.
	Conflicts(appeal string) ([]app.Conflict, error)
	// Number gives the last number given to an appeal in the year, 0 for none.
	Number(year int) (uint64, error)

	// Rows calls f with every table, page, appeal and conflict as its JSON on one line,
	// in this order; f must not keep the line. In an Update it need not tell of what
	// the transaction itself has written; nor need Days, or, after DropFeed, Oldest
	// and Feed.
	Rows(f func(kind app.RowKind, line []byte) error) error
	// Days calls f with the counters of every day, the earliest first.
	Days(f func(app.Counters) error) error

	// Uploads gives the files of the device on their way. Uploading gives the
	// devices that have any; in an Update it need not tell of what the transaction
	// itself has written.
	Uploads(device string) ([]Upload, error)
	Uploading() ([]string, error)
	// Blob gives a whole file by its hash.
	Blob(sha256 string) (b Blob, ok bool, err error)
	// Piece gives the n-th piece of bytes that came with an upload, the first
	// being 0. It must not be changed.
	Piece(upload string, n int) (piece []byte, ok bool, err error)

	// Item gives what stands on a shelf under the ID. Shelf gives at most so many IDs
	// of what stands there, in the order of their bytes, after the one; in an Update it
	// need not tell of what the transaction itself has written.
	Item(shelf, id string) (body []byte, ok bool, err error)
	Shelf(shelf, after string, limit int) (ids []string, err error)

	Device(id string) (d Device, ok bool, err error)
	// Secret gives a secret of the server by its name.
	Secret(name string) (secret []byte, ok bool, err error)
}

// Tx changes the kept state; it sees its own writes.
type Tx interface {
	Reader

	// PutLineage replaces the epochs of the data, the present one last.
	PutLineage([]wire.Descent) error
	// Append puts the change at the end of the feed and sets its Seq, one more
	// than that of the change before.
	Append(*app.Change, Reach) error
	// PutEntered keeps beside a change what a device is told instead of it whose
	// scope an appeal enters.
	PutEntered(seq uint64, line []byte) error
	// DropFeed forgets the changes up to the seq, and what is kept beside them; what
	// they did stays.
	DropFeed(upto uint64) error
	PutJudgement(op string, j Judgement) error
	PutIssued(device string, inc uint32, n uint64, op string) error
	PutSafe(seq uint64) error
	PutBackups([]Backup) error

	PutAppeal(*app.Appeal) error
	PutPage(app.Page) error
	PutTable(app.Table) error
	PutCounters(app.Counters) error // replaces the day
	PutConflict(app.Conflict) error
	PutNumber(year int, n uint64) error

	// PutUploads replaces the files of the device on their way; none forgets them.
	PutUploads(device string, all []Upload) error
	PutBlob(Blob) error
	DropBlob(sha256 string) error
	// PutPiece replaces a piece; DropPieces forgets the first n of an upload.
	PutPiece(upload string, n int, piece []byte) error
	DropPieces(upload string, n int) error

	// PutItem puts something on a shelf, in place of what stands there under the ID.
	PutItem(shelf, id string, body []byte) error
	DropItem(shelf, id string) error

	PutDevice(Device) error
	PutSecret(name string, secret []byte) error
	// PutCode keeps an enrolment code, itself only as a hash; TakeCode gives
	// whom it is for and forgets it.
	PutCode(hash string, id app.Identity) error
	TakeCode(hash string) (id app.Identity, ok bool, err error)
	// UseNonce remembers the device's nonce until the moment and says whether it
	// is fresh; it forgets nonces whose moment is before now.
	UseNonce(device, nonce string, until, now time.Time) (fresh bool, err error)
}

// Entry is a change of the feed as it travels: its JSON on one line.
type Entry struct {
	Seq   uint64
	Line  []byte
	Reach Reach
}

// Judgement is what was decided on an operation, once and for all.
type Judgement struct {
	Hash    [32]byte // SHA-256 over kind, entity and payload
	Seq     uint64
	Verdict app.Verdict
	Reason  app.Code
}

// Device is a workstation that has enrolled.
type Device struct {
	ID       string       `json:"id"`
	Name     string       `json:"name"`
	Key      []byte       `json:"key"` // Ed25519 public key
	Identity app.Identity `json:"identity"`
	Enrolled time.Time    `json:"enrolled"`
	Revoked  bool         `json:"revoked,omitempty"`
}

// PieceBytes is how long every piece of a file is but the last, which may be
// shorter.
const PieceBytes = 240 << 10

// Upload is a file of a device that is on its way, or has arrived and is not yet
// part of a fact.
type Upload struct {
	ID     string    `json:"id"`
	SHA256 string    `json:"sha256"` // that the device has named
	Type   string    `json:"type"`   // media type that the device has named
	Size   int64     `json:"size"`
	Offset int64     `json:"offset"` // bytes that have arrived
	State  []byte    `json:"state"`  // of the hash over them
	Until  time.Time `json:"until"`  // forgotten after it
}

// Blob is a file that has arrived whole, its hash and its type verified.
type Blob struct {
	SHA256  string   `json:"sha256"`
	Type    string   `json:"type"`
	Size    int64    `json:"size"`
	Upload  string   `json:"upload"`  // that brought its pieces
	Appeals []string `json:"appeals"` // whose history names it
}
