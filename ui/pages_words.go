package ui

import (
	"fmt"
	"image/color"
	"slices"
	"strings"

	"otklik/app"
	"otklik/assets"
)

// tones of the zones; their words always say the same.
var zoneTones = map[app.Zone]tone{app.ZoneGood: toneGreen, app.ZoneFair: toneAmber, app.ZonePoor: toneRed, app.ZoneOpen: toneGrey}

// scoreWords say the points of a page and what they mean, or why there are none.
func (w *Window) scoreWords(c *app.PageCheck) (string, tone) {
	if c.Apart != "" {
		return assets.Name(w.text, "pages.apart", c.Apart), toneGrey
	}
	return points(c) + " " + assets.Name(w.text, "zone.short", c.Zone), zoneTones[c.Zone]
}

// points are those of a page: a range where something is not known.
func points(c *app.PageCheck) string {
	if c.From == c.To {
		return fmt.Sprint(c.From)
	}
	return fmt.Sprintf("%d–%d", c.From, c.To)
}

// partState says how it is with a component.
func (w *Window) partState(p *app.PartScore) (string, color.Color) {
	t := w.text
	ink := color.Color(w.pal.green)
	switch {
	case !p.Known:
		return t.T("screens.unknown"), w.pal.muted
	case p.Points == 0:
		ink = w.pal.red
	case p.Points < p.Of:
		ink = w.pal.amber
	}
	switch p.What {
	case app.ScoreWidgets:
		return t.T("pages.widgets_of", t.Number(int64(p.Has)), t.Number(int64(p.Need))), ink
	case app.ScorePosts:
		return t.Number(int64(p.Has)), ink
	case app.ScoreReach:
		return t.Percent(p.Has/100, 0), ink
	}
	if p.Has > 0 {
		return t.T("pages.there"), ink
	}
	return t.T("pages.missing"), ink
}

// lackWords say what a component lacks: «Постов за 7 дней: 1, нужно не менее 3».
func (w *Window) lackWords(p *app.PartScore) string {
	t := w.text
	state, _ := w.partState(p)
	words := assets.Name(t, "score", p.What) + ": " + state
	switch p.What {
	case app.ScorePosts:
		words += t.T("pages.need", t.Number(int64(p.Need)))
	case app.ScoreReach:
		words += t.T("pages.need", t.Percent(p.Need/100, 0))
	case app.ScoreWidgets:
		var missing []string
		for _, mark := range p.Lacks {
			missing = append(missing, "«"+t.T("pages.mark."+mark)+"»")
		}
		if len(missing) > 0 {
			words += t.T("pages.lacks", strings.Join(missing, ", "))
		}
	}
	return words
}

// lacking are the components that lack something, those that bring most points first.
func lacking(c *app.PageCheck) []app.PartScore {
	parts := slices.DeleteFunc(slices.Clone(c.Parts), func(p app.PartScore) bool { return !p.Lacking() })
	slices.SortStableFunc(parts, func(a, b app.PartScore) int { return (b.Of - b.Points) - (a.Of - a.Points) })
	return parts
}

// fixes say what is wrong with a page and what is to be done, a line for each.
func (w *Window) fixes(r *app.PageRow) []string {
	var out []string
	for _, p := range lacking(&r.PageCheck) {
		line := w.lackWords(&p) + "."
		if p.Fix != "" {
			line += " " + p.Fix
		}
		if p.Link != "" {
			line += " " + p.Link
		}
		out = append(out, line)
	}
	if c := r.LinkSeen; c != nil && c.State.Dead() {
		out = append(out, w.text.T("pages.letter.link", w.linkWords(c)))
	}
	return out
}

// linkWords say what became of an attempt to open a link: «страницы нет · сайт ответил
// кодом 404».
func (w *Window) linkWords(c *app.LinkCheck) string {
	return joined(assets.Name(w.text, "link_short", c.State), w.linkReason(c))
}

// linkReason says why, "" where there is nothing to add.
func (w *Window) linkReason(c *app.LinkCheck) string {
	t := w.text
	switch {
	case c.To != "":
		return trimScheme(c.To)
	case c.State == app.LinkUnsure && c.Code == 0:
		return t.T("pages.link.silent")
	case c.State == app.LinkClosed && c.Code == 200:
		return t.T("pages.link.sign_in")
	case c.Code != 0 && c.State != app.LinkOpens:
		return t.T("pages.link.code", c.Code)
	}
	return ""
}
