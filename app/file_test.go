package app_test

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"otklik/app"
)

// archive gives a ZIP with entries of these names.
func archive(t *testing.T, names ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range names {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(strings.Repeat("<x/>", 50))); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestFileTypeIsToldByContent(t *testing.T) {
	const office = "application/vnd.openxmlformats-officedocument."
	for _, c := range []struct {
		content []byte
		want    string
	}{
		{[]byte("\xFF\xD8\xFF\xE0..JFIF"), "image/jpeg"},
		{[]byte("\x89PNG\r\n\x1A\n...."), "image/png"},
		{[]byte("RIFF\x10\x00\x00\x00WEBPVP8 "), "image/webp"},
		{[]byte("\x00\x00\x00\x18ftypheic\x00\x00"), "image/heic"},
		{[]byte("\x00\x00\x00\x18ftypmp42\x00\x00"), "video/mp4"},
		{[]byte("\x00\x00\x00\x14ftypqt  \x00\x00"), "video/quicktime"},
		{[]byte("%PDF-1.7\n"), "application/pdf"},
		{archive(t, "[Content_Types].xml", "_rels/.rels", "word/document.xml"), office + "wordprocessingml.document"},
		{archive(t, "[Content_Types].xml", "xl/workbook.xml"), office + "spreadsheetml.sheet"},
		{[]byte("PK\x03\x04" + strings.Repeat("\x00", 26) + "mimetypeapplication/vnd.oasis.opendocument.text"), "application/vnd.oasis.opendocument.text"},
		{[]byte("Яма на дороге,\r\nвторой месяц"), "text/plain"},
		{[]byte("\xDF\xEC\xE0 \xED\xE0 \xE4\xEE\xF0\xEE\xE3\xE5"), "text/plain"}, // CP1251

		{nil, ""},
		{[]byte(" \n"), ""},
		{archive(t, "setup.exe"), ""},
		{[]byte("MZ\x90\x00\x03\x00"), ""},
		{[]byte("\x7FELF\x02\x01"), ""},
		{[]byte("<!DOCTYPE html><script>"), ""},
		{[]byte("\xEF\xBB\xBF  <svg xmlns="), ""},
		{[]byte("<?xml version='1.0'?><svg/>"), ""},
		{[]byte("#!/bin/sh\nrm"), ""},
		{[]byte("@echo off"), ""},
		{[]byte("{\\rtf1 "), ""},
		{[]byte("GIF89a\x01\x00"), ""},
		{[]byte("\x00\x00\x00\x18ftypevil"), ""},
	} {
		if got := app.FileType(c.content); got != c.want {
			t.Errorf("%.20q: %q, want %q", c.content, got, c.want)
		}
	}
}

func TestFileNames(t *testing.T) {
	for _, c := range []struct{ name, media, want string }{
		{"Двор.JPG", "image/jpeg", "Двор.JPG"},
		{`C:\Фото\двор.jpeg`, "image/jpeg", "двор.jpeg"},
		{"../../etc/passwd", "text/plain", "passwd.txt"},
		{"virus.bat", "text/plain", "virus.bat.txt"},
		{"счёт.pdf.exe", "application/pdf", "счёт.pdf.exe.pdf"},
		{"a\x00b\u202Egpj.png", "image/png", "abgpj.png"},
		{"..", "image/png", "1.png"},
		{"", "image/png", "1.png"},
		{strings.Repeat("я", 300), "image/png", strings.Repeat("я", 98) + ".png"},
	} {
		got := app.FileName(c.name, c.media)
		if got != c.want {
			t.Errorf("%q: %q, want %q", c.name, got, c.want)
		}
		f := app.File{SHA256: strings.Repeat("0a", 32), Size: 1, Type: c.media, Name: got}
		if !f.Valid() {
			t.Errorf("%q is not valid", got)
		}
	}
	good := app.File{SHA256: strings.Repeat("0a", 32), Size: 1, Type: "image/png", Name: "а.png"}
	for what, spoil := range map[string]func(*app.File){
		"hash":      func(f *app.File) { f.SHA256 = strings.Repeat("0A", 32) },
		"path":      func(f *app.File) { f.SHA256 = "../" + f.SHA256[3:] },
		"size":      func(f *app.File) { f.Size = 0 },
		"type":      func(f *app.File) { f.Type = "text/html" },
		"name":      func(f *app.File) { f.Name = "а/б.png" },
		"no name":   func(f *app.File) { f.Name = "" },
		"ending":    func(f *app.File) { f.Name = "а.exe" },
		"long name": func(f *app.File) { f.Name = strings.Repeat("a", 300) + ".png" },
	} {
		f := good
		if spoil(&f); f.Valid() {
			t.Errorf("%s: %+v is valid", what, f)
		}
	}
}
