package clock

import (
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// started names the start of the machine.
var started = sync.OnceValue(func() string {
	id, err := unix.Sysctl("kern.bootsessionuuid")
	if err != nil {
		return ""
	}
	return short(id)
})

// running is the time since then, sleep included; the raw clock is the one that
// setting the time does not touch.
func running() (time.Duration, bool) {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC_RAW, &t); err != nil {
		return 0, false
	}
	return time.Duration(t.Nano()), true
}
