package clock

import (
	"strconv"
	"sync"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// timeOfDay is SYSTEM_TIMEOFDAY_INFORMATION.
type timeOfDay struct {
	bootTime, currentTime, zoneBias int64 // units of 100 ns
	zone, reserved                  uint32
	bootBias, sleepBias             uint64
}

// started names the start of the machine by its moment. Setting the clock moves
// that moment and the bias alike, so their difference stays; were it not to, the
// name would change and the wall clock be asked instead.
var started = sync.OnceValue(func() string {
	var t timeOfDay
	if windows.NtQuerySystemInformation(windows.SystemTimeOfDayInformation, unsafe.Pointer(&t), uint32(unsafe.Sizeof(t)), nil) != nil {
		return ""
	}
	return short(strconv.FormatUint(uint64(t.bootTime)-t.bootBias, 16))
})

// running is the time since then, sleep included.
func running() (time.Duration, bool) { return windows.DurationSinceBoot(), true }
