package postgres

import (
	"errors"
	"fmt"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
)

// TestFullDiskOfTheDatabase: its code becomes the error every storage gives.
func TestFullDiskOfTheDatabase(t *testing.T) {
	full := fmt.Errorf("write: %w", &pgconn.PgError{Code: "53100"})
	if err := spaceless(full); !errors.Is(err, syscall.ENOSPC) || !errors.Is(err, full) {
		t.Error(err)
	}
	for _, other := range []error{nil, errors.New("other"), &pgconn.PgError{Code: "53200"}} {
		if err := spaceless(other); err != other {
			t.Errorf("%v became %v", other, err)
		}
	}
}
