//go:build !linux && !darwin && !windows

package clock

import "time"

func started() string { return "" }

func running() (time.Duration, bool) { return 0, false }
