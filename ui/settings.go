package ui

import (
	"context"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"otklik/app"
	"otklik/assets"
)

// settingsScreen is who works here, how it looks, where the data is.
type settingsScreen struct {
	w      *Window
	object *fyne.Container
	cards  *fyne.Container
	scroll *container.Scroll
	body   fyne.CanvasObject // the cards, as they are shown
	tables *tablesEditor     // nil until it is opened
	slot   Slot
}

func newSettingsScreen(w *Window) screen {
	s := &settingsScreen{w: w, cards: container.New(column{gap: 12})}
	bar := w.topBar([]fyne.CanvasObject{newText(s.Title(), sizeTitle, w.pal.text, true)}, nil)
	ground := canvas.NewRectangle(w.pal.ground)
	s.scroll = container.NewVScroll(container.New(gaps{14, 14, 14, 14}, s.cards))
	shown := w.quiet(s.scroll)
	s.body = container.New(arrangement{
		min: func() fyne.Size { return fyne.NewSize(leastWidth-railNarrow, leastHeight) },
		place: func(size fyne.Size) {
			place(ground, 0, barRow, size.Width, size.Height-barRow)
			place(bar, 0, 0, size.Width, barRow)
			place(shown, 0, barRow, min(size.Width, 760), size.Height-barRow)
		},
	}, ground, bar, shown)
	s.object = container.NewStack(s.body)
	s.show(app.ExchangeState{}, false, 0, "")
	return s
}

// Title names the screen.
func (s *settingsScreen) Title() string { return s.w.text.T("screen." + screenSettings) }

// Object is the screen's content.
func (s *settingsScreen) Object() fyne.CanvasObject { return s.object }

// Show reloads what may have changed.
func (s *settingsScreen) Show() {
	w := s.w
	w.live.Load(&s.slot, func(context.Context) (func(), error) {
		size, path := w.desk.StoreSize()
		state, has := w.exchangeState()
		return func() { s.show(state, has, size, path) }, nil
	})
	if s.tables != nil {
		s.tables.refresh()
		w.focus(s.tables.grid.list)
	}
}

// openTables shows the region's tables in the place of the cards, and closeTables
// the cards again.
func (s *settingsScreen) openTables() {
	s.tables = s.w.newTablesEditor(s.closeTables)
	s.object.Objects = []fyne.CanvasObject{s.tables.object}
	s.object.Refresh()
	s.w.focus(s.tables.grid.list)
}

func (s *settingsScreen) closeTables() {
	s.tables = nil
	s.object.Objects = []fyne.CanvasObject{s.body}
	s.object.Refresh()
	s.Show()
}

// Hide has nothing to save.
func (s *settingsScreen) Hide() {}

// Changed follows the exchange.
func (s *settingsScreen) Changed(c app.Changed) {
	if s.tables != nil && c.Tables {
		s.tables.refresh()
	} else if s.tables != nil && c.Terms {
		s.tables.follow()
	}
	if s.tables == nil && (c.Exchange || c.Settings || c.Tables || c.Terms) {
		s.Show()
	}
}

// Find has nothing to search in.
func (s *settingsScreen) Find() {}

// Key is the tables' where they are shown, and goes through the cards where they
// are higher than the window.
func (s *settingsScreen) Key(e *fyne.KeyEvent) bool {
	if s.tables != nil {
		return s.tables.key(e)
	}
	return scrollBy(s.scroll, e.Name)
}

// reveal scrolls to what has the keyboard.
func (s *settingsScreen) reveal(o fyne.CanvasObject) {
	if _, nav := o.(*navItem); !nav && s.tables == nil {
		reveal(s.scroll, o)
	}
}

func (s *settingsScreen) show(state app.ExchangeState, has bool, size int64, path string) {
	w, t := s.w, s.w.text
	me := w.desk.Me()
	roles := make([]string, len(me.Roles))
	for i, r := range me.Roles {
		roles[i] = assets.Name(t, "role", r)
	}
	scope := strings.Join(me.Municipalities, ", ")
	if me.Regional() {
		scope = t.T("settings.whole_region")
	}
	name := me.Name
	if name == "" {
		name = t.T("settings.nobody")
	}
	server, link := t.T("link.none"), ""
	if has {
		link, _ = linkWords(w, state.Link)
		if server = state.Server; server == "" {
			server = t.T("settings.no_server")
		}
	}
	s.cards.Objects = []fyne.CanvasObject{
		s.card("settings.person", w.fact(t.T("settings.name"), name), w.fact(t.T("settings.roles"), strings.Join(roles, ", ")),
			w.fact(t.T("settings.municipalities"), scope), w.fact(t.T("settings.centre"), w.desk.Region().Centre)),
		s.look(),
		s.card("settings.exchange", w.fact(t.T("settings.server"), server), w.fact(t.T("settings.state"), link)),
		s.regionTables(),
		s.protection(),
		s.card("settings.data", w.fact(t.T("settings.database"), path), w.fact(t.T("settings.size"), megabytes(t, size)),
			w.fact(t.T("settings.backup"), w.backup()), w.fact(t.T("settings.version"), w.options.Version)),
	}
	if !has {
		rows := []fyne.CanvasObject{w.fact(t.T("settings.server"), server)}
		if w.options.Join != nil {
			rows = append(rows, container.New(line{gap: 8}, w.button(t.T("first.join")+"…", "", w.joinServer)))
		}
		s.cards.Objects[2] = s.card("settings.exchange", rows...)
	}
	if w.options.Sample {
		s.cards.Objects = append([]fyne.CanvasObject{s.card("sample.card", aligned(paragraph(t.T("sample.about"))),
			container.New(line{gap: 8}, w.button(t.T("sample.leave")+"…", "", w.leaveSample)))}, s.cards.Objects...)
	}
	s.cards.Refresh()
}

// regionTables leads to the region's tables.
func (s *settingsScreen) regionTables() fyne.CanvasObject {
	w, t := s.w, s.w.text
	reckoned := t.T("tables.reckoned")
	if done, total := w.desk.Reckoning(); done < total {
		reckoned = t.T("tables.reckoning", t.Number(int64(done)), t.Number(int64(total)))
	}
	return s.card("tables.card", aligned(paragraph(t.T("tables.about"))), aligned(paragraph(reckoned)),
		container.New(line{gap: 8}, w.button(t.T("tables.open")+"…", "", s.openTables)))
}

// protection is who can read what is kept here, and for how long it is kept.
func (s *settingsScreen) protection() fyne.CanvasObject {
	w, t := s.w, s.w.text
	opens, change := t.T("settings.opens_system"), t.T("passphrase.set")+"…"
	if w.hasPassphrase() {
		opens, change = t.T("settings.opens_passphrase"), t.T("passphrase.change")+"…"
	}
	rows := []fyne.CanvasObject{w.fact(t.T("settings.opens"), opens)}
	if w.hasPassphrase() {
		rows = append(rows, s.toggles(t.T("settings.idle"), w.choice(settingIdle, "", idleUsual), timeOptions(t, "settings.idle", idleChoices), w.setIdle))
	}
	rows = append(
		rows,
		s.toggles(t.T("settings.kept"), w.choice(app.SettingKept, "", "0"), timeOptions(t, "settings.kept", app.KeptChoices), w.setKept),
		aligned(paragraph(t.T("settings.kept_about"))),
		container.New(line{gap: 8}, w.button(change, "", w.changePassphrase), w.button(t.T("wipe.title")+"…", "", w.wipe)),
	)
	return s.card("settings.protection", rows...)
}

// timeOptions are numbers of minutes or months, 0 for without an end.
func timeOptions(t *assets.Texts, key string, choices []string) []option {
	var out []option
	for _, c := range choices {
		n, err := strconv.Atoi(c)
		if err != nil || n == 0 {
			out = append(out, option{c, t.T(key + "_never")})
			continue
		}
		out = append(out, option{c, t.N(key+"_after", n)})
	}
	return out
}

// setKept changes for how long closed appeals are kept whole.
func (w *Window) setKept(choice string) {
	w.live.Do(func() error { return w.desk.SaveSetting(app.SettingKept, choice) }, nil)
}

// backup says when the data was last copied, or why it could not be.
func (w *Window) backup() string {
	switch up := w.desk.Upkeep(); {
	case up.Failed != "":
		return w.text.T("settings.backup_failed", reasonWords(w.text, up.Failed))
	case up.Backup.IsZero():
		return w.text.T("settings.no_backup")
	default:
		return w.text.Moment(up.Backup, w.desk.Now())
	}
}

func megabytes(t *assets.Texts, size int64) string {
	return t.T("settings.megabytes", t.Decimal(float64(size)/(1<<20), 1))
}

func languageOptions(t *assets.Texts) []option {
	var out []option
	for _, l := range assets.Languages {
		out = append(out, option{l, t.T("language." + l)})
	}
	return out
}

func themeOptions(t *assets.Texts) []option {
	var out []option
	for _, v := range looks {
		out = append(out, option{v, t.T("theme." + v)})
	}
	return out
}

// card is a titled group of settings.
func (s *settingsScreen) card(title string, rows ...fyne.CanvasObject) fyne.CanvasObject {
	head := newText(s.w.text.T(title), sizeText, s.w.pal.text, true)
	return s.w.card(container.New(column{gap: 10}, append([]fyne.CanvasObject{head}, rows...)...))
}

// toggles is one choice of few, shown whole.
func (s *settingsScreen) toggles(caption, value string, options []option, chosen func(string)) fyne.CanvasObject {
	w := s.w
	pills := container.New(newFlow(6))
	for _, o := range options {
		var pill *toggle
		pill = w.toggle(o.words, o.value == value, func(bool) {
			pill.set(true)
			if o.value != value {
				chosen(o.value)
			}
		})
		pills.Add(pill)
	}
	left := newText(caption, sizeText, w.pal.muted, false)
	const column = 170
	return container.New(arrangement{
		min: func() fyne.Size { return fyne.NewSize(300, max(24, pills.MinSize().Height+2)) },
		place: func(size fyne.Size) {
			centred(left, 0, 24)
			place(pills, column, 1, size.Width-column, size.Height-2)
		},
	}, left, pills)
}
