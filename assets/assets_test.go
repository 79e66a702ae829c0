package assets

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"otklik/app"
)

func TestRegionIsWhole(t *testing.T) {
	region, terms, err := Region()
	if err != nil {
		t.Fatal(err)
	}
	if len(region.Groups) != 26 {
		t.Errorf("%d topic groups, the federal list has 26", len(region.Groups))
	}
	if !terms.Calendar.Knows(2025) || !terms.Calendar.Knows(2026) {
		t.Error("a production calendar is missing")
	}
	if region.Goal() != 4*time.Hour+30*time.Minute {
		t.Errorf("goal %v", region.Goal())
	}
	for _, kind := range app.Kinds {
		a := &app.Appeal{Kind: kind, Status: app.StatusNew}
		start := app.EventDetected
		a.Apply(app.Event{ID: "1", Type: start, At: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)})
		if terms.Deadline(a).Due.IsZero() {
			t.Errorf("no rule gives %s a term", kind)
		}
	}
	if got := region.GroupOf("Многоквартирные дома"); got != "ЖКХ" {
		t.Errorf("an alias leads to %q", got)
	}
}

// TestLanguagesSayTheSame compares the languages key by key: no key may be
// missing, verbs must agree, plural forms must be those of the language.
func TestLanguagesSayTheSame(t *testing.T) {
	ru, en := Load("ru"), Load("en")
	for key, s := range ru.one {
		other, ok := en.one[key]
		if !ok {
			t.Errorf("%s is missing in English", key)
			continue
		}
		if a, b := verbs(s), verbs(other); !slices.Equal(a, b) {
			t.Errorf("%s: %v in Russian, %v in English", key, a, b)
		}
	}
	for key := range en.one {
		if _, ok := ru.one[key]; !ok {
			t.Errorf("%s is missing in Russian", key)
		}
	}
	for key, forms := range ru.many {
		for _, f := range []string{"one", "few", "many"} {
			if forms[f] == "" {
				t.Errorf("%s has no Russian form %q", key, f)
			}
		}
		for _, f := range []string{"one", "other"} {
			if en.many[key][f] == "" {
				t.Errorf("%s has no English form %q", key, f)
			}
		}
	}
	for key := range en.many {
		if ru.many[key] == nil {
			t.Errorf("%s is missing in Russian", key)
		}
	}
}

var verb = regexp.MustCompile(`%(\[\d+\])?[-+0-9.]*[a-zA-Z]`)

func verbs(s string) []string {
	out := verb.FindAllString(strings.ReplaceAll(s, "%%", ""), -1)
	slices.Sort(out)
	return out
}

// TestKeysInCodeAreTranslated reads the sources for keys asked by name.
func TestKeysInCodeAreTranslated(t *testing.T) {
	text := Load("ru")
	asked := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			sel, ok := call.Fun.(*ast.SelectorExpr)
			lit, isLit := call.Args[0].(*ast.BasicLit)
			if !ok || !isLit || lit.Kind != token.STRING || sel.Sel.Name != "T" && sel.Sel.Name != "N" {
				return true
			}
			key, err := strconv.Unquote(lit.Value)
			if err == nil && !text.Has(key) {
				t.Errorf("%s asks for %q, which is not translated", path, key)
			}
			asked++
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if asked == 0 {
		t.Error("no key was found in the sources")
	}
}

// TestWordsOfTheDomain asks that every value people may see has a word.
func TestWordsOfTheDomain(t *testing.T) {
	for _, lang := range Languages {
		text := Load(lang)
		has := func(family, value string) {
			if !text.Has(family + "." + value) {
				t.Errorf("%s: %s.%s has no word", lang, family, value)
			}
		}
		for _, v := range app.Kinds {
			has("kind", string(v))
		}
		for _, v := range app.Sources {
			has("source", string(v))
			has("badge", string(v))
		}
		for _, v := range app.Statuses {
			has("status", string(v))
		}
		for _, v := range app.Outcomes {
			has("outcome", string(v))
		}
		for _, v := range app.Queues {
			has("queue", string(v))
		}
		for _, tr := range app.Transitions {
			has("event", string(tr.Event))
		}
	}
}

func TestEveryErrorHasASentence(t *testing.T) {
	f, err := parser.ParseFile(token.NewFileSet(), "../app/errors.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	ast.Inspect(f, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		code, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		n++
		for _, lang := range Languages {
			if !Load(lang).Has("error." + code) {
				t.Errorf("%s: no sentence for %s", lang, code)
			}
		}
		return true
	})
	if n == 0 {
		t.Error("no codes found")
	}
}

func TestWriting(t *testing.T) {
	ru, en := Load("ru"), Load("en")
	for _, c := range []struct{ got, want string }{
		{ru.Number(1284310), "1\u00a0284\u00a0310"},
		{en.Number(1284310), "1,284,310"},
		{ru.Signed(-48), "−48"},
		{ru.Signed(312), "+312"},
		{ru.Percent(0.942, 1), "94,2\u00a0%"},
		{en.Percent(0.942, 1), "94.2%"},
		{ru.Duration(2*time.Hour + 48*time.Minute), "2 ч 48 мин"},
		{ru.Duration(3*time.Hour + 5*time.Minute), "3 ч 05 мин"},
		{ru.Duration(-72 * time.Minute), "−1 ч 12 мин"},
		{ru.Duration(51 * time.Hour), "2 дн 3 ч"},
		{ru.Duration(0), "0 мин"},
		{ru.Sentence(app.Fail(app.CodeNeedsField, "executor")), "Не заполнено: исполнитель. Укажите и повторите."},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
	for n, want := range map[int]string{1: "one", 2: "few", 5: "many", 11: "many", 12: "many", 21: "one", 22: "few", 111: "many", 0: "many"} {
		if got := russianPlural(n); got != want {
			t.Errorf("%d takes %q, want %q", n, got, want)
		}
	}
}

func TestUnknownLanguageFallsBack(t *testing.T) {
	if got := Load("xx").Lang; got != Languages[0] {
		t.Errorf("got %q", got)
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(must("translations/words.ru.json"), &raw); err != nil || len(raw) == 0 {
		t.Error(err)
	}
}
