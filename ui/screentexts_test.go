package ui

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"otklik/app"
	"otklik/assets"
)

var verb = regexp.MustCompile(`%[sdv]`)

// TestScreenWordsFitTogether compares the two languages of screens.*.json: the
// same keys, the same arguments.
func TestScreenWordsFitTogether(t *testing.T) {
	read := func(lang string) map[string]any {
		data, err := os.ReadFile("../assets/translations/screens." + lang + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var all map[string]any
		if err := json.Unmarshal(data, &all); err != nil {
			t.Fatal(err)
		}
		return all
	}
	forms := map[string][]string{"ru": {"few", "many", "one"}, "en": {"one", "other"}}
	words := func(v any, lang, key string) []string {
		if s, ok := v.(string); ok {
			return []string{s}
		}
		var out, names []string
		for form, s := range v.(map[string]any) {
			names = append(names, form)
			out = append(out, s.(string))
		}
		slices.Sort(names)
		if !slices.Equal(names, forms[lang]) {
			t.Errorf("%s has the forms %v in %s", key, names, lang)
		}
		return out
	}
	ru, en := read("ru"), read("en")
	for key, r := range ru {
		e, ok := en[key]
		if !ok {
			t.Errorf("%s has no English words", key)
			continue
		}
		want := verb.FindAllString(words(r, "ru", key)[0], -1)
		for _, s := range append(words(r, "ru", key), words(e, "en", key)...) {
			if got := verb.FindAllString(s, -1); !slices.Equal(got, want) {
				t.Errorf("%s: %q takes %v, want %v", key, s, got, want)
			}
			if strings.TrimSpace(s) == "" {
				t.Errorf("%s is empty", key)
			}
		}
	}
	for key := range en {
		if _, ok := ru[key]; !ok {
			t.Errorf("%s has no Russian words", key)
		}
	}
}

// TestFamiliesOfScreensAreTranslated looks for the keys made from values.
func TestFamiliesOfScreensAreTranslated(t *testing.T) {
	keys := []string{"link.none"}
	for _, p := range chartPeriods {
		keys = append(keys, p.key)
	}
	keys = append(keys, analyticsKeys()...)
	for _, m := range []string{app.MarkOpinion, app.MarkProblem} {
		keys = append(keys, "pages.mark."+m)
	}
	family := func(name string, values ...string) {
		for _, v := range values {
			keys = append(keys, name+"."+v)
		}
	}
	family("pages.apart", string(app.ApartGround), string(app.ApartNoLink), string(app.ApartNoRule))
	family("twin", string(app.TwinAddress), string(app.TwinExternal), string(app.TwinName))
	for _, z := range app.Zones {
		family("zone", string(z), "short."+string(z))
	}
	for _, v := range app.Troubles {
		family("trouble", string(v))
	}
	for _, v := range app.LinkStates {
		family("link_short", string(v))
	}
	for _, v := range app.GrowthMeasures {
		family("pages.growth", "by."+string(v), "formula."+string(v))
	}
	for _, k := range []app.OpKind{app.OpCreate, app.OpEvent, app.OpAmend, app.OpPage, app.OpCount, app.OpResolve, app.OpTable} {
		keys = append(keys, "op."+string(k))
	}
	for _, c := range []app.Code{
		app.CodeNotFound, app.CodeNotAllowed, app.CodeWrongRole, app.CodeNeedsField, app.CodeEmptyText, app.CodeConflictOpen,
		app.CodeUnknownSchema, app.CodeRevoked, app.CodeNoServer, app.CodeServerAnswer, app.CodeEnrolCode, app.CodeNotEnrolled,
		"malformed", "id_reused",
	} {
		keys = append(keys, "reason."+string(c))
	}
	for _, lang := range assets.Languages {
		text := assets.Load(lang)
		for _, k := range keys {
			if !text.Has(k) {
				t.Errorf("%s: no words for %s", lang, k)
			}
		}
		for m := app.Day(15); m < 365; m += 30 {
			if s := wholeDay(text, m); strings.Contains(s, "month.") {
				t.Errorf("%s: %q", lang, s)
			}
		}
	}
}
