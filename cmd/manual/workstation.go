package main

import (
	"fmt"
	"strings"

	"otklik/assets"
)

// headings of a page, by language.
var headings = map[string]struct{ name, synopsis, description, files, more string }{
	"en": {"NAME", "SYNOPSIS", "DESCRIPTION", "FILES", "SEE ALSO"},
	"ru": {"ИМЯ", "ОБЗОР", "ОПИСАНИЕ", "ФАЙЛЫ", "СМОТРИТЕ ТАКЖЕ"},
}

// workstation makes the page of otklik out of its help: the first line says what
// the program is, the indented ones what can be called, the others explain.
func workstation(lang string) (string, error) {
	h, known := headings[lang]
	if !known {
		return "", fmt.Errorf("%q is no language of the program", lang)
	}
	first, rest, _ := strings.Cut(assets.Load(lang).T("cli.help"), "\n")
	_, about, _ := strings.Cut(strings.TrimSuffix(first, "."), " — ")
	var calls, words []string
	for _, line := range strings.Split(rest, "\n") {
		switch {
		case strings.HasPrefix(line, "  "):
			calls = append(calls, strings.TrimPrefix(line, "  "))
		case line != "":
			words = append(words, line)
		}
	}
	var p page
	p.begin("otklik", about, h.name)
	fmt.Fprintf(&p, ".SH %s\n", h.synopsis)
	p.preformatted(calls)
	fmt.Fprintf(&p, ".SH %s\n", h.description)
	p.paragraphs(words)
	fmt.Fprintf(&p, ".SH %s\n", h.files)
	p.preformatted([]string{"$XDG_CONFIG_HOME/otklik, ~/.config/otklik"})
	fmt.Fprintf(&p, ".SH %s\n", h.more)
	p.paragraphs([]string{"otklik-central(1)"})
	return p.String(), nil
}
