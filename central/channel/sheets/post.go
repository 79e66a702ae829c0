package sheets

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"

	"otklik/disk"
)

// PathPrefix is where exports are posted: PathPrefix + name of the inlet.
const PathPrefix = "/channels/sheets/"

// HeaderSecret bears the secret of an inlet.
const HeaderSecret = "X-Otklik-Secret"

// Handler takes exports that are posted: the body is the file.
func (s *Sheets) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+PathPrefix+"{inlet}", s.post)
	return mux
}

func (s *Sheets) post(w http.ResponseWriter, r *http.Request) {
	in := s.inlets[r.PathValue("inlet")]
	if in == nil || in.Secret == "" {
		http.Error(w, "no such inlet", http.StatusNotFound)
		return
	}
	given, want := sha256.Sum256([]byte(r.Header.Get(HeaderSecret))), sha256.Sum256([]byte(in.Secret))
	if subtle.ConstantTimeCompare(given[:], want[:]) != 1 {
		s.opts.Log.Warn("sheets", "inlet", in.Name, "refused", "forged")
		http.Error(w, "the secret in "+HeaderSecret+" is not the one", http.StatusForbidden)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, s.opts.MaxFile))
	if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
		http.Error(w, "the file is too large", http.StatusRequestEntityTooLarge)
		return
	}
	if err != nil || len(body) == 0 {
		http.Error(w, "the body has to be the file", http.StatusBadRequest)
		return
	}
	sum := sha256.Sum256(body)
	name := hex.EncodeToString(sum[:8]) + ".csv"
	if bytes.HasPrefix(body, []byte("PK\x03\x04")) {
		name = hex.EncodeToString(sum[:8]) + ".xlsx"
	}
	// Whole and on disk before it is acknowledged; the same file again is the same name.
	if err := place(in.Folder, name, body); err != nil {
		s.opts.Log.Error("sheets", "inlet", in.Name, "err", err.Error())
		http.Error(w, "not kept; try again", http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusAccepted)
}

// place puts a file into the folder, under a name that is not looked at until it is
// whole.
func place(folder, name string, body []byte) error {
	hidden := filepath.Join(folder, "."+name)
	if err := disk.WriteWhole(hidden, body); err != nil {
		return err
	}
	if err := os.Rename(hidden, filepath.Join(folder, name)); err != nil {
		return err
	}
	disk.SyncFolder(folder)
	return nil
}
