package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"otklik/app"
)

// planted begins every word this test lets a person write; no sentence of the
// program does.
const planted = "Зюбрилк"

// TestNothingPlantedIsReadable looks for what people wrote in every file of the data
// folder: database, journal, backups, attachments, what was set aside and what a
// crash leaves.
func TestNothingPlantedIsReadable(t *testing.T) {
	server, data := newSecureServer(t), t.TempDir()
	command(t, 0, "sync", "--once", "--data", data, "--server", server.address, "--code", server.code(t), "--ca", server.ca)
	said := func(what string) string { return planted + "а " + what }
	withStation(t, data, func(st *station) {
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		id, err := st.desk.Create(app.Appeal{
			Kind: app.KindIncident, Source: app.SourceVK, Title: said("заголовка"), Text: said("текста"), Author: said("автора"),
			Contact: said("телефона"), Place: said("адреса"), Group: "Дороги",
		})
		must(err)
		f, err := st.desk.AttachFrom(said("имени файла")+".txt", strings.NewReader(strings.Repeat(said("вложения")+"\n", 3000)))
		must(err)
		must(st.desk.Act(id, app.Event{Type: app.EventNote, Text: said("заметки"), Files: []app.File{f}}))
		must(st.store.SaveDraft(id, app.Draft{Answer: said("черновика"), At: st.desk.Now()}))
		must(st.desk.SaveSetting("last", said("настройки")))
		found, err := st.desk.Find(app.Query{Queue: app.QueueOpen, Words: planted})
		if must(err); found.Total != 1 {
			t.Errorf("%d found: there is nothing to look for", found.Total)
		}
		must(st.store.Backup(context.Background()))
		if _, err := st.desk.ShowFile(f); err != nil {
			t.Error(err)
		}
	})
	command(t, 0, "compact", "--data", data)
	command(t, 0, "backup", "--data", data)
	var backups, files int
	err := filepath.WalkDir(data, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		if strings.Contains(path, "backups") {
			backups++
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name := strings.TrimPrefix(path, data)
		for _, form := range []string{planted, strings.ToLower(planted), strings.ToUpper(planted)} {
			for offset := range 3 { // as base64, wherever it begins
				coded := base64.StdEncoding.EncodeToString([]byte(strings.Repeat(" ", offset) + form))
				if bytes.Contains(raw, []byte(coded[4:len(coded)-4])) {
					t.Errorf("%s: readable as base64", name)
				}
			}
			if bytes.Contains(raw, []byte(form)) || strings.Contains(name, form) {
				t.Errorf("%s: readable", name)
			}
		}
		return nil
	})
	if err != nil || backups == 0 || files < 6 {
		t.Errorf("%d files, %d of them backups, %v", files, backups, err)
	}
}
