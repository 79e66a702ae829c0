package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"otklik/app"
	"otklik/assets"
)

// Places of what is asked of a page, as drawn.
const (
	requirementRow   = 30
	requirementState = 196 // where the values begin
	requirementEdge  = 62  // what is left of the points at the right
)

// requirements are the points of a page and the rows they are made of, each with what
// is to be done.
func (c *pageCard) requirements(room float32) []fyne.CanvasObject {
	w, t, p := c.w, c.w.text, c.w.pal
	out := []fyne.CanvasObject{newText(t.T("pages.requirements"), sizeTitle, p.text, true)}
	if c.row.Apart != "" {
		return append(out, newText(assets.Name(t, "pages.apart", c.row.Apart), sizeCaption, p.muted, false))
	}
	zone := w.newStateChip(t.T("pages.points_of", points(&c.row.PageCheck))+" · "+assets.Name(t, "zone", c.row.Zone), zoneTones[c.row.Zone])
	out = append(out, container.New(line{}, zone))
	for _, l := range w.cuts.wrap(c.how(), sizeSmall, false, room, 3) {
		out = append(out, newText(l, sizeSmall, p.muted, false))
	}
	for i := range c.row.Parts {
		part := &c.row.Parts[i]
		state, ink := w.partState(part)
		worth := t.T("pages.part_points", part.Points, part.Of)
		if !part.Known {
			worth = t.T("pages.part_open", part.Of)
		}
		out = append(out, c.requirement(assets.Name(t, "score", part.What), state, worth, ink))
		if !part.Lacking() {
			continue
		}
		fix := part.Fix
		if len(part.Lacks) > 0 {
			fix = w.lackWords(part) + ". " + fix
		}
		for _, l := range w.cuts.wrap(fix, sizeCaption, false, room-2*cellSide, 5) {
			out = append(out, container.New(gaps{0, 0, 0, cellSide}, newText(l, sizeCaption, p.second, false)))
		}
		if part.Link != "" {
			link := part.Link
			out = append(out, container.New(line{}, w.tab(t.T("pages.how"), func() { c.follow(link) })))
		}
	}
	keeper, ink := c.row.Keeper, color.Color(p.text)
	if keeper == "" {
		keeper, ink = t.T("pages.no_keeper"), p.muted
	}
	out = append(out, c.requirement(t.T("pages.keeper"), keeper, "", ink))
	link, tint := t.T("pages.links.unchecked"), color.Color(p.muted)
	if seen := c.row.LinkSeen; seen != nil {
		tint, _ = linkTone(seen.State).of(p)
		link = joined(w.linkWords(seen), t.Date(w.here(seen.At)))
	}
	return append(out, c.requirement(t.T("pages.col.link"), link, "", tint))
}

// how says how the points of the table become points of 100.
func (c *pageCard) how() string {
	t, r := c.w.text, &c.row
	words := t.T("pages.points_how", r.Got, r.Asked)
	if r.Asked != 100 {
		words = t.T("pages.points_scaled", r.Got, r.Asked, points(&r.PageCheck))
	}
	if r.Open > 0 {
		words += " " + t.T("pages.points_open", r.Open)
	}
	return words
}

// requirement is one row: what is asked, how it is, and what that is worth.
func (c *pageCard) requirement(name, state, worth string, ink color.Color) fyne.CanvasObject {
	w := c.w
	left := newText(name, sizeCaption, w.pal.text, false)
	right := newText(state, sizeCaption, ink, false)
	end := newText(worth, sizeCaption, w.pal.second, false)
	under := canvas.NewRectangle(w.pal.line)
	return container.New(arrangement{
		min: func() fyne.Size { return fyne.NewSize(200, requirementRow) },
		place: func(size fyne.Size) {
			edge, begin := size.Width, float32(requirementState)
			if worth != "" {
				edge -= requirementEdge
			} else {
				begin = requirementState / 2
			}
			left.Text = w.cuts.fit(name, sizeCaption, false, begin-cellSide-6)
			right.Text = w.cuts.fit(state, sizeCaption, false, edge-begin-4)
			centred(left, cellSide, size.Height)
			centred(right, begin, size.Height)
			centred(end, size.Width-cellSide-end.MinSize().Width, size.Height)
			place(under, 0, size.Height-1, size.Width, 1)
		},
	}, left, right, end, under)
}

// follow opens an address of the region's table.
func (c *pageCard) follow(link string) { c.w.browse(link) }

// browse shows an address in the system's browser.
func (w *Window) browse(link string) {
	u, err := address(link)
	if err == nil {
		err = w.fyne.OpenURL(u)
	}
	if err != nil {
		w.fail(app.Fail(app.CodeBadArgument, link, "https://…").Because(err))
	}
}
