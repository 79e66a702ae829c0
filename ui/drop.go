package ui

import (
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"otklik/app"
)

// dropped takes files that were let go over the window: they are attached to the
// text that is being written; a table is imported where none is.
func (w *Window) dropped(_ fyne.Position, items []fyne.URI) {
	w.touch()
	if w.shut != "" || w.dialog != nil {
		return
	}
	var paths []string
	for _, u := range items {
		if u.Scheme() == "file" {
			paths = append(paths, filepath.FromSlash(u.Path()))
		}
	}
	s, ok := w.screens[w.current].(*appealsScreen)
	nowhere := !ok || s.detail.card == nil || s.detail.reply.clip.Hidden
	if nowhere && len(paths) == 1 && w.options.Importer != nil && slices.Contains(spreadsheets, strings.ToLower(filepath.Ext(paths[0]))) {
		w.lookInto(paths[0])
		return
	}
	if nowhere || len(paths) == 0 {
		w.notice.show(w.text.T("drop.nowhere"), toneAmber)
		return
	}
	for _, path := range paths {
		s.detail.reply.attachFile(path, w.fail)
	}
}

// attachFile takes a copy of a file to go with the text that is being written;
// otherwise is told why not.
func (r *reply) attachFile(path string, otherwise func(error)) {
	w, key := r.w, r.key()
	var f app.File
	w.live.Try(func() (err error) {
		f, err = w.desk.Attach(path)
		return err
	}, func(err error) {
		if err != nil {
			otherwise(err)
			return
		}
		if slices.Contains(r.files[key], f) {
			return
		}
		if len(r.files[key]) >= app.MaxFiles {
			w.fail(app.Fail(app.CodeAttachMany, app.MaxFiles))
			return
		}
		r.files[key] = append(r.files[key], f)
		r.refresh()
	})
}

// pasted takes what is pasted into the editor where it stands for files: a list of
// file:// addresses, as file managers copy it, or paths of files that are there.
// Fyne gives of the clipboard its text alone, so a picture cannot be pasted, and the
// person is told what can be done instead.
func (r *reply) pasted(content string) bool {
	w := r.w
	if content == "" {
		w.notice.show(w.text.T("paste.no_text"), toneAmber)
		return true
	}
	paths, certain := filesIn(content)
	if len(paths) == 0 {
		return false
	}
	for _, path := range paths {
		r.attachFile(path, func(err error) {
			if c := app.CodeOf(err); !certain && (c == app.CodeAttachGone || c == app.CodeAttachType) { // it only looks like a file
				r.editor.Entry.TypedShortcut(&fyne.ShortcutPaste{Clipboard: held(content)})
				return
			}
			w.fail(err)
		})
	}
	return true
}

// held is a clipboard that holds what was in the system's.
type held string

func (h held) Content() string { return string(h) }

func (h held) SetContent(string) {}

// filesIn gives the paths a text consists of, none where it is anything else: lines
// of file:// addresses or of paths in quotes, as systems copy them, or one bare path.
// The last only looks like a file and may be meant as it stands: certain is false.
func filesIn(text string) (paths []string, certain bool) {
	certain = true
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		quoted := len(line) > 2 && line[0] == '"' && line[len(line)-1] == '"'
		switch {
		case line == "" || line == "copy" || line == "cut" || line == "x-special/nautilus-clipboard":
			continue // what file managers put before the list
		case strings.HasPrefix(line, "file://"):
			u, err := url.Parse(line)
			if err != nil || u.Path == "" || strings.Contains(line, " ") { // an address has none
				return nil, false
			}
			path := u.Path
			if len(path) > 2 && path[0] == '/' && path[2] == ':' { // file:///C:/…
				path = path[1:]
			}
			paths = append(paths, filepath.FromSlash(path))
		case quoted && filepath.IsAbs(line[1:len(line)-1]):
			paths = append(paths, line[1:len(line)-1])
		case filepath.IsAbs(line) && line == strings.TrimSpace(text):
			return []string{line}, false
		default:
			return nil, false
		}
	}
	return paths, certain
}
