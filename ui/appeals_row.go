package ui

import (
	"image/color"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"otklik/app"
	"otklik/assets"
)

// soon is how near a deadline has to be to turn amber.
const soon = 90 * time.Minute

// giveOrTake writes a time, with what it may be off where that matters.
func giveOrTake(t *assets.Texts, d, off time.Duration) string {
	if !app.OffMatters(d, off) {
		return t.Duration(d)
	}
	return t.T("time.off", t.Duration(d), t.Duration(off))
}

// countdown says how long there is until the deadline, in words and a tone: in
// working time where the term is counted in it, and with a sign where it stands.
func (w *Window) countdown(r app.Row, now time.Time) (string, tone) {
	t := w.text
	switch {
	case r.Status == app.StatusAnswered:
		return t.T("due.answered"), toneGreen
	case r.Status != "" && !r.Status.Open():
		return t.T("due." + string(r.Status)), toneGrey
	case r.Standing:
		return t.T("due.standing", w.termWords(r.Left, r.Unit)), toneGrey
	case r.Due.IsZero():
		return t.T("due.none"), toneGrey
	}
	terms := w.desk.Terms()
	left := terms.Left(r.Unit, r.Municipality, r.Due, now)
	kind := toneGreen
	switch {
	case now.After(r.Due):
		// A term missed by seconds is missed by a minute, not by «−0».
		left, kind = left-(time.Minute-1), toneRed
	case left < soon:
		kind = toneAmber
	}
	if day := terms.WorkDay(r.Municipality); r.Unit == app.UnitWorkDays && day > 0 {
		left = left/day*24*time.Hour + left%day
	}
	return w.termWords(left, r.Unit), kind
}

// termWords writes a length of time in the unit of a term: working hours never
// become days, and of working days each is 24 hours of d.
func (w *Window) termWords(d time.Duration, unit app.Unit) string {
	t := w.text
	words := t.Duration(d)
	if hours := int(d.Abs().Hours()); unit == app.UnitWorkHours && hours >= 24 {
		words = t.T("duration.hours", hours)
		if d < 0 {
			words = "−" + words
		}
	}
	if (app.Rule{Unit: unit}).Working() {
		return t.T("due.work", words)
	}
	return words
}

// appealRowView is one appeal in the list, drawn with bare texts: labels would
// make a full-page jump three times slower.
type appealRowView struct {
	widget.BaseWidget
	window *Window
	row    app.Row
	there  bool
	picks  [2]bool // marks are shown, and this row has one
	stale  bool    // they are others than when it was drawn
	now    time.Time
	left   float32 // where the texts begin: after the mark, where marks are shown

	heading, snippet *canvas.Text
	facts            [3]*canvas.Text
	due              *canvas.Text
	dueBack          *canvas.Rectangle
	badge            *canvas.Text
	badgeBack        *canvas.Rectangle
	marked           *canvas.Text
	markIcon         *widget.Icon
	tick             *widget.Icon
}

func (w *Window) newAppealRow() *appealRowView {
	p := w.pal
	r := &appealRowView{
		window: w, heading: newText("", sizeText, p.text, true), snippet: newText("", sizeCaption, p.second, false),
		due: newText("", sizeCaption, p.text, true), dueBack: canvas.NewRectangle(color.Transparent),
		badge: newText("", sizeSmall, color.White, true), badgeBack: canvas.NewRectangle(color.Transparent),
		marked: newText("", sizeSmall, p.amber, false), markIcon: widget.NewIcon(nil), tick: widget.NewIcon(nil), left: rowLeft,
	}
	r.tick.Hide()
	for i := range r.facts {
		r.facts[i] = newText("", sizeCaption, p.muted, false)
	}
	r.dueBack.CornerRadius, r.badgeBack.CornerRadius = 4, 4
	r.ExtendBaseWidget(r)
	return r
}

// rowLeft is where the texts of a row begin, and tickColumn the width of the column
// of marks before them.
const (
	rowLeft    = 12
	tickColumn = 28
)

// pick says whether marks are shown, and whether the row has one.
func (r *appealRowView) pick(shown, picked bool) {
	if is := [2]bool{shown, picked}; is != r.picks {
		r.picks, r.stale = is, true
	}
	r.left = rowLeft
	if r.tick.Hidden = !shown; !shown {
		return
	}
	r.left += tickColumn
	icon := theme.CheckButtonIcon()
	if picked {
		icon = theme.NewPrimaryThemedResource(theme.CheckButtonCheckedIcon())
	}
	if r.tick.Resource == nil || r.tick.Resource.Name() != icon.Name() {
		r.tick.SetResource(icon)
	}
}

// set shows a row; there is false while it is being read.
func (r *appealRowView) set(row app.Row, there bool, now time.Time) {
	if !r.stale && there && r.there && row == r.row && now.Truncate(time.Minute).Equal(r.now.Truncate(time.Minute)) {
		return // drawn already
	}
	r.row, r.there, r.now, r.stale = row, there, now, false
	r.Refresh()
}

func (r *appealRowView) mark(bool, bool) {}

// MinSize leaves the width to the list.
func (r *appealRowView) MinSize() fyne.Size { return fyne.NewSize(120, appealRow) }

// CreateRenderer draws the row.
func (r *appealRowView) CreateRenderer() fyne.WidgetRenderer {
	objects := []fyne.CanvasObject{r.heading, r.dueBack, r.due, r.snippet, r.badgeBack, r.badge, r.marked, r.markIcon, r.tick}
	for _, f := range r.facts {
		objects = append(objects, f)
	}
	return &drawing{
		objects:     objects,
		arrangement: arrangement{min: r.MinSize, place: r.place},
		refresh: func() {
			r.place(r.Size())
			canvas.Refresh(r)
		},
	}
}

func (r *appealRowView) place(size fyne.Size) {
	if size.Width < 40 {
		return
	}
	for _, o := range []fyne.CanvasObject{r.dueBack, r.due, r.badgeBack, r.badge} {
		if r.there {
			o.Show()
		} else {
			o.Hide()
		}
	}
	c, t := r.window.cuts, r.window.text
	right, left := size.Width-12, r.left
	place(r.tick, 13, (size.Height-20)/2, 20, 20)
	words, kind := r.window.countdown(r.row, r.now)
	r.due.Text = words
	r.due.Color, r.dueBack.FillColor = kind.of(r.window.pal)
	width := textWidth(words, sizeCaption, true) + 12
	place(r.dueBack, right-width, 7, width, 18)
	placeText(r.due, right-width+6, 16)

	heading := r.row.Heading
	switch {
	case r.row.Forgotten:
		heading = t.T("appeal.forgotten")
	case !r.there:
		heading = "…"
	}
	r.heading.Text = c.fit(heading, sizeText, true, right-width-8-left)
	placeText(r.heading, left, 16)
	r.snippet.Text = c.fit(snippetAfter(heading, r.heading.Text, r.row.Snippet), sizeCaption, false, right-left)
	placeText(r.snippet, left, 35)
	r.placeFacts(right)
}

// snippetAfter is the text without its first sentence where the heading above
// already shows all of that.
func snippetAfter(heading, shown, snippet string) string {
	said := strings.TrimSuffix(heading, "…")
	if rest, ok := strings.CutPrefix(snippet, said); ok && shown == heading && said != "" {
		return strings.TrimLeft(rest, " .!?…")
	}
	return snippet
}

// placeFacts draws the third line: badge, municipality, topic group, assignee,
// and what is not sent yet.
func (r *appealRowView) placeFacts(right float32) {
	c, t := r.window.cuts, r.window.text
	r.badge.Text = assets.Name(t, "badge", r.row.Source)
	r.badgeBack.FillColor = r.window.pal.source(r.row.Source)
	width := textWidth(r.badge.Text, sizeSmall, true) + 10
	place(r.badgeBack, r.left, 45, width, 18)
	placeText(r.badge, r.left+5, 54)
	x := r.left + width + 10

	r.marked.Text = ""
	r.markIcon.Hide()
	if mark, icon := r.marks(); mark != "" {
		r.marked.Text = mark
		w := textWidth(r.marked.Text, sizeSmall, false)
		placeText(r.marked, right-w, 54)
		right -= w + 18
		if r.markIcon.Resource == nil || r.markIcon.Resource.Name() != icon.Name() {
			r.markIcon.SetResource(icon)
		}
		place(r.markIcon, right, 47, 14, 14)
		r.markIcon.Show()
		right -= 10
	}
	assignee := r.row.Assignee
	if assignee == "" && r.there {
		assignee = t.T("appeal.nobody")
	}
	for i, f := range []string{r.row.Municipality, r.row.Group, assignee} {
		r.facts[i].Text = ""
		if f == "" || x >= right {
			continue
		}
		r.facts[i].Text = c.fit(f, sizeCaption, false, right-x)
		placeText(r.facts[i], x, 54)
		x += textWidth(r.facts[i].Text, sizeCaption, false) + 10
	}
}

// marks says what of the appeal is only on this workstation, or how much of its term
// was marked as passed.
func (r *appealRowView) marks() (words string, icon fyne.Resource) {
	t := r.window.text
	switch {
	case r.row.Draft:
		return t.T("appeal.draft"), theme.NewWarningThemedResource(theme.DocumentCreateIcon())
	case r.row.Pending:
		return t.T("appeal.pending"), theme.NewWarningThemedResource(theme.UploadIcon())
	case r.row.Attention != "":
		return t.T("attention." + string(r.row.Attention)), theme.NewWarningThemedResource(theme.MailComposeIcon())
	case r.row.Marked > 0 && r.row.Status != app.StatusAnswered:
		return t.T("appeal.marked", r.row.Marked), theme.NewWarningThemedResource(theme.WarningIcon())
	}
	return "", nil
}

// placeText puts a line of text with its middle at the height.
func placeText(t *canvas.Text, x, middle float32) {
	m := t.MinSize()
	place(t, x, middle-m.Height/2, m.Width, m.Height)
}
