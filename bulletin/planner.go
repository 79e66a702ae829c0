package bulletin

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"time"

	"otklik/app"
	"otklik/assets"
)

// settingSchedules holds the schedules of this workstation, settingMade and the ID of
// one what came of it: apart, so that the clock and the screen never write the same.
const (
	settingSchedules = "bulletin.schedules"
	settingMade      = "bulletin.made."
)

// Planned is a schedule and what came of it last.
type Planned struct {
	Schedule
	Made Made
}

// Made is what came of a schedule.
type Made struct {
	Due  time.Time `json:"due,omitzero"` // the moment of the last document that was made
	Last Result    `json:"last,omitzero"`
}

// Result is what the last try came to.
type Result struct {
	At     time.Time `json:"at,omitzero"` // zero: not tried yet
	File   string    `json:"file,omitempty"`
	Failed string    `json:"failed,omitempty"` // the sentence a person reads; "": the file is there
}

// Schedules gives the schedules of this workstation in the order they were set.
func Schedules(desk *app.Desk) ([]Planned, error) {
	all, err := schedules(desk)
	if err != nil {
		return nil, err
	}
	out := make([]Planned, len(all))
	for i, s := range all {
		out[i].Schedule = s
		if err := setting(desk, settingMade+s.ID, &out[i].Made); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// SaveSchedule keeps a schedule: a new one where it has no ID. Errors: CodeNeedsField,
// CodeBadArgument.
func SaveSchedule(desk *app.Desk, s Schedule) error {
	if s.Folder == "" || !filepath.IsAbs(s.Folder) {
		return app.Fail(app.CodeNeedsField, "folder")
	}
	if _, err := ParseKind(string(s.Kind)); err != nil {
		return err
	}
	if _, err := ParseFormat(string(s.Format)); err != nil {
		return err
	}
	if _, err := parse(string(s.Every), Everies); err != nil {
		return err
	}
	all, err := schedules(desk)
	if err != nil {
		return err
	}
	s.Since = desk.Now()
	if at := slices.IndexFunc(all, func(o Schedule) bool { return o.ID == s.ID }); s.ID != "" && at >= 0 {
		all[at] = s
	} else {
		s.ID = app.IDFrom(string(s.Kind), string(s.Format), s.Folder, s.Since.Format(time.RFC3339Nano))
		all = append(all, s)
	}
	return desk.SaveSetting(settingSchedules, string(app.Encode(all)))
}

// RemoveSchedule forgets a schedule. What it has written stays.
func RemoveSchedule(desk *app.Desk, id string) error {
	all, err := schedules(desk)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(s Schedule) bool { return s.ID == id })
	if err := desk.SaveSetting(settingSchedules, string(app.Encode(all))); err != nil {
		return err
	}
	return desk.SaveSetting(settingMade+id, "")
}

// MakeDue makes what is due and gives what was tried. What cannot be written now is
// tried again at the next call. The error is that of reading or keeping schedules.
func MakeDue(desk *app.Desk, t *assets.Texts) ([]Planned, error) {
	if desk.Shut() != "" {
		return nil, nil // due still when the person is back
	}
	all, err := Schedules(desk)
	if err != nil {
		return nil, err
	}
	var tried []Planned
	for _, p := range all {
		at, due := p.Due(here(desk), p.Made.Due)
		if !due {
			continue
		}
		if p.Made.Last = p.write(desk, t, at); p.Made.Last.Failed == "" {
			p.Made.Due = at
		}
		if err := p.keep(desk); err != nil {
			return tried, err
		}
		tried = append(tried, p)
	}
	return tried, nil
}

// MakeNow makes the document of a schedule at once, whatever the clock says; what is
// due stays due.
func MakeNow(desk *app.Desk, t *assets.Texts, p Planned) (Planned, error) {
	p.Made.Last = p.write(desk, t, here(desk))
	return p, p.keep(desk)
}

func (p Planned) keep(desk *app.Desk) error {
	return desk.SaveSetting(settingMade+p.ID, string(app.Encode(p.Made)))
}

// write makes the document that falls due at the moment.
func (s Schedule) write(desk *app.Desk, t *assets.Texts, at time.Time) Result {
	r := Result{At: desk.Now()}
	d, err := Make(desk, t, s.Kind, app.Inquiry{Period: Usual(s.Kind, app.DayOf(at))})
	if err == nil {
		r.File = filepath.Join(s.Folder, FileName(d, s.Format))
		err = WriteFile(r.File, d, s.Format, true)
	}
	if err != nil {
		r.Failed = t.Sentence(err)
	}
	return r
}

// here is the time of the region.
func here(desk *app.Desk) time.Time { return desk.Now().In(desk.Region().Location()) }

func schedules(desk *app.Desk) (all []Schedule, err error) {
	err = setting(desk, settingSchedules, &all)
	return all, err
}

// setting reads what was kept; nothing kept leaves it as it is.
func setting(desk *app.Desk, name string, into any) error {
	raw, err := desk.Setting(name)
	if err != nil || raw == "" {
		return err
	}
	return json.Unmarshal([]byte(raw), into)
}
