package assets

import (
	"time"

	"otklik/app"
)

// Recovered tells a person in one sentence that their database was made whole
// again, and what was kept.
func (t *Texts) Recovered(r app.Recovery, now time.Time) string {
	if r.Backup.IsZero() {
		return t.N("recovered.anew", r.Unsent)
	}
	return t.N("recovered.backup", r.Unsent, t.Moment(r.Backup, now))
}
