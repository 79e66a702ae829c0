package wire

import (
	_ "embed"
	"time"

	"otklik/app"
)

// OpenAPI is the contract, OpenAPI 3.1 in YAML.
//
//go:embed openapi.yaml
var OpenAPI []byte

// Protocol versions the types of this package speak.
const (
	Proto    = 1 // sent in HeaderProto
	ProtoMin = 1 // the oldest a server still answers
)

// HeaderProto carries the protocol version of whoever sends; a request without
// it is taken to speak the newest the server knows.
const HeaderProto = "Sync-Proto"

// HeaderTime is set on every answer: the server's time, RFC 3339, at some moment
// between the coming of the request and the going of the answer. Clients tell
// the server's time by it.
const HeaderTime = "Sync-Time"

// TimeFormat is how HeaderTime is written.
const TimeFormat = "2006-01-02T15:04:05.000Z07:00"

// HeaderAccepts is set on every answer (RFC 9110, 12.5.3): the encodings in which
// bodies of requests are read. A client sends none that it has not seen there.
const HeaderAccepts = "Accept-Encoding"

// Encodings of bodies of requests, in the order they are liked.
const (
	EncodingZstd = "zstd"
	EncodingGzip = "gzip"
	Encodings    = EncodingZstd + ", " + EncodingGzip
)

// Paths of the API.
const (
	PathHealth   = "/healthz"
	PathMeta     = "/v1/meta"
	PathEnrol    = "/v1/enrol"
	PathToken    = "/v1/token"
	PathOps      = "/v1/ops"
	PathChanges  = "/v1/changes"
	PathSnapshot = "/v1/snapshot" // the manifest; with "/" + hash a frame of it
	PathCounts   = "/v1/counts/"  // + day, YYYY-MM-DD
	PathAppeals  = "/v1/appeals/" // + ID of the appeal
	PathFiles    = "/v1/files"    // uploads, a part of tus 1.0; with "/" + ID one of them
	PathPresence = "/v1/presence"
	PathBlobs    = "/v1/blobs/" // + SHA-256 of a file, in lower-case hexadecimal
)

// Parameters of PathChanges.
const (
	ParamAfter = "after" // cursor, "" from the beginning
	ParamLimit = "limit" // changes at most
	ParamWait  = "wait"  // whole seconds to wait where there is nothing yet
)

// ScopeAll is the scope in cursors (epoch.scope.seq) of devices that are told of
// the whole feed: for them it is dense.
const ScopeAll = "all"

// ParamSince of PathSnapshot is the seq a snapshot must not be older than: who
// has seen it must not go back behind it.
const ParamSince = "since"

// Media types of bodies.
const (
	TypeJSON    = "application/json"
	TypeLines   = "application/x-ndjson"
	TypeFrame   = "application/zstd"
	TypeProblem = "application/problem+json"
)

// Limits of the API.
const (
	MaxOps      = 500       // operations in a batch
	MaxBytes    = 256 << 10 // body of a request, uncompressed
	MaxOpBytes  = 4 << 20   // body of a batch that holds a single operation
	MaxPage     = 2000      // changes in a page
	DefaultPage = 500       // changes in a page where no limit is asked for
	MaxText     = 64 << 10  // bytes of any one text in a payload
	MaxWait     = 25 * time.Second
	MaxSkew     = 10 * time.Minute // of the clock in a token request
	TokenLife   = 15 * time.Minute
)

// Codes of problems, beside those of package app.
const (
	CodeCursorExpired app.Code = "cursor_expired"    // 410: cursor of another epoch or too old
	CodeBadCursor     app.Code = "bad_cursor"        // 400: not a cursor of this API
	CodeClockSkew     app.Code = "clock_skew"        // 401: Problem.Time is the server's time
	CodeForked        app.Code = "device_forked"     // 409: take a new incarnation and push again; nothing was judged
	CodeReplayed      app.Code = "replayed_nonce"    // 401: sign another nonce
	CodeBadSignature  app.Code = "bad_signature"     // 401
	CodeBadToken      app.Code = "bad_token"         // 401: ask for another token
	CodeUnknownDevice app.Code = "unknown_device"    // 401: enrol again
	CodeMalformed     app.Code = "malformed"         // 400, and the reason of a rejected operation
	CodeTooLarge      app.Code = "too_large"         // 413: halve the batch
	CodeEncoding      app.Code = "bad_encoding"      // 415: Problem.Detail says what is read
	CodeTooMany       app.Code = "too_many_requests" // 429: wait as Retry-After says
	CodeProto         app.Code = "proto"             // 426: Problem.Detail says what is spoken
	CodeInternal      app.Code = "internal"          // 500: try again later
	CodeFull          app.Code = "storage_full"      // 507: nothing was stored; try again later
	CodeStopping      app.Code = "server_stopping"   // 503: try again later
	CodeBlobMissing   app.Code = "blob_missing"      // reason of a retry: upload the operation's files
	CodeOffset        app.Code = "offset_mismatch"   // 409: ask with HEAD where to go on
	CodeUploadGone    app.Code = "upload_gone"       // 410: it was not finished in time; begin again
	CodeTus           app.Code = "tus_version"       // 412: Tus-Version says what is spoken
	CodeMedia         app.Code = "media_type"        // 415: the Content-Type is not one this path takes
	CodeManyUploads   app.Code = "too_many_uploads"  // 429: finish those begun, and push what names them
	CodeChecksum      app.Code = "checksum_mismatch" // 460: what arrived is not what was sent; nothing of it is kept
	CodeIDReused      app.Code = "id_reused"         // reason of a rejected operation; the reply alone says so
)

// Meta describes the server; it needs no token.
type Meta struct {
	Epoch   string    `json:"epoch"`
	Lineage []Descent `json:"lineage"` // earlier epochs, oldest first
	Proto   Range     `json:"proto"`
	Head    uint64    `json:"head"`   // seq of the newest change, 0 where there is none
	Oldest  uint64    `json:"oldest"` // seq of the oldest change kept, 0 where there is none
	Time    time.Time `json:"time"`
	Limits  Limits    `json:"limits"`
	Region  string    `json:"region"` // its name, for people
}

// Descent is an earlier epoch of the server's data and the last seq of it that
// is part of the present one.
type Descent struct {
	Epoch string `json:"epoch"`
	Upto  uint64 `json:"upto"`
	// Begun is when a server first answered in this epoch after a restore; zero
	// where the data was never taken back, and in data of earlier servers.
	Begun time.Time `json:"begun,omitzero"`
}

// Range of protocol versions, both included.
type Range struct {
	Min int `json:"min"`
	Max int `json:"max"`
}

// Limits a client has to keep to.
type Limits struct {
	Ops     int   `json:"max_ops"`
	Bytes   int   `json:"max_bytes"`
	OpBytes int   `json:"max_op_bytes"` // of a batch of one operation
	Page    int   `json:"max_page"`
	File    int64 `json:"max_file_bytes"`
	Files   int   `json:"max_files"`   // of one operation
	Uploads int   `json:"max_uploads"` // of one device, begun and not yet part of a fact
}

// EnrolRequest makes a device known to the server; the code works once.
type EnrolRequest struct {
	Code       string `json:"code"`
	PublicKey  []byte `json:"public_key"` // Ed25519, 32 bytes
	DeviceName string `json:"device_name"`
}

// EnrolReply says who works at the device from now on.
type EnrolReply struct {
	Device    string       `json:"device"` // ULID
	Workspace string       `json:"workspace"`
	Identity  app.Identity `json:"identity"`
}

// TokenRequest proves the possession of the device's key. At is kept as text,
// since the signature is over exactly what is sent.
type TokenRequest struct {
	Device    string `json:"device"`
	At        string `json:"at"`        // RFC 3339
	Nonce     string `json:"nonce"`     // 16 to 64 characters, never used before by this device
	Signature []byte `json:"signature"` // Ed25519 over Message
}

// Message is what the signature is made over.
func (r TokenRequest) Message() []byte {
	return []byte(r.Device + "\n" + r.At + "\n" + r.Nonce)
}

// TokenReply carries the access token, sent as «Authorization: Bearer …».
type TokenReply struct {
	Token    string       `json:"token"`
	Expires  time.Time    `json:"expires"`
	Time     time.Time    `json:"time"` // of the server
	Identity app.Identity `json:"identity"`
}

// Presence is the body of PathPresence: what is open at this device, nothing where
// Appeal is "". The server forgets it after app.PresenceLife.
type Presence struct {
	Appeal string    `json:"appeal"`
	Doing  app.Doing `json:"doing"`
}

// PresenceReply says who else has it open, as far as this node of the server knows.
type PresenceReply struct {
	Others []app.Companion `json:"others"`
}

// Push is the body of PathOps. The reply carries the page after the cursor, so
// that a round trip both sends and receives.
type Push struct {
	Ops   []app.Op `json:"ops"`
	After string   `json:"after"`           // cursor, "" from the beginning
	Limit int      `json:"limit,omitempty"` // changes at most, 0: DefaultPage
	// Sent is a time of the server that had passed when the request was sent, as
	// late as the client can be sure of; zero: not known. What lies between it and
	// the arrival the request may have been on its way.
	Sent time.Time `json:"sent,omitzero"`
}

// Judged is the verdict on one operation of a Push, in the order of its Ops.
type Judged struct {
	ID      string      `json:"id"`
	Verdict app.Verdict `json:"verdict"`
	First   app.Verdict `json:"first,omitempty"` // of a duplicate: the verdict it was given then
	// Seq is the place of the verdict in the feed; of a duplicate, that of the
	// first verdict. 0 where nothing is stored: retry, and a reused ID.
	Seq     uint64   `json:"seq,omitempty"`
	Reason  app.Code `json:"reason,omitempty"`   // of a rejection, or what a retry waits for
	AfterMS int64    `json:"after_ms,omitempty"` // of a retry
}

// PushReply answers a Push.
type PushReply struct {
	Verdicts []Judged `json:"verdicts"`
	Page     Page     `json:"page"`
}

// Page is a stretch of the feed. Next is the cursor to go on from, also when
// Changes is empty.
type Page struct {
	Changes []app.Change `json:"changes"`
	After   string       `json:"after,omitempty"` // the cursor that was asked with
	Next    string       `json:"next"`
	Head    uint64       `json:"head"`
	Safe    uint64       `json:"safe,omitempty"` // up to this seq nothing that was judged need be kept
}

// End is the last line of the answer of PathChanges; the lines before it are
// app.Change, none of which has a field "next". An answer without it was cut
// off: what arrived is valid, and the cursor is that of the last whole line.
type End struct {
	After string `json:"after,omitempty"`
	Next  string `json:"next"`
	Head  uint64 `json:"head"`
	Safe  uint64 `json:"safe,omitempty"`
}

// Problem is the body of every answer that is not a success.
type Problem struct {
	Code    app.Code  `json:"code"`
	Message string    `json:"message"`          // English, for logs
	Detail  string    `json:"detail,omitempty"` // never personal data
	Time    time.Time `json:"time,omitzero"`    // of the server, where clocks matter
}
