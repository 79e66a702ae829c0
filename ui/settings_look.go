package ui

import (
	"strconv"

	"fyne.io/fyne/v2"
)

// Scaler keeps how large everything is drawn. Its methods may be called from any
// goroutine.
type Scaler interface {
	// Scale is the scale in force; fixed says that the person's own environment
	// has set it, and nothing can be chosen here.
	Scale() (scale float64, fixed bool)
	// SetScale remembers a scale; windows are drawn at it once the driver reads
	// it anew.
	SetScale(scale float64) error
}

// scales are what a person chooses from: the driver rounds to tenths.
var scales = []float64{0.8, 0.9, 1, 1.2, 1.5, 1.8, 2}

// firstSize is the size of a new window: the same in pixels at any scale.
func firstSize(s Scaler) fyne.Size {
	scale := float32(1)
	if s != nil {
		if v, _ := s.Scale(); v > 0 {
			scale = float32(v)
		}
	}
	return fyne.NewSize(1366/scale, 740/scale)
}

// look is the card of language, colours and scale.
func (s *settingsScreen) look() fyne.CanvasObject {
	w, t := s.w, s.w.text
	rows := []fyne.CanvasObject{
		s.toggles(t.T("settings.language"), t.Lang, languageOptions(t), w.setLanguage),
		s.toggles(t.T("settings.theme"), w.theme.choice, themeOptions(t), w.setTheme),
	}
	if w.options.Scaler != nil {
		rows = append(rows, s.scale()...)
	}
	return s.card("settings.look", rows...)
}

func (s *settingsScreen) scale() []fyne.CanvasObject {
	w, t := s.w, s.w.text
	now, fixed := w.options.Scaler.Scale()
	if fixed {
		return []fyne.CanvasObject{w.fact(t.T("settings.scale"), t.T("settings.scale_fixed", percent(now)))}
	}
	var options []option
	for _, v := range scales {
		options = append(options, option{written(v), t.T("settings.scale_percent", percent(v))})
	}
	size := w.win.Canvas().Size()
	return []fyne.CanvasObject{
		s.toggles(t.T("settings.scale"), written(now), options, w.setScale),
		aligned(paragraph(t.T("settings.scale_about", strconv.Itoa(int(size.Width)), strconv.Itoa(int(size.Height))))),
	}
}

func written(scale float64) string { return strconv.FormatFloat(scale, 'g', -1, 64) }

func percent(scale float64) string { return strconv.Itoa(int(scale*100 + 0.5)) }

// setScale draws everything at another scale, now and after the next start. The
// window keeps its size on the desk.
func (w *Window) setScale(choice string) {
	scale, err := strconv.ParseFloat(choice, 64)
	if err != nil {
		return // the options are numbers
	}
	w.live.Do(func() error { return w.options.Scaler.SetScale(scale) }, func() {
		size, before := w.win.Canvas().Size(), w.win.Canvas().Scale()
		w.fyne.Settings().SetTheme(w.theme) // the driver looks at the scale with every change of settings
		w.live.Later(frame, func() {
			ratio := before / w.win.Canvas().Scale()
			w.win.Resize(fyne.NewSize(size.Width*ratio, size.Height*ratio))
			w.live.Later(frame, w.rebuild)
		})
	})
}
