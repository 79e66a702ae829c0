package clock

import (
	"strings"
	"time"

	"otklik/app"
)

// nameLen is how much of the name of a start is kept: 64 bits of chance.
const nameLen = 16

// Now reads the clocks. Where the system does not say how long the machine has
// been running, Boot is "".
func Now() app.Instant {
	now := app.Instant{Wall: time.Now().Round(0)}
	if name := started(); name != "" {
		if up, ok := running(); ok {
			now.Up, now.Boot = up, name
		}
	}
	return now
}

// short makes a name of a start out of the system's identifier for it.
func short(id string) string {
	id = strings.ReplaceAll(strings.TrimSpace(id), "-", "")
	return id[:min(len(id), nameLen)]
}
