package app

import (
	"context"
	"slices"
	"strconv"
)

// SettingKept is for how many months this workstation keeps the texts of closed
// appeals, 0 for ever.
const SettingKept = "kept"

// KeptChoices are the months a person chooses from.
var KeptChoices = []string{"12", "36", "60", "0"}

// forgetBatch is how many appeals one transaction forgets: others wait meanwhile.
const forgetBatch = 200

// Forget takes from the appeal what is personal: who wrote, where it is, what was
// said and answered, and the files. What figures need stays, and so does the
// history without its words, over which later events go on.
func (a *Appeal) Forget() {
	a.Forgotten = true
	a.Title, a.Text, a.Author, a.Contact, a.Place, a.Link, a.External = "", "", "", "", "", "", ""
	a.Events = slices.Clone(a.Events)
	for i := range a.Events {
		a.Events[i].Text, a.Events[i].Files = "", nil
	}
}

// ForgetOld forgets the appeals that were closed longer ago than this workstation
// is to keep their texts, except where something about them is unsent or being
// written, and gives their number. Stopped by the context it has forgotten some.
func (d *Desk) ForgetOld(ctx context.Context) (n int, err error) {
	kept, err := d.Setting(SettingKept)
	if err != nil {
		return 0, err
	}
	months, err := strconv.Atoi(kept)
	if err != nil || months <= 0 {
		return 0, nil
	}
	before := d.now().AddDate(0, -months, 0)
	for ctx.Err() == nil {
		some, err := d.store.Forget(before, forgetBatch)
		if n += some; err != nil || some < forgetBatch {
			return n, err
		}
	}
	return n, nil
}
