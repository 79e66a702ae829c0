package clock

import (
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// started names the start of the machine.
var started = sync.OnceValue(func() string {
	id, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	return short(string(id))
})

// running is the time since then, sleep included.
func running() (time.Duration, bool) {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &t); err != nil {
		return 0, false
	}
	return time.Duration(t.Nano()), true
}
