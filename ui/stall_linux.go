package ui

import (
	"time"

	"golang.org/x/sys/unix"
)

// threadTime is how long this thread has been at work, which is the UI goroutine's
// own.
func threadTime() time.Duration {
	var t unix.Timespec
	if unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t) != nil {
		return 0
	}
	return time.Duration(t.Nano())
}
