package ui

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"otklik/app"
	"otklik/lists"
)

// letterHeight is how much of a letter is seen at once.
const letterHeight = 300

// askLetters shows what founders have to be told, all of them or one, to be copied or
// written to a file.
func (s *pagesScreen) askLetters() {
	w, t, q := s.w, s.w.text, s.query
	var letters []app.Letter
	w.live.Do(func() (err error) {
		letters, err = w.desk.Letters(q)
		return err
	}, func() {
		if len(letters) == 0 {
			w.notice.show(t.T("pages.letter.none"), toneGreen)
			return
		}
		s.showLetters(letters)
	})
}

func (s *pagesScreen) showLetters(letters []app.Letter) {
	w, t := s.w, s.w.text
	founders := []option{{"", t.N("pages.letter.all", len(letters))}}
	for i, l := range letters {
		founders = append(founders, option{fmt.Sprint(i), joined(s.founder(l), t.N("pages.letter.pages", len(l.Pages)))})
	}
	chosen := letters
	words := widget.NewLabel("")
	words.Wrapping = fyne.TextWrapWord
	text := ""
	show := func(v string) {
		chosen = letters
		var i int
		if n, _ := fmt.Sscan(v, &i); n == 1 {
			chosen = letters[i : i+1]
		}
		text = s.letters(chosen)
		words.SetText(firstRunes(text, 4000)) // a long label is slow; what is copied is whole
	}
	show("")
	var d *dialog
	whom := w.newChoice("", founders, "", show)
	file := w.button(t.T("pages.letter.file"), "", func() {
		d.close()
		s.askLetterFile(chosen)
	})
	d = w.ask(question{
		title: t.T("pages.letters.title"), width: 720, yes: t.T("pages.letter.copy"), first: whom,
		content: container.New(column{gap: 10}, w.field(t.T("pages.letter.whom"), whom),
			sized(w.framed(w.quiet(container.NewVScroll(words)), gaps{2, 2, 2, 2}), 0, letterHeight), container.New(line{}, file)),
		do: func() bool {
			w.copyWords(text)
			return true
		},
	})
}

func firstRunes(s string, most int) string {
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return string(r[:most]) + "…"
}

func (s *pagesScreen) founder(l app.Letter) string {
	if l.Founder == "" {
		return s.w.text.T("pages.letter.no_founder")
	}
	return l.Founder
}

// letters are the words of letters, one after the other.
func (s *pagesScreen) letters(all []app.Letter) string {
	w, t := s.w, s.w.text
	day := t.Date(w.here(w.desk.Now()))
	var out strings.Builder
	for _, l := range all {
		fmt.Fprintf(&out, "%s\n\n", t.T("pages.letter.head", s.founder(l), day))
		for i, r := range l.Pages {
			fmt.Fprintf(&out, "%d. %s\n", i+1, joined(r.Name, r.Link, t.T("pages.letter.points", points(&r.PageCheck))))
			for _, fix := range w.fixes(&r) {
				fmt.Fprintf(&out, "   – %s\n", fix)
			}
		}
		fmt.Fprintf(&out, "\n%s\n\n", t.T("pages.letter.end"))
	}
	return strings.TrimSpace(out.String()) + "\n"
}

// askLetterFile writes a row for every page, so that a mail merge can take them up.
func (s *pagesScreen) askLetterFile(letters []app.Letter) {
	w, t := s.w, s.w.text
	heads := []string{t.T("pages.col.founder"), t.T("pages.col.network"), t.T("pages.col.name"), t.T("pages.col.link"), t.T("pages.csv.from"), t.T("pages.csv.to"), t.T("pages.col.fix")}
	var rows [][]string
	for _, l := range letters {
		for _, r := range l.Pages {
			rows = append(rows, []string{
				l.Founder, w.network(r.Network), r.Name, r.Link, fmt.Sprint(r.From), fmt.Sprint(r.To), strings.Join(w.fixes(&r), "\n"),
			})
		}
	}
	w.askRows(t.T("pages.letter.file"), "otklik-letters-", lists.ListPages, heads, rows)
}
