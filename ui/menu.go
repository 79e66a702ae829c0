package ui

import (
	"encoding/json"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"

	"otklik/app"
	"otklik/assets"
)

// command is one line of the main menu. The main menu is also the one list of
// shortcuts: a driver asks it before the widget that has the focus. Only
// Ctrl+letter and F-keys work in the Russian layout.
type command struct {
	name string       // key of its words; "" for a separator
	ctrl fyne.KeyName // with Ctrl
	key  fyne.KeyName // alone
	do   func(*Window)
	// inDialog lets the command through while a question is open.
	inDialog bool
	shift    bool      // key is named with Shift
	more     []command // opens beside it; do is nil then
}

// lifeCommands are what may happen to an appeal, in the order it lives. What is
// not offered now says why when it is asked for.
func lifeCommands() []command {
	var out []command
	for _, e := range []app.EventType{
		app.EventRouted, app.EventRedirected, app.EventStarted, app.EventSubmitted, app.EventReturned, app.EventInterim, "",
		app.EventClarifying, app.EventClarified, app.EventClassified, app.EventPlaced, app.EventGraded, app.EventAssigned,
		app.EventRegistered, app.EventExtended, "",
		app.EventRejected, app.EventMerged, app.EventUnmerged, app.EventClosed, app.EventReopened,
	} {
		if e == "" {
			out = append(out, command{})
			continue
		}
		out = append(out, command{name: "action." + string(e), do: func(w *Window) {
			w.withAppeals(func(s *appealsScreen) { s.begin(e) })
		}})
	}
	return out
}

// menuGroups is the main menu.
func menuGroups() []struct {
	name     string
	commands []command
} {
	view := make([]command, 0, len(screenKinds())+2)
	for _, k := range screenKinds() {
		if k.build != nil {
			view = append(view, command{name: "screen." + k.name, key: k.key, do: func(w *Window) { w.open(k.name) }})
		}
	}
	view = append(view, command{},
		command{name: "menu.go_to", ctrl: fyne.KeyG, do: func(w *Window) { w.withAppeals((*appealsScreen).goToNumber) }},
		command{name: "menu.save_view", ctrl: fyne.KeyS, do: func(w *Window) { w.withAppeals((*appealsScreen).saveView) }},
		command{name: "menu.find", ctrl: fyne.KeyF, do: func(w *Window) { w.screens[w.current].Find() }})
	return []struct {
		name     string
		commands []command
	}{
		{"menu.file", []command{
			{name: "menu.new", ctrl: fyne.KeyN, do: (*Window).newAppeal},
			{name: "menu.import", ctrl: fyne.KeyI, do: (*Window).chooseImport},
			{name: "menu.imports", do: (*Window).showImports},
			{name: "menu.paste_table", key: fyne.KeyF11, do: (*Window).pasteTable},
			{name: "menu.export", key: fyne.KeyF11, shift: true, do: (*Window).export},
			{},
			{name: "menu.lock", ctrl: fyne.KeyL, do: (*Window).leave},
			{name: "menu.quit", ctrl: fyne.KeyQ, do: (*Window).Close},
		}},
		{"menu.view", view},
		{"menu.appeal", []command{
			{name: "menu.reply", ctrl: fyne.KeyR, do: func(w *Window) { w.withAppeals((*appealsScreen).reply) }},
			{name: "menu.send", ctrl: fyne.KeyReturn, do: (*Window).send, inDialog: true},
			{name: "menu.template", ctrl: fyne.KeyT, do: func(w *Window) { w.withAppeals((*appealsScreen).chooseTemplate) }},
			{name: "menu.attach", ctrl: fyne.KeyO, do: func(w *Window) { w.withAppeals((*appealsScreen).attach) }},
			{name: "menu.tab", ctrl: fyne.KeyE, do: func(w *Window) { w.withAppeals((*appealsScreen).otherTab) }},
			{name: "menu.take", ctrl: fyne.KeyJ, do: func(w *Window) { w.withAppeals((*appealsScreen).take) }},
			{name: "menu.route", ctrl: fyne.KeyW, do: func(w *Window) { w.withAppeals((*appealsScreen).route) }},
			{name: "menu.more", ctrl: fyne.KeyM, do: func(w *Window) { w.withAppeals((*appealsScreen).showMore) }},
			{name: "menu.topic", ctrl: fyne.KeyK, do: func(w *Window) { w.withAppeals((*appealsScreen).findTopic) }},
			{name: "menu.alike", ctrl: fyne.KeyH, do: func(w *Window) { w.withAppeals((*appealsScreen).showAlike) }},
			{name: "menu.bulk", ctrl: fyne.KeyB, do: func(w *Window) { w.withAppeals((*appealsScreen).chooseMany) }},
			{name: "menu.undo", ctrl: fyne.KeyU, do: (*Window).undo},
			{name: "menu.copy_text", key: fyne.KeyF12, do: func(w *Window) { w.withAppeals((*appealsScreen).copyAsText) }},
			{name: "menu.print", ctrl: fyne.KeyP, do: func(w *Window) { w.withAppeals((*appealsScreen).printSheet) }},
			{name: "menu.life", more: lifeCommands()},
			{name: "menu.why", ctrl: fyne.KeyD, do: func(w *Window) { w.withAppeals((*appealsScreen).explain) }},
		}},
		{"menu.exchange", []command{
			{name: "menu.exchange_now", key: fyne.KeyF5, do: (*Window).exchangeNow},
		}},
		{"menu.help", []command{
			{name: "menu.keys", key: fyne.KeyF1, do: (*Window).showKeys},
			{name: "menu.context", key: fyne.KeyF10, shift: true, do: (*Window).showContext},
			{name: "menu.changes", do: (*Window).showChanges},
		}},
	}
}

// functionKeys are the keys that work wherever the focus is, and shiftKeys those with
// Shift.
var functionKeys, shiftKeys = map[fyne.KeyName]func(*Window){}, map[fyne.KeyName]func(*Window){}

func init() {
	for _, g := range menuGroups() {
		for _, c := range g.commands {
			switch {
			case c.key == "":
			case c.shift:
				shiftKeys[c.key] = c.do
			default:
				functionKeys[c.key] = c.do
			}
		}
	}
}

// menu builds the main menu in the current language.
func (w *Window) menu() *fyne.MainMenu {
	var menus []*fyne.Menu
	for _, g := range menuGroups() {
		menus = append(menus, fyne.NewMenu(w.text.T(g.name), w.menuItems(g.commands)...))
	}
	return fyne.NewMainMenu(menus...)
}

func (w *Window) menuItems(commands []command) []*fyne.MenuItem {
	var items []*fyne.MenuItem
	for _, c := range commands {
		if c.name == "" {
			items = append(items, fyne.NewMenuItemSeparator())
			continue
		}
		words := w.text.T(c.name)
		if keys := c.keyWords(); w.pal.strong && keys != "" {
			words += " (" + keys + ")" // Fyne writes keys in a fifth of the ink, whatever the look
		}
		item := fyne.NewMenuItem(words, func() { w.run(c) })
		switch {
		case c.more != nil:
			item.ChildMenu = fyne.NewMenu("", w.menuItems(c.more)...)
		case c.ctrl != "":
			item.Shortcut = &desktop.CustomShortcut{KeyName: c.ctrl, Modifier: fyne.KeyModifierControl}
		case c.shift:
			item.Shortcut = &desktop.CustomShortcut{KeyName: c.key, Modifier: fyne.KeyModifierShift}
		case c.key != "":
			item.Shortcut = &desktop.CustomShortcut{KeyName: c.key}
		}
		item.IsQuit = c.name == "menu.quit"
		items = append(items, item)
	}
	return items
}

func (w *Window) run(c command) {
	w.touch()
	if w.shut != "" && w.dialog == nil && c.name != "menu.quit" {
		return
	}
	if w.listOpen() && c.name != "menu.quit" {
		return // the open list has the keyboard
	}
	if c.do != nil && (w.dialog == nil || c.inDialog) {
		c.do(w)
	}
}

// listOpen says whether a list of options or of actions stands over the window.
func (w *Window) listOpen() bool { return w.listed != nil && w.listed.Visible() }

// shortcut runs the command of a shortcut that reached a widget, and says
// whether there was one.
func (w *Window) shortcut(s fyne.Shortcut) bool {
	for _, g := range menuGroups() {
		for _, c := range g.commands {
			if c.ctrl == "" {
				continue
			}
			own := desktop.CustomShortcut{KeyName: c.ctrl, Modifier: fyne.KeyModifierControl}
			if s.ShortcutName() == own.ShortcutName() {
				w.run(c)
				return true
			}
		}
	}
	return false
}

// typed takes a key that no widget wanted.
func (w *Window) typed(e *fyne.KeyEvent) {
	w.touch()
	if w.listOpen() {
		return
	}
	if w.dialog != nil {
		w.dialog.typed(e)
		return
	}
	if w.shut != "" {
		if e.Name == fyne.KeyEscape && w.escape != nil {
			w.escape()
		}
		return
	}
	if e.Name == desktop.KeyMenu {
		w.showContext()
		return
	}
	if do := shiftKeys[e.Name]; do != nil && shiftHeld() {
		do(w)
		return
	}
	if do := functionKeys[e.Name]; do != nil {
		do(w)
		return
	}
	w.screens[w.current].Key(e)
}

// shiftHeld says whether Shift is down: Fyne tells of a key with Shift alone as of the
// key.
func shiftHeld() bool {
	d, ok := fyne.CurrentApp().Driver().(desktop.Driver)
	return ok && d.CurrentKeyModifiers()&fyne.KeyModifierShift != 0
}

// send is Ctrl+Enter: it answers the open question, or sends the reply.
func (w *Window) send() {
	if w.dialog != nil {
		w.dialog.accept()
		return
	}
	if s, ok := w.screens[w.current].(*appealsScreen); ok {
		s.send()
	}
}

// withAppeals does something on the Appeals screen, going there first.
func (w *Window) withAppeals(do func(*appealsScreen)) {
	if w.current != screenAppeals {
		w.open(screenAppeals)
	}
	if s, ok := w.screens[screenAppeals].(*appealsScreen); ok {
		do(s)
	}
}

// exchangeNow wakes the exchange.
func (w *Window) exchangeNow() {
	x := w.desk.Exchange()
	if x == nil {
		w.notice.show(w.text.T("exchange.none"), toneAmber)
		return
	}
	x.Wake()
	w.say(w.text.T("exchange.asked"))
}

// fyneWords are the words Fyne's own widgets show; "fyne." + word translates
// them.
var fyneWords = []string{"Copy", "Cut", "Paste", "Quit", "Redo", "Select all", "Undo"}

// translateFyne makes Fyne speak the language of the interface, whatever the
// system's is: Fyne looks words up by the system's language only.
func translateFyne(t *assets.Texts) {
	words := map[string]string{}
	for _, w := range fyneWords {
		words[w] = t.T("fyne." + w)
	}
	data, err := json.Marshal(words)
	if err != nil {
		return // strings always encode
	}
	for _, locale := range []fyne.Locale{"en", "ru"} {
		if err := lang.AddTranslationsForLocale(data, locale); err != nil {
			fyne.LogError("words of Fyne", err)
		}
	}
}
