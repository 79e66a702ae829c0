package central

import (
	"context"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"

	"otklik/app"
	"otklik/sync/wire"
)

// maxAccessBody bounds the requests of those who are not known yet.
const maxAccessBody = 8 << 10

const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// random gives n bytes nobody can guess. crypto/rand never fails: it would stop
// the program instead.
func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	return b
}

// IssueCode makes an enrolment code for a person: three groups of four letters
// and digits, for one device, once.
func (s *Server) IssueCode(identity app.Identity) (code string, err error) {
	letters := make([]byte, 0, 14)
	for i, b := range random(12) {
		if i > 0 && i%4 == 0 {
			letters = append(letters, '-')
		}
		letters = append(letters, crockford[b&31])
	}
	code = string(letters)
	return code, s.AcceptCode(code, identity)
}

// AcceptCode makes a code chosen elsewhere an enrolment code, for one device,
// once. A code has to have at least eight letters or digits.
func (s *Server) AcceptCode(code string, identity app.Identity) error {
	if len(plainCode(code)) < 8 {
		return app.Fail(app.CodeBadArgument, "enrol-code", "8+")
	}
	return s.storage.Update(context.Background(), func(tx Tx) error {
		return tx.PutCode(hashCode(code), identity)
	})
}

// Revoke shuts a device out, at once and for good.
func (s *Server) Revoke(device string) error {
	return s.change(device, func(d *Device) { d.Revoked = true })
}

// change writes a device otherwise.
func (s *Server) change(device string, f func(*Device)) error {
	return s.storage.Update(context.Background(), func(tx Tx) error {
		d, ok, err := tx.Device(device)
		if err != nil {
			return err
		}
		if !ok {
			return app.Fail(app.CodeNotFound, device)
		}
		f(&d)
		return tx.PutDevice(d)
	})
}

// plainCode forgives what people do to codes they copy by hand.
func plainCode(code string) string {
	return strings.NewReplacer("-", "", " ", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(strings.TrimSpace(code)))
}

func hashCode(code string) string {
	sum := sha256.Sum256([]byte(plainCode(code)))
	return hex.EncodeToString(sum[:])
}

func (s *Server) enrol(w http.ResponseWriter, r *http.Request) error {
	var q wire.EnrolRequest
	if err := read(w, r, maxAccessBody, &q); err != nil {
		return err
	}
	if len(q.PublicKey) != ed25519.PublicKeySize || len(q.DeviceName) > 200 || len(q.Code) > 64 {
		return fail(http.StatusBadRequest, wire.CodeMalformed, "public_key, device_name or code has a wrong length")
	}
	d := Device{ID: ulid.Make().String(), Name: q.DeviceName, Key: q.PublicKey, Enrolled: s.now()}
	err := s.storage.Update(r.Context(), func(tx Tx) error {
		id, ok, err := tx.TakeCode(hashCode(q.Code))
		if err != nil {
			return err
		}
		if !ok {
			return fail(http.StatusForbidden, app.CodeEnrolCode, "the code is wrong or was used")
		}
		d.Identity = id
		return tx.PutDevice(d)
	})
	if err != nil {
		return err
	}
	s.opts.Log.Info("enrolled", "device", d.ID)
	write(w, http.StatusOK, wire.TypeJSON, wire.EnrolReply{Device: d.ID, Workspace: s.opts.Workspace, Identity: d.Identity})
	return nil
}

func (s *Server) token(w http.ResponseWriter, r *http.Request) error {
	var q wire.TokenRequest
	if err := read(w, r, maxAccessBody, &q); err != nil {
		return err
	}
	at, err := time.Parse(time.RFC3339, q.At)
	if err != nil || len(q.Nonce) < 16 || len(q.Nonce) > 64 || !validID(q.Device) {
		return fail(http.StatusBadRequest, wire.CodeMalformed, "device, at or nonce is not in form")
	}
	now := s.now()
	var d Device
	err = s.storage.Update(r.Context(), func(tx Tx) error {
		known, ok, err := tx.Device(q.Device)
		switch {
		case err != nil:
			return err
		case !ok:
			return fail(http.StatusUnauthorized, wire.CodeUnknownDevice, "no such device; enrol")
		case known.Revoked:
			return fail(http.StatusForbidden, app.CodeRevoked, "the device was revoked")
		case !ed25519.Verify(known.Key, q.Message(), q.Signature):
			return fail(http.StatusUnauthorized, wire.CodeBadSignature, "the signature does not fit")
		case at.Sub(now).Abs() > wire.MaxSkew:
			return fail(http.StatusUnauthorized, wire.CodeClockSkew, "at is too far from the server's time").at(now)
		}
		d = known
		fresh, err := tx.UseNonce(q.Device, q.Nonce, at.Add(2*wire.MaxSkew), now)
		if err == nil && !fresh {
			return fail(http.StatusUnauthorized, wire.CodeReplayed, "the nonce was used")
		}
		return err
	})
	if err != nil {
		return err
	}
	expires := now.Add(wire.TokenLife)
	write(w, http.StatusOK, wire.TypeJSON, wire.TokenReply{
		Token: s.sign(d.ID, expires), Expires: expires, Time: now, Identity: d.Identity,
	})
	return nil
}

// sign makes a token: the device and the expiry, and a MAC over both. Nothing
// is stored, so any node that holds the secret can check it.
func (s *Server) sign(device string, expires time.Time) string {
	body := binary.BigEndian.AppendUint64([]byte(device), uint64(expires.Unix()))
	return base64.RawURLEncoding.EncodeToString(append(body, s.mac(body)...))
}

func (s *Server) mac(body []byte) []byte {
	h := hmac.New(sha256.New, s.secret)
	h.Write(body)
	return h.Sum(nil)
}

// authenticate finds the device that a request comes from.
func (s *Server) authenticate(r *http.Request) (Device, error) {
	bad := fail(http.StatusUnauthorized, wire.CodeBadToken, "no valid token; ask for another")
	bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return Device{}, bad
	}
	raw, err := base64.RawURLEncoding.DecodeString(bearer)
	const body = 26 + 8
	if err != nil || len(raw) != body+sha256.Size || !hmac.Equal(raw[body:], s.mac(raw[:body])) {
		return Device{}, bad
	}
	if expires := binary.BigEndian.Uint64(raw[26:body]); uint64(s.now().Unix()) >= expires {
		return Device{}, bad
	}
	var d Device
	err = s.storage.View(r.Context(), func(tx Reader) (err error) {
		d, ok, err = tx.Device(string(raw[:26]))
		return err
	})
	switch {
	case err != nil:
		return Device{}, err
	case !ok:
		return Device{}, fail(http.StatusUnauthorized, wire.CodeUnknownDevice, "no such device; enrol")
	case d.Revoked:
		return Device{}, fail(http.StatusForbidden, app.CodeRevoked, "the device was revoked")
	}
	return d, nil
}
