package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestTheExamplesOfTheDocsAreRead: every example of the administrator's page is a file
// the server takes, and every platform has one.
func TestTheExamplesOfTheDocsAreRead(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "channels.ru.md"))
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	text := strings.ReplaceAll(string(page), "/run/secrets/", folder+"/")
	for _, m := range regexp.MustCompile(`"env": "(OTKLIK_[A-Z_]+)"`).FindAllStringSubmatch(text, -1) {
		t.Setenv(m[1], "a-secret")
	}
	for _, m := range regexp.MustCompile(`"file": "([^"]+)"`).FindAllStringSubmatch(text, -1) {
		if strings.HasPrefix(m[1], folder) {
			if err := os.WriteFile(m[1], []byte("a-secret"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	shown := map[string]bool{}
	for _, m := range regexp.MustCompile("(?s)```json\n(.*?)```").FindAllStringSubmatch(text, -1) {
		example := m[1]
		switch {
		case strings.HasPrefix(example, `"sheets"`):
			example = "{" + example + "}"
		case !strings.Contains(example, `"lines"`):
			example = `{"lines":[` + example + `]}`
		}
		config, err := readChannels(write(t, folder, example))
		if err != nil {
			t.Errorf("%s\n%v", example, err)
		}
		if len(config.lines)+len(config.sheets) == 0 && config.open311 == nil {
			t.Errorf("nothing is read of %s", example)
		}
		for _, p := range regexp.MustCompile(`"platform": "(\w+)"`).FindAllStringSubmatch(example, -1) {
			shown[p[1]] = true
		}
	}
	for name := range platforms {
		if !shown[name] {
			t.Errorf("no example of %s", name)
		}
	}
}
