package store

import (
	"os"

	sys "golang.org/x/sys/unix"
)

// largePages lets the system give memory, in which nothing stands yet, in large
// pages: where each small one has to be asked for, that takes longer than filling
// it.
func largePages(b []byte) {
	if len(b) >= 4<<20 {
		_ = sys.Madvise(b, sys.MADV_HUGEPAGE) // a wish; memory is as good without
	}
}

// readAhead has the system read what is asked for soon, beside other work.
func readAhead(f *os.File, at, n int64) {
	_ = sys.Fadvise(int(f.Fd()), at, n, sys.FADV_WILLNEED) // a wish
}

// giveBack takes from this process the mapped memory that starts there; it is read
// again, mostly from the system's cache, when somebody needs it.
func giveBack(start uintptr, n int64) {
	_, _, _ = sys.Syscall(sys.SYS_MADVISE, start, uintptr(n), sys.MADV_DONTNEED) // a wish
}
