package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"otklik/assets"
)

// plainText undoes escape.
func plainText(page string) string {
	return strings.NewReplacer(`\-`, "-", `\e`, `\`, `\&`, "", `\fB`, "", `\fR`, "").Replace(page)
}

// TestThePageSaysWhatTheHelpSays, line by line.
func TestThePageSaysWhatTheHelpSays(t *testing.T) {
	for lang := range headings {
		page, err := workstation(lang)
		if err != nil {
			t.Fatal(err)
		}
		text := plainText(page)
		_, rest, _ := strings.Cut(assets.Load(lang).T("cli.help"), "\n")
		for _, line := range strings.Split(rest, "\n") {
			if !strings.Contains(text, strings.TrimPrefix(line, "  ")) {
				t.Errorf("%s: the page does not say %q", lang, line)
			}
		}
	}
}

// TestThePageOfTheServer: every command of the program and every flag of its sources.
func TestThePageOfTheServer(t *testing.T) {
	folder := filepath.Join("..", "otklik-central")
	page, err := server(folder)
	if err != nil {
		t.Fatal(err)
	}
	text := plainText(page)
	sources, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	flags, calls := 0, 0
	for _, path := range sources {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`\bf\.\w+\((?:&[\w.]+, )?"([a-z-]+)", `).FindAllSubmatch(source, -1) {
			flags++
			if !strings.Contains(text, "\n--"+string(m[1])+"\n") {
				t.Errorf("%s: the page does not explain --%s", path, m[1])
			}
		}
		if filepath.Base(path) != "main.go" {
			continue
		}
		for _, m := range regexp.MustCompile(`\n\tcase "([a-z]+)":`).FindAllSubmatch(source, -1) {
			calls++
			if !strings.Contains(text, "otklik-central "+string(m[1])) {
				t.Errorf("the page does not say otklik-central %s", m[1])
			}
		}
	}
	if flags < 20 || calls < 10 {
		t.Errorf("only %d flags and %d commands were found in the sources", flags, calls)
	}
}
