package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"otklik/app"
	"otklik/assets"
)

// literalKey finds keys of words written out in the code.
var literalKey = regexp.MustCompile(`\b(?:T|N|heading|card)\((?:f, )?"([a-z_]+(?:\.[A-Za-z_.]+)*)"[,)]`)

// TestEveryWordIsTranslated looks for keys without words in either language:
// those written out in the code and the families made from values.
func TestEveryWordIsTranslated(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		code, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range literalKey.FindAllStringSubmatch(string(code), -1) {
			keys[m[1]] = true
		}
	}
	if len(keys) < 100 {
		t.Fatalf("found only %d keys in the code: the pattern no longer fits", len(keys))
	}
	for _, k := range screenKinds() {
		keys["screen."+k.name] = true
	}
	for _, g := range menuGroups() {
		keys[g.name] = true
		for _, c := range g.commands {
			for _, one := range append(c.more, c) {
				if one.name != "" {
					keys[one.name] = true
				}
			}
		}
	}
	for _, word := range fyneWords {
		keys["fyne."+word] = true
	}
	for _, l := range []app.Link{app.LinkConnecting, app.LinkOnline, app.LinkOffline, app.LinkOff, app.LinkRefused} {
		keys["link."+string(l)] = true
	}
	for _, s := range []app.Status{app.StatusAnswered, app.StatusClosed, app.StatusRejected, app.StatusMerged} {
		keys["due."+string(s)] = true
	}
	for _, u := range []app.Unit{app.UnitWorkHours, app.UnitHours, app.UnitWorkDays, app.UnitDays} {
		keys["why.unit."+string(u)], keys["why.length."+string(u)] = true, true
	}
	for _, aim := range []string{"answer", "final", "route", "register", "redirect"} {
		keys["why.aim."+aim] = true
	}
	for _, reason := range []app.DayReason{app.ReasonWeekend, app.ReasonHoliday, app.ReasonMoved + "_from"} {
		keys["why.rest."+string(reason)] = true
	}
	for severity := range app.MaxSeverity + 1 {
		keys[fmt.Sprint("severity.", severity)] = true
	}
	for _, tr := range app.Transitions {
		e := string(tr.Event)
		keys["timeline.line."+e], keys["timeline.what."+e] = true, true
		if !tr.Event.ByItself() && tr.Event != app.EventAnswered && tr.Event != app.EventNote {
			keys["action."+e] = true
		}
		if !tr.Event.ByItself() {
			keys["done."+e] = true
		}
	}
	for _, lang := range assets.Languages {
		texts := assets.Load(lang)
		for k := range keys {
			if !texts.Has(k) {
				t.Errorf("%s: no words for %q", lang, k)
			}
		}
	}
}
