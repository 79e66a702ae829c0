package wire

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"hash"
	"strings"
	"time"
)

// The part of tus 1.0 that uploads speak: the core protocol and the extensions
// of TusExtensions. See https://tus.io/protocols/resumable-upload.
const (
	TusVersion    = "1.0.0"
	TusExtensions = "creation,checksum,expiration"
	TusChecksums  = "sha1,sha256" // algorithms of HeaderUploadChecksum

	HeaderTus            = "Tus-Resumable"
	HeaderTusVersion     = "Tus-Version"
	HeaderTusExtension   = "Tus-Extension"
	HeaderTusMaxSize     = "Tus-Max-Size"
	HeaderTusChecksums   = "Tus-Checksum-Algorithm"
	HeaderUploadLength   = "Upload-Length"
	HeaderUploadOffset   = "Upload-Offset"
	HeaderUploadMetadata = "Upload-Metadata"
	HeaderUploadChecksum = "Upload-Checksum"
	HeaderUploadExpires  = "Upload-Expires"

	// TypeChunk is the media type of the body of a PATCH.
	TypeChunk = "application/offset+octet-stream"
	// StatusChecksum is the status of tus for a checksum that does not fit.
	StatusChecksum = 460

	// Keys of HeaderUploadMetadata. The name of a file is personal data and does
	// not belong there.
	MetaSHA256 = "sha256" // of the whole file, in lower-case hexadecimal
	MetaType   = "type"   // media type
)

// Limits of uploads.
const (
	MaxUploads  = 32             // of one device, begun and not yet part of a fact
	MaxChecked  = 4 << 20        // body of a PATCH with a checksum, in bytes
	MaxMetadata = 2 << 10        // bytes of HeaderUploadMetadata
	UploadLife  = 24 * time.Hour // from the last byte on
)

var (
	errMetadata = errors.New("not the Upload-Metadata of tus")
	errChecksum = errors.New("not an Upload-Checksum of a known algorithm")
)

// EncodeMetadata gives the value of HeaderUploadMetadata for a file.
func EncodeMetadata(sha256, mediaType string) string {
	e := base64.StdEncoding
	return MetaSHA256 + " " + e.EncodeToString([]byte(sha256)) + "," + MetaType + " " + e.EncodeToString([]byte(mediaType))
}

// DecodeMetadata reads HeaderUploadMetadata: pairs of a key and a value in
// base64, separated by commas; a value may be absent.
func DecodeMetadata(header string) (map[string]string, error) {
	out := map[string]string{}
	if len(header) > MaxMetadata {
		return nil, errMetadata
	}
	if strings.TrimSpace(header) == "" {
		return out, nil
	}
	for _, pair := range strings.Split(header, ",") {
		key, value, _ := strings.Cut(strings.Trim(pair, " "), " ")
		if _, twice := out[key]; twice || key == "" {
			return nil, errMetadata
		}
		plain, err := base64.StdEncoding.Strict().DecodeString(value)
		if err != nil {
			return nil, errMetadata
		}
		out[key] = string(plain)
	}
	return out, nil
}

// EncodeChecksum gives the value of HeaderUploadChecksum for the body.
func EncodeChecksum(body []byte) string {
	sum := sha256.Sum256(body)
	return "sha256 " + base64.StdEncoding.EncodeToString(sum[:])
}

// DecodeChecksum reads HeaderUploadChecksum: the hash that the body goes
// through, and the sum that has to come out.
func DecodeChecksum(header string) (h hash.Hash, sum []byte, err error) {
	algorithm, value, _ := strings.Cut(header, " ")
	switch algorithm {
	case "sha1": // every server of tus has to know it
		h = sha1.New()
	case "sha256":
		h = sha256.New()
	default:
		return nil, nil, errChecksum
	}
	sum, err = base64.StdEncoding.Strict().DecodeString(value)
	if err != nil || len(sum) != h.Size() {
		return nil, nil, errChecksum
	}
	return h, sum, nil
}
