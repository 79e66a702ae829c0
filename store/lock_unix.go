//go:build !windows

package store

import (
	"errors"
	"os"

	sys "golang.org/x/sys/unix"
)

// lockFile takes the lock of an open file, and says whether nobody else has it.
func lockFile(f *os.File) (bool, error) {
	err := sys.Flock(int(f.Fd()), sys.LOCK_EX|sys.LOCK_NB)
	if errors.Is(err, sys.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, err
}
