package wire

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"otklik/app"
)

// A file of unsent operations carries them to the server by hand, when the
// workstation cannot: NDJSON of an OutboxHead, as many OutboxOp as it says, and
// an OutboxSeal. The signature is Ed25519, by the key the device enrolled with,
// over every byte before the line of the seal, line feeds included; so anyone
// who has the public key can check it with common tools. Nothing is encrypted:
// the operations hold the texts of appeals.

// OutboxFormat is the version of the file.
const OutboxFormat = 1

// MaxOutbox bounds a file of unsent operations, in bytes.
const MaxOutbox = 256 << 20

// ErrOutboxFormat and ErrOutboxSeal are what ReadOutbox refuses a file for.
var (
	ErrOutboxFormat = errors.New("the file is not a whole export of unsent operations")
	ErrOutboxSeal   = errors.New("the file was changed after the workstation signed it, or another one did")
)

// OutboxHead is the first line.
type OutboxHead struct {
	Format int       `json:"otklik_outbox"`
	Device string    `json:"device"`
	Inc    uint32    `json:"inc"`  // incarnation of the workstation's file
	Made   time.Time `json:"made"` // by the clock of the device
	Ops    int       `json:"ops"`
}

// OutboxOp is one operation and where it stood. Its AgeMS is 0: how long a file
// is on its way is not known.
type OutboxOp struct {
	State  app.EntryState `json:"state"` // EntryWaiting, EntryRefused or EntryConflict
	Reason app.Code       `json:"reason,omitempty"`
	Op     app.Op         `json:"op"`
}

// OutboxSeal is the last line.
type OutboxSeal struct {
	Signature []byte `json:"signature"`
}

// WriteOutbox makes the file; it sets the format and the number of operations.
func WriteOutbox(head OutboxHead, ops []OutboxOp, key ed25519.PrivateKey) ([]byte, error) {
	var b bytes.Buffer
	lines := json.NewEncoder(&b)
	head.Format, head.Ops = OutboxFormat, len(ops)
	if err := lines.Encode(head); err != nil {
		return nil, err
	}
	for _, o := range ops {
		if err := lines.Encode(o); err != nil {
			return nil, err
		}
	}
	if err := lines.Encode(OutboxSeal{ed25519.Sign(key, b.Bytes())}); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// ReadOutbox reads a file whose signature fits the key of its device. Nothing
// but the name of the device is believed before that.
func ReadOutbox(file []byte, keyOf func(device string) (ed25519.PublicKey, error)) (head OutboxHead, ops []OutboxOp, err error) {
	if len(file) > MaxOutbox || !bytes.HasSuffix(file, []byte("\n")) {
		return head, nil, ErrOutboxFormat
	}
	cut := bytes.LastIndexByte(file[:len(file)-1], '\n') + 1
	signed, seal := file[:cut], OutboxSeal{}
	first, rest, _ := bytes.Cut(signed, []byte("\n"))
	if json.Unmarshal(first, &head) != nil || head.Format != OutboxFormat || json.Unmarshal(file[cut:], &seal) != nil {
		return head, nil, ErrOutboxFormat
	}
	key, err := keyOf(head.Device)
	if err != nil {
		return head, nil, err
	}
	if len(key) != ed25519.PublicKeySize || !ed25519.Verify(key, signed, seal.Signature) {
		return head, nil, ErrOutboxSeal
	}
	for line := range bytes.Lines(rest) {
		var o OutboxOp
		if err := json.Unmarshal(line, &o); err != nil {
			return head, nil, fmt.Errorf("%w: operation %d cannot be read", ErrOutboxFormat, len(ops)+1)
		}
		ops = append(ops, o)
	}
	if len(ops) != head.Ops {
		return head, nil, fmt.Errorf("%w: %d operations of %d", ErrOutboxFormat, len(ops), head.Ops)
	}
	return head, ops, nil
}
