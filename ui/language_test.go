package ui

import (
	"encoding/json"
	"go/scanner"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"otklik/app"
	"otklik/assets"
)

// russianWords are the Russian translations, each as a pattern of what it may
// become; those that hold hardly more than arguments could be anything.
func russianWords(t *testing.T) *regexp.Regexp {
	t.Helper()
	files, err := filepath.Glob("../assets/translations/*.ru.json")
	if err != nil {
		t.Fatal(err)
	}
	var patterns []string
	add := func(key, words string) {
		bare := strings.TrimFunc(verb.ReplaceAllString(words, ""), func(r rune) bool { return !unicode.IsLetter(r) })
		if key == "language.ru" || key == "demo.operator" || len([]rune(bare)) < 4 || !cyrillic(bare) {
			return
		}
		patterns = append(patterns, strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(regexp.QuoteMeta(words), "%s", ".*"), "%d", ".*"), "%v", ".*"))
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var all map[string]any
		if err := json.Unmarshal(data, &all); err != nil {
			t.Fatal(err)
		}
		for key, v := range all {
			if s, ok := v.(string); ok {
				add(key, s)
				continue
			}
			for _, s := range v.(map[string]any) {
				add(key, s.(string))
			}
		}
	}
	return regexp.MustCompile(`^(?:` + strings.Join(patterns, "|") + `)$`)
}

func cyrillic(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) })
}

// words are all that is written under an object.
func wordsOf(root fyne.CanvasObject) (out []string) {
	for _, o := range test.LaidOutObjects(root) {
		switch o := o.(type) {
		case *canvas.Text:
			out = append(out, o.Text)
		case *widget.Label:
			out = append(out, o.Text)
		case *entry:
			out = append(out, o.PlaceHolder)
		}
	}
	return out
}

// bareKey is how words that were not translated look.
var bareKey = regexp.MustCompile(`^[a-z_]{3,}(\.[a-z_]+)+$`)

// TestEveryScreenSpeaksItsLanguage walks through the screens and questions in both
// languages: nothing on them is a key, and in English nothing is the interface's
// Russian. What people and the region wrote stays as it is.
func TestEveryScreenSpeaksItsLanguage(t *testing.T) {
	russian := russianWords(t)
	region, err := os.ReadFile("../assets/region/region.json")
	if err != nil {
		t.Fatal(err)
	}
	groups, err := os.ReadFile("../assets/region/topic_groups.json")
	if err != nil {
		t.Fatal(err)
	}
	own := string(region) + string(groups)
	for _, lang := range assets.Languages {
		t.Run(lang, func(t *testing.T) {
			f := openWindow(t, fixed{lang: lang, store: func(s *fakeStore) {
				drawnPages(s)
				answeredAppeals(s)
				drawnExchange(s)
			}})
			f.options.Sample, f.options.Changes, f.options.Crash = true, map[string]string{"ru": "# Изменения", "en": "# Changes"}, "/data/crash-1.txt"
			f.options.Join = func(string, string, string) error { return nil }
			f.options.Importer = &fakeImporter{}
			f.rebuild()
			seen := 0
			look := func(where string) {
				f.settle()
				all := wordsOf(f.win.Content())
				if f.dialog != nil {
					all = append(all, wordsOf(f.dialog.pop.Content)...)
				}
				for _, s := range all {
					seen++
					if bareKey.MatchString(s) && !strings.HasSuffix(s, ".example") && s != "otklik.db" {
						t.Errorf("%s: %q is a key", where, s)
					}
					if lang == "en" && cyrillic(s) && russian.MatchString(s) && !strings.Contains(own, s) {
						t.Errorf("%s: %q is Russian", where, s)
					}
				}
			}
			for _, k := range screenKinds() {
				f.open(k.name)
				look(k.name)
			}
			f.open(screenSettings)
			f.screens[screenSettings].(*settingsScreen).openTables()
			look("tables")
			f.open(screenAppeals)
			s := f.appealsPart()
			s.read()
			look("card")
			asks := map[string]func(){
				"new": f.newAppeal, "route": func() { s.askExecutor(app.EventRouted) }, "why": s.explain, "keys": f.showKeys,
				"return": s.askReturn, "interim": s.askInterim, "merge": s.askParent, "import": f.chooseImport,
				"sample": f.leaveSample, "join": f.joinServer, "changes": f.showChanges, "crash": func() { f.showCrash(2) },
				"wipe": func() { f.askWipe(3) }, "template": s.chooseTemplate, "go to": s.goToNumber, "save view": s.saveView,
			}
			for name, ask := range asks {
				ask()
				f.settle()
				if f.dialog == nil {
					t.Errorf("%s asks nothing", name)
					continue
				}
				look(name)
				f.dialog.close()
			}
			if seen < 500 {
				t.Errorf("only %d words were looked at", seen)
			}
		})
	}
}

// endings are of names of municipalities, which are the region's words.
var endings = []string{`" муниципальный округ"`, `" городской округ"`, `" район"`, `" округ"`}

// TestNoRussianInCode holds words of the interface to the files of translations.
func TestNoRussianInCode(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		code, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		set := token.NewFileSet()
		var s scanner.Scanner
		s.Init(set.AddFile(name, -1, len(code)), code, nil, 0)
		for {
			pos, kind, literal := s.Scan()
			if kind == token.EOF {
				break
			}
			if kind == token.STRING && cyrillic(literal) && !slices.Contains(endings, literal) {
				t.Errorf("%s: %s", set.Position(pos), literal)
			}
		}
	}
}
