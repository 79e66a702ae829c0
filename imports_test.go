package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// arrows says which packages of the house a package may import. What is not
// listed may import nothing of the house; main and cmd know everything.
var arrows = map[string][]string{
	"app":                   {},
	"assets":                {"app"},
	"clock":                 {"app"},
	"disk":                  {},
	"keys":                  {"app", "disk"},
	"links":                 {"app"},
	"pack":                  {},
	"seal":                  {"app", "disk"},
	"store":                 {"app", "disk", "pack", "seal"},
	"sync":                  {"app", "sync/wire"},
	"sync/wire":             {"app"},
	"topics":                {"app"},
	"topics/trial":          {"app", "topics"},
	"report":                {"app"},
	"bulletin":              {"app", "assets", "disk", "report"},
	"exchange":              {"app", "disk"},
	"lists":                 {"app", "assets", "bulletin", "disk", "exchange", "report"},
	"ui":                    {"app", "report", "exchange", "lists", "assets", "bulletin"},
	"central":               {"app", "sync/wire"},
	"central/embedded":      {"app", "pack", "central", "sync/wire"},
	"central/postgres":      {"app", "pack", "central", "sync/wire"},
	"central/postgrestest":  {},
	"central/storagetest":   {"app", "central", "sync/wire"},
	"central/demo":          {"app", "central"},
	"central/conform":       {"app", "sync/wire"},
	"central/channel":       {"app", "central"},
	"central/channel/viber": {"app", "central/channel"},

	"central/channel/max":         {"app", "central/channel"},
	"central/channel/ok":          {"app", "central/channel"},
	"central/channel/telegram":    {"app", "central/channel"},
	"central/channel/sheets":      {"app", "assets", "central", "central/channel", "disk", "exchange"},
	"central/channel/vk":          {"app", "central/channel"},
	"central/channel/channeltest": {"app", "central", "central/channel", "central/embedded", "sync/wire"},
	"central/channel/open311":     {"app", "central"},
	"e2e":                         {"app", "assets", "keys", "seal", "store", "sync/wire"},
	"simulate":                    {"app", "assets", "seal", "store", "sync", "sync/wire", "central", "central/embedded"},
	"locale":                      {},
}

// standardOnly lists packages that import nothing from outside either.
var standardOnly = map[string]bool{"app": true, "disk": true, "locale": true}

func TestImportsPointOneWay(t *testing.T) {
	seen := map[string]bool{}
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return err
		}
		dir := path.Dir(filepath.ToSlash(file))
		if dir == "." || strings.HasPrefix(dir, "cmd/") || strings.HasPrefix(dir, "bench") {
			return nil
		}
		may, known := arrows[dir]
		if !known {
			t.Errorf("%s: the map of the house does not know %s", file, dir)
			return nil
		}
		seen[dir] = true
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range f.Imports {
			name, _ := strconv.Unquote(spec.Path.Value)
			checkArrow(t, file, dir, name, may)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for dir := range arrows {
		if !seen[dir] {
			t.Errorf("the map of the house names %s, which is not there", dir)
		}
	}
}

func checkArrow(t *testing.T, file, dir, name string, may []string) {
	t.Helper()
	if name == "fyne.io/fyne/v2/app" {
		t.Errorf("%s imports Fyne's app, which belongs to main", file)
	}
	inside, ours := strings.CutPrefix(name, "otklik/")
	if !ours {
		if standardOnly[dir] && strings.Contains(strings.Split(name, "/")[0], ".") {
			t.Errorf("%s imports %s; %s keeps to the standard library", file, name, dir)
		}
		return
	}
	for _, m := range may {
		if inside == m {
			return
		}
	}
	t.Errorf("%s imports %s; %s may import %v", file, inside, dir, may)
}

func TestEveryPackageSaysWhatItMayKnow(t *testing.T) {
	for dir := range arrows {
		text, err := os.ReadFile(filepath.Join(dir, "doc.go"))
		if err != nil {
			t.Errorf("%s has no doc.go", dir)
			continue
		}
		if words := strings.Join(strings.Fields(strings.ReplaceAll(string(text), "//", "")), " "); !strings.Contains(words, "may know") {
			t.Errorf("%s/doc.go does not say what the package may know", dir)
		}
	}
}
