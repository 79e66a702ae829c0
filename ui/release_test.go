package ui

import (
	"maps"
	"strings"
	"testing"

	"otklik/app"
	"otklik/assets"
)

// announce has the last exchange tell of a release, and waits until the window has
// looked at it.
func (f *fixture) announce(r app.Release) {
	f.t.Helper()
	f.setState(app.ExchangeState{Link: app.LinkOnline, Server: "central.example", Release: r})
	f.desk.Tell(app.Changed{Exchange: true})
	f.until(func() bool { return f.release.version == r.Version })
}

func TestANewVersionIsOneQuietLine(t *testing.T) {
	f := openWindow(t, fixed{lang: "ru"})
	f.settle()
	if f.release.object.Visible() {
		t.Error("told of nothing")
	}
	whole := f.stage.Size()
	f.announce(app.Release{Version: assets.Version})
	if f.release.object.Visible() {
		t.Error("told of this version")
	}
	f.announce(app.Release{Version: "99.0.0", Place: "//files/otklik\n\x1b[1m" + strings.Repeat("x", 5000)})
	said := f.release.words.Text
	if !f.release.object.Visible() || f.dialog != nil || f.notice.object.Visible() {
		t.Error("the line is not shown, or more than the line")
	}
	if !strings.HasPrefix(said, "Вышла версия 99.0.0. Где взять: //files/otklik[1mxxx") || len(said) > 400 || strings.ContainsAny(said, "\n\x1b") {
		t.Errorf("said %q", said)
	}
	if h := whole.Height - f.stage.Size().Height; h < 28 || h > 80 || f.stage.Size().Width != whole.Width {
		t.Errorf("the line takes %v of the screen", h)
	}
	f.rebuild() // the language or the look was changed
	f.until(f.release.object.Visible)
	f.announce(app.Release{})
	if f.release.object.Visible() || f.stage.Size() != whole {
		t.Error("the server has taken it back, and the line stays")
	}
}

func TestADismissedVersionStaysDismissed(t *testing.T) {
	f := openWindow(t, fixed{lang: "ru"})
	f.announce(app.Release{Version: "98.0.0"})
	f.release.dismiss()
	f.until(func() bool { return !f.release.object.Visible() })
	f.announce(app.Release{})
	f.announce(app.Release{Version: "98.0.0", Place: "elsewhere"})
	if f.release.object.Visible() {
		t.Error("told again after another exchange")
	}
	kept := maps.Clone(f.store.settings)
	again := openWindow(t, fixed{lang: "ru", store: func(s *fakeStore) { s.settings = kept }})
	again.announce(app.Release{Version: "98.0.0"})
	if again.release.object.Visible() {
		t.Error("told again after a restart")
	}
	again.announce(app.Release{Version: "98.0.1"})
	if !again.release.object.Visible() || again.release.words.Text != "Вышла версия 98.0.1." {
		t.Errorf("the next version: %q", again.release.words.Text)
	}
}
