package open311

import (
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestTheCommandsOfTheDocsWork runs every curl of the administrator's page, a client
// that is not ours, and holds what it prints to the standard.
func TestTheCommandsOfTheDocsWork(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("curl is not here")
	}
	page, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "channels.ru.md"))
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?s)```sh\nO=https://СЕРВЕР/open311\n(.*?)```").FindSubmatch(page)
	if block == nil {
		t.Fatal("the page has no commands")
	}
	w := newWorld(t)
	server := httptest.NewServer(w.e)
	defer server.Close()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "снимок.jpg"), []byte("\xFF\xD8\xFF\xE0 picture"), 0o600); err != nil {
		t.Fatal(err)
	}
	token, _, err := w.e.take(t.Context(), "key", false, posted{Service: "Ямы и выбоины", Description: "Яма"})
	if err != nil {
		t.Fatal(err)
	}
	said := strings.NewReplacer(
		"$O", server.URL+strings.TrimSuffix(Prefix, "/"), "КЛЮЧ", goodKey, "ВИД", codeOf("Дороги", "Ямы и выбоины"), "НОМЕР", w.handed(good()), "ТОКЕН", token,
	)
	kinds := []struct{ path, answer string }{
		{"/discovery.", "discovery"},
		{"/services.", "services"},
		{"/services/", "definition"},
		{"/tokens/", "token"},
		{" -d ", "posted"},
		{" -F ", "posted"},
		{"/requests", "requests"},
	}
	ran := 0
	for line := range strings.Lines(string(block[1])) {
		command := exec.CommandContext(t.Context(), "sh", "-c", strings.Replace(said.Replace(line), "curl ", "curl -sS --fail-with-body ", 1))
		command.Dir = folder
		out, err := command.CombinedOutput()
		if err != nil {
			t.Errorf("%s%v: %s", line, err, out)
			continue
		}
		format := "json"
		if strings.HasPrefix(string(out), "<") {
			format = "xml"
		}
		if !strings.Contains(line, "."+format) {
			t.Errorf("%s%s", line, out)
		}
		for _, k := range kinds {
			if strings.Contains(line, k.path) {
				validate(t, format, string(out), k.answer)
				ran++
				break
			}
		}
	}
	if ran != 11 || len(w.appeals()) != 3 {
		t.Errorf("%d commands, %d appeals", ran, len(w.appeals()))
	}
}
