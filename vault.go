package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/term"

	"otklik/app"
	"otklik/keys"
	"otklik/seal"
	"otklik/store"
)

func (in *invocation) dbPath() string { return filepath.Join(in.data, "otklik.db") }

// openVault finds the data key of the folder, and makes one for a new folder.
func (in *invocation) openVault(keeper keys.Keeper) (*seal.Vault, error) {
	if err := os.MkdirAll(in.data, 0o700); err != nil {
		return nil, app.Fail(app.CodeNoFolder, in.data).Because(err)
	}
	return seal.OpenVault(filepath.Join(in.data, "otklik.vault"), keeper, func() bool { return store.Sealed(in.dbPath()) })
}

// HasPassphrase implements ui.Keyholder.
func (st *station) HasPassphrase() bool { return st.vault.NeedsPassphrase() }

// TryPassphrase implements ui.Keyholder.
func (st *station) TryPassphrase(passphrase string) error {
	_, err := st.vault.Open(passphrase)
	return err
}

// ChangePassphrase implements ui.Keyholder.
func (st *station) ChangePassphrase(old, new string) error { return st.vault.Change(old, new) }

// Wipe implements ui.Keyholder: without the key nothing can be read any more. The
// files go when the program ends.
func (st *station) Wipe() error {
	if err := st.vault.Destroy(); err != nil {
		return err
	}
	st.wiped.Store(true)
	return nil
}

// kept are the names of what the program keeps in the data folder.
var kept = []string{"otklik.*", "otklik-*.log", "backups", "demo", "crash-*.txt", "*.key"}

// removeData takes away what the program has put into the data folder, and leaves
// what others have.
func removeData(dir string) error {
	var failed error
	for _, pattern := range kept {
		names, err := filepath.Glob(filepath.Join(dir, pattern))
		failed = errors.Join(failed, err)
		for _, name := range names {
			failed = errors.Join(failed, os.RemoveAll(name))
		}
	}
	return failed
}

// passphrase asks for the passphrase where the vault needs one: a file that was
// named, or the person at the terminal.
func (in *invocation) passphrase(v *seal.Vault) (string, error) {
	if !v.NeedsPassphrase() {
		return "", nil
	}
	if in.passphraseFile != "" {
		f, err := os.Open(in.passphraseFile)
		if err != nil {
			return "", app.Fail(app.CodeNoFile, in.passphraseFile).Because(err)
		}
		defer f.Close() // only read
		lines := bufio.NewScanner(f)
		lines.Scan()
		return strings.TrimPrefix(lines.Text(), "\ufeff"), lines.Err()
	}
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		return "", app.Fail(app.CodeNeedsPassphrase)
	}
	fmt.Fprint(in.errOut, in.text.T("cli.passphrase"))
	typed, err := term.ReadPassword(int(os.Stdin.Fd()))
	fmt.Fprintln(in.errOut)
	return string(typed), err
}
