//go:build !linux

package ui

import "time"

// threadTime is measured under Linux only.
func threadTime() time.Duration { return 0 }
