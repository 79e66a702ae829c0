package ui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"otklik/assets"
)

// settingRelease is the version of which the person wants to hear no more.
const settingRelease = "release.dismissed"

// releaseLine is the strip below the screens that tells of a newer version of the
// program. The place is the word of a server: it can be copied, and leads nowhere.
type releaseLine struct {
	w       *Window
	object  *fyne.Container
	words   *widget.Label
	version string
	slot    Slot
}

func newReleaseLine(w *Window) *releaseLine {
	r := &releaseLine{w: w, words: widget.NewLabel("")}
	r.words.Wrapping, r.words.Selectable, r.words.SizeName = fyne.TextWrapWord, true, theme.SizeNameCaptionText
	edge, back := canvas.NewRectangle(w.pal.border), canvas.NewRectangle(w.pal.ground)
	shut := w.iconButton(theme.IconNameCancel, w.text.T("release.dismiss"), r.dismiss)
	r.object = container.New(arrangement{
		min: func() fyne.Size { return fyne.NewSize(200, max(28, r.words.MinSize().Height)) },
		place: func(size fyne.Size) {
			place(back, 0, 0, size.Width, size.Height)
			place(edge, 0, 0, size.Width, 1)
			place(r.words, 6, (size.Height-r.words.MinSize().Height)/2, size.Width-44, r.words.MinSize().Height)
			place(shut, size.Width-32, (size.Height-26)/2, 26, 26)
		},
	}, back, edge, r.words, shut)
	r.object.Hide()
	return r
}

// place puts the strip at the bottom and gives the height it takes.
func (r *releaseLine) place(x float32, window fyne.Size) float32 {
	if !r.object.Visible() {
		return 0
	}
	width := window.Width - x
	r.words.Resize(fyne.NewSize(width-44, r.words.MinSize().Height)) // wrapped words learn their width
	h := r.object.MinSize().Height
	place(r.object, x, window.Height-h, width, h)
	return h
}

// reload shows what the last exchange has told, unless it was dismissed.
func (r *releaseLine) reload() {
	w := r.w
	w.live.Load(&r.slot, func(context.Context) (func(), error) {
		state, _ := w.exchangeState()
		release, newer := assets.Newer(state.Release)
		if newer {
			dismissed, err := w.desk.Setting(settingRelease)
			if err != nil {
				return nil, err
			}
			newer = dismissed != release.Version
		}
		return func() {
			r.version = release.Version
			r.show(newer, w.text.Release(release))
		}, nil
	})
}

func (r *releaseLine) show(visible bool, words string) {
	if visible == r.object.Visible() && (!visible || words == r.words.Text) {
		return
	}
	r.words.SetText(words)
	r.object.Hidden = !visible
	r.w.win.Content().Refresh()
}

// dismiss is for good, for this version.
func (r *releaseLine) dismiss() {
	version := r.version
	r.w.live.Do(func() error { return r.w.desk.SaveSetting(settingRelease, version) }, r.reload)
}
