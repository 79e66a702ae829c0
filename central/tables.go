package central

import (
	"time"
	_ "time/tzdata" // tables name time zones, and a container may know none

	"otklik/app"
	"otklik/sync/wire"
)

// table decides on a table of the region. Whoever writes last has it: what it was
// before stays with the workstations. That every row reads is asked here, that what
// the rows refer to is there only at the workstation, beside the tables its person
// had before them.
func (j *judge) table(c *app.Change) error {
	t, err := app.Decode[app.Table](j.op.Payload)
	switch {
	case err != nil || string(t.Name) != j.op.Ent:
		return refusal{wire.CodeMalformed}
	case !t.Valid(): // a later version knows more tables, and more words in their cells
		return refusal{app.CodeUnknownSchema}
	}
	t.By, t.At = j.device.Identity.Name, j.occurred(time.Time{}).at.UTC().Truncate(time.Millisecond)
	c.Body = app.Encode(t)
	return nil
}
