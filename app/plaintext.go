package app

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// Personal data in the words of an appeal. What has a form is found by it; a name
// in the middle of a sentence has none but the patronymic, so whoever gives a text
// out is shown it first.
var personal = []*regexp.Regexp{
	// Mail, then pages of people and their names in networks.
	regexp.MustCompile(`[\p{L}\p{N}._%+-]+@[\p{L}\p{N}.-]+\.\p{L}{2,}`),
	regexp.MustCompile(`https?://\S+|\b(?:vk\.com|vk\.ru|ok\.ru|t\.me)/\S+|@[A-Za-z0-9_]{4,}`),
	// Telephones: with a code, in town.
	regexp.MustCompile(`(?:\+7|\b8|\b7)[\s(-]*\d{3}[\s)-]*\d{3}[\s-]*\d{2}[\s-]*\d{2}\b`),
	regexp.MustCompile(`\b\d{2,3}-\d{2}-\d{2}\b`),
	// Bank card, insurance, passport, tax number.
	regexp.MustCompile(`\b\d{4}[\s-]\d{4}[\s-]\d{4}[\s-]\d{4}\b|\b\d{3}-\d{3}-\d{3}[\s-]\d{2}\b|\b\d{2}\s?\d{2}\s\d{6}\b|\b\d{10,12}\b`),
	// Surname Name Patronymic, Name Patronymic, Surname N. P.
	regexp.MustCompile(`[А-ЯЁ][а-яё-]+\s+[А-ЯЁ][а-яё-]+\s+[А-ЯЁ][а-яё]+(?:вич|вна|чна)(?:а|у|ем|ой|ы|е)?`),
	regexp.MustCompile(`[А-ЯЁ][а-яё-]+\s+[А-ЯЁ][а-яё]+(?:ович|евич|овна|евна|ична)(?:а|у|ем|ой|ы|е)?`),
	regexp.MustCompile(`[А-ЯЁ][а-яё-]+\s+[А-ЯЁ]\.\s?[А-ЯЁ]\.|[А-ЯЁ]\.\s?[А-ЯЁ]\.\s?[А-ЯЁ][а-яё-]+`),
	// Flat.
	regexp.MustCompile(`(?i)(?:кв\.?|квартир[аеуы])\s*№?\s*\d+`),
}

// Mask puts hidden in the place of personal data that can be told by their form.
func Mask(text, hidden string) string {
	for _, p := range personal {
		text = p.ReplaceAllString(text, hidden)
	}
	return text
}

// Masked is a copy of the appeal that does not say who wrote it, as far as the
// form tells: author, contact and the link to the post are not in it, and hidden
// stands for what is personal in texts.
func (a *Appeal) Masked(hidden string) *Appeal {
	c := a.Clone()
	author := strings.TrimSpace(a.Author)
	mask := func(s string) string {
		if utf8.RuneCountInString(author) > 3 { // shorter ones are parts of other words
			s = strings.ReplaceAll(s, author, hidden)
		}
		return Mask(s, hidden)
	}
	c.Author, c.Contact, c.Link, c.External = "", "", "", ""
	c.Title, c.Text, c.Place = mask(a.Title), mask(a.Text), mask(a.Place)
	for i := range c.Events {
		c.Events[i].Text = mask(c.Events[i].Text)
		c.Events[i].Files = nil // their names
	}
	return c
}

// PlainText writes the appeal for a messenger: number, place, heading, text and
// what the caller adds, one paragraph each; what is not known is left out.
func (a *Appeal) PlainText(number string, after ...string) string {
	place := a.Municipality
	if a.Place != "" {
		place = strings.TrimPrefix(place+", "+a.Place, ", ")
	}
	head := []string{number, a.Title, place}
	var parts []string
	for _, group := range [][]string{head, {strings.TrimSpace(a.Text)}, after} {
		var lines []string
		for _, l := range group {
			if l != "" {
				lines = append(lines, l)
			}
		}
		if len(lines) > 0 {
			parts = append(parts, strings.Join(lines, "\n"))
		}
	}
	return strings.Join(parts, "\n\n")
}

// Disclosure is the payload of OpDisclosed.
type Disclosure struct {
	How string `json:"how"` // DisclosedCopy, DisclosedPrint
}

// Ways personal data leave the program.
const (
	DisclosedCopy  = "copy"  // into the clipboard
	DisclosedPrint = "print" // as a sheet
)

// Disclose enters into the journal that personal data of the appeal are given out.
// Nothing may be given out before it has succeeded.
func (d *Desk) Disclose(appeal, how string) error {
	return d.store.Disclosed(appeal, how, d.now())
}

// ShowSheet keeps a page for the system's browser until the program ends, and gives
// its path, which says nothing of what it holds.
func (d *Desk) ShowSheet(page []byte) (string, error) { return d.store.ShowSheet(page) }
