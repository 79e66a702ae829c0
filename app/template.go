package app

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// A template's field is a name in braces, «{номер}». What the appeal says fills it;
// the others are left to the person who answers, the name of the applicant above
// all: how somebody is spoken to is never guessed.

// TemplateFields are the fields that an appeal fills, in the words of templates.
var TemplateFields = []string{"номер", "дата", "сегодня", "срок", "тема", "муниципалитет", "исполнитель", "адрес"}

// FieldName is the field of the applicant's name. The person fills it.
const FieldName = "имя"

var templateField = regexp.MustCompile(`\{[^{}\n]{1,40}\}`)

// Blank is a field of a text that nobody has filled yet.
type Blank struct {
	Name     string
	From, To int // in letters, the braces included
}

// Blanks gives the fields of a text that are still to be filled, in their order.
func Blanks(text string) (out []Blank) {
	for _, at := range templateField.FindAllStringIndex(text, -1) {
		from := utf8.RuneCountInString(text[:at[0]])
		name := text[at[0]:at[1]]
		out = append(out, Blank{
			Name: strings.TrimSpace(name[1 : len(name)-1]),
			From: from, To: from + utf8.RuneCountInString(name),
		})
	}
	return out
}

// blankIn refuses answers with fields that nobody has filled: of many appeals nobody
// reads each before it goes.
func blankIn(events []Event) error {
	for _, e := range events {
		if e.Type != EventAnswered && e.Type != EventSubmitted {
			continue
		}
		if blanks := Blanks(e.Text); len(blanks) > 0 {
			return Fail(CodeNeedsField, "{"+blanks[0].Name+"}")
		}
	}
	return nil
}

// Fill puts what the appeal says into the fields of a template. A field it says
// nothing about stays as it is.
func (d *Desk) Fill(template string, a *Appeal) string {
	values := d.fieldValues(a)
	return templateField.ReplaceAllStringFunc(template, func(field string) string {
		name := Fold(strings.TrimSpace(field[1 : len(field)-1]))
		if v := values[name]; v != "" {
			return v
		}
		return field
	})
}

func (d *Desk) fieldValues(a *Appeal) map[string]string {
	day := func(at time.Time) string {
		if at.IsZero() {
			return ""
		}
		return at.In(d.zone(a)).Format("02.01.2006")
	}
	either := func(one, other string) string {
		if one != "" {
			return one
		}
		return other
	}
	start := time.Time{}
	if e, ok := firstOf(a.Events, EventPublished, EventRegistered, EventDetected); ok {
		start = e.At
	}
	return map[string]string{
		"номер": either(a.Number, a.External), "дата": day(start), "сегодня": day(d.now()),
		"срок": day(d.Terms().Deadline(a).Due), "тема": either(a.Topic, a.Group), "муниципалитет": a.Municipality,
		"исполнитель": a.Executor, "адрес": a.Place,
	}
}

// zone is the time zone of the place the appeal is about.
func (d *Desk) zone(a *Appeal) *time.Location {
	if d.Terms().Zone != nil {
		return d.Terms().Zone(a.Municipality)
	}
	return d.now().Location()
}

// What makes an answer only a template: the words of one stand in it, or of several,
// and hardly any besides. A name, a patronymic and a surname are three words and say
// nothing of the matter; whatever was done takes four at least («заделали яму у дома
// 5»). A template counts as used where three quarters of its fixed words are there:
// people strike out a sentence, and a text that merely shares «здравствуйте» and
// «спасибо» with one is their own.
const (
	ownWords      = 4
	templateShare = 0.75
)

// OnlyTemplate says whether the text is nothing but one or more of the templates.
// Fields count as fixed words where they were filled from the appeal, which is why
// templates come filled.
func OnlyTemplate(text string, templates ...string) bool {
	left := wordBag(text)
	used := false
	for {
		best, share := []string(nil), 0.0
		for _, t := range templates {
			fixed := Words(templateField.ReplaceAllString(t, " "))
			if s := left.share(fixed); len(fixed) > 0 && s >= templateShare && (s > share || s == share && len(fixed) > len(best)) {
				best, share = fixed, s
			}
		}
		if best == nil {
			break
		}
		used = true
		left.take(best)
	}
	return used && left.size() < ownWords
}

// Words gives the words and numbers of a text in lower case, ё as е.
func Words(text string) []string {
	return strings.FieldsFunc(Fold(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// bag counts words.
type bag map[string]int

func wordBag(text string) bag {
	b := bag{}
	for _, w := range Words(templateField.ReplaceAllString(text, " ")) {
		b[w]++
	}
	return b
}

// share is how many of the words are in the bag, 0…1.
func (b bag) share(words []string) float64 {
	seen := bag{}
	n := 0
	for _, w := range words {
		if seen[w]++; seen[w] <= b[w] {
			n++
		}
	}
	return float64(n) / float64(max(len(words), 1))
}

func (b bag) take(words []string) {
	for _, w := range words {
		if b[w] > 0 {
			b[w]--
		}
	}
}

func (b bag) size() (n int) {
	for _, k := range b {
		n += k
	}
	return n
}

// filled gives the region's templates as they come out for the appeal, and as they
// stand: a person may have filled the fields otherwise.
func (d *Desk) filled(a *Appeal) []string {
	var out []string
	for _, t := range d.Region().Templates {
		out = append(out, t.Text)
		if f := d.Fill(t.Text, a); !slices.Contains(out, f) {
			out = append(out, f)
		}
	}
	return out
}
