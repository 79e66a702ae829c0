package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"otklik/assets"
)

// foldTo folds the filter, and the list with the card, as a screen so wide needs.
func (s *appealsScreen) foldTo(width float32) {
	s.filter.behind = width < filterRoom
	s.folds.fold(width)
	s.drawer.Hidden = !s.filter.behind
	s.showParts()
}

// showParts shows what there is room for.
func (s *appealsScreen) showParts() {
	filter := !s.filter.behind || s.filter.drawn
	setShown(s.filter.object, filter)
	setShown(s.filter.edge, filter)
	list := s.folds.listShown()
	s.head.object.Hidden = !list
	s.list.Hidden = !list || s.loaded && len(s.found.Records) == 0
	s.empty.object.Hidden = !list || s.emptiness() == emptyNot
	s.detail.object.Hidden = !s.folds.cardShown()
	s.drawer.setLabel(s.drawerWords(), "")
}

// drawerWords name the queue behind the button, or the way back to the list.
func (s *appealsScreen) drawerWords() string {
	t := s.w.text
	if s.folds.single && s.folds.reading {
		return "‹ " + t.T("appeals.back")
	}
	queue := assets.Name(t, "queue", s.query.Queue)
	if s.narrowing() {
		queue += " +"
	}
	return "≡ " + queue
}

// toggleFilter opens and shuts the folded filter; where the card stands in the
// place of the list, it leads back to that first.
func (s *appealsScreen) toggleFilter() {
	if s.folds.single && s.folds.reading {
		s.back()
		return
	}
	s.filter.drawn = !s.filter.drawn
	s.arrange()
	if s.filter.drawn {
		s.filter.focus()
	}
}

// focus gives the keyboard to the queue that is shown.
func (f *filterColumn) focus() {
	if item := f.items["queue/"+string(f.screen.query.Queue)]; item != nil {
		f.screen.w.focus(item)
	}
}

// key is the keyboard of the filter: left from the list leads into it, up and
// down go through it, right leads back.
func (f *filterColumn) key(e *fyne.KeyEvent) bool {
	s := f.screen
	item, inside := s.w.win.Canvas().Focused().(*filterItem)
	switch {
	case !inside && e.Name == fyne.KeyLeft:
		if f.behind && !f.drawn {
			s.toggleFilter()
			return true
		}
		f.focus()
	case inside && e.Name == fyne.KeyRight:
		s.back()
	case inside && e.Name == fyne.KeyUp:
		f.step(item, -1)
	case inside && e.Name == fyne.KeyDown:
		f.step(item, 1)
	default:
		return false
	}
	return true
}

// step goes to the next value of the column.
func (f *filterColumn) step(from *filterItem, by int) {
	var items []*filterItem
	for _, o := range f.body.Objects {
		if item, ok := o.(*filterItem); ok {
			items = append(items, item)
		}
	}
	if at := slices.Index(items, from) + by; at >= 0 && at < len(items) {
		f.screen.w.focus(items[at])
	}
}

// read shows the card where it has to take the place of the list.
func (s *appealsScreen) read() {
	if s.folds.single && !s.folds.reading {
		s.folds.reading = true
		s.arrange()
	}
}

// back leads to the list, and shuts the filter that stands over it.
func (s *appealsScreen) back() {
	if s.folds.reading || s.filter.drawn {
		s.folds.reading, s.filter.drawn = false, false
		s.arrange()
	}
	s.w.focus(s.list)
}

// arrange lays the screen out again.
func (s *appealsScreen) arrange() {
	if o, ok := s.object.(*fyne.Container); ok {
		o.Layout.Layout(o.Objects, o.Size())
		canvas.Refresh(o)
	}
}

// reveal scrolls the filter to the value that has the keyboard.
func (s *appealsScreen) reveal(o fyne.CanvasObject) {
	if _, is := o.(*filterItem); is {
		reveal(s.filter.scroll, o)
	}
}
