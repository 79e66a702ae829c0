// Command manual prints a manual page of one of the programs, out of what the
// programs say themselves: the help of otklik, and of otklik-central its doc.go
// and its flags.
//
//	manual otklik ru|en
//	manual otklik-central SOURCES
//
// It may know the assets. It may not know what the programs do.
package main

import (
	"fmt"
	"os"
	"strings"

	"otklik/assets"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "manual:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("say otklik and a language, or otklik-central and the folder of its sources")
	}
	page, err := "", error(nil)
	switch args[0] {
	case "otklik":
		page, err = workstation(args[1])
	case "otklik-central":
		page, err = server(args[1])
	default:
		err = fmt.Errorf("%q is no program of the house", args[0])
	}
	if err == nil {
		_, err = fmt.Print(page)
	}
	return err
}

// page writes a manual page in the macros of man(7).
type page struct{ strings.Builder }

// begin writes the head; headings are in the page's language.
func (p *page) begin(program, about, heading string) {
	fmt.Fprintf(p, ".TH %s 1 \"\" \"otklik %s\"\n.SH %s\n%s \\- %s\n",
		strings.ToUpper(program), assets.Version, heading, escape(program), escape(about))
}

// preformatted writes lines as they are.
func (p *page) preformatted(lines []string) {
	p.WriteString(".nf\n")
	for _, line := range lines {
		p.WriteString(escape(line) + "\n")
	}
	p.WriteString(".fi\n")
}

// paragraphs writes running text.
func (p *page) paragraphs(texts []string) {
	for i, text := range texts {
		if i > 0 {
			p.WriteString(".PP\n")
		}
		p.WriteString(escape(text) + "\n")
	}
}

// escape makes text safe for roff. Dashes of options are to be copied as they are.
func escape(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(text)
	if strings.HasPrefix(text, ".") || strings.HasPrefix(text, "'") {
		text = `\&` + text
	}
	return text
}
