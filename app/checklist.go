package app

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Flaw is something the program sees in an answer by itself. It tells; what comes of
// it the person decides.
type Flaw string

// Flaws.
const (
	FlawBlank    Flaw = "blank"    // a field of a template was left empty
	FlawTemplate Flaw = "template" // nothing but a template
	FlawNoDate   Flaw = "no_date"  // an interim answer that names no date of the final one
	FlawOnlyLaw  Flaw = "only_law" // nothing but references to law
	FlawNoLink   Flaw = "no_link"  // published, and no link to it
)

// Flaws lists all flaws.
var Flaws = []Flaw{FlawBlank, FlawTemplate, FlawNoDate, FlawOnlyLaw, FlawNoLink}

// Review says what the program sees in the event that carries an answer to the
// appeal, or the proposal of one.
func (d *Desk) Review(a *Appeal, e Event) (seen []Flaw) {
	if len(Blanks(e.Text)) > 0 {
		seen = append(seen, FlawBlank)
	}
	if OnlyTemplate(e.Text, d.filled(a)...) {
		seen = append(seen, FlawTemplate)
	}
	if e.Type == EventInterim && !namesDate(e.Text) {
		seen = append(seen, FlawNoDate)
	}
	if onlyLaw(e.Text) {
		seen = append(seen, FlawOnlyLaw)
	}
	if e.Type == EventAnswered && e.Link == "" && d.AsksLink(a) {
		seen = append(seen, FlawNoLink)
	}
	return seen
}

// Published says whether the appeal was left where others can read it: the answer
// then stands there, too, and has an address.
func (a *Appeal) Published() bool { return a.Page != "" || a.Link != "" }

// AnswerLink reads the address of a published answer. Errors: CodeBadLink for what
// leads nowhere in the web.
func AnswerLink(typed string) (string, error) {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return "", nil
	}
	link := typed
	if !strings.Contains(link, "://") {
		link = "https://" + link
	}
	u, err := url.Parse(link)
	host := ""
	if err == nil {
		host = u.Hostname()
	}
	name, top, dotted := strings.Cut(host, ".")
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || !dotted || name == "" || top == "" || strings.ContainsAny(typed, " \t\n\"<>") {
		return "", Fail(CodeBadLink, Cut(typed, 60))
	}
	return link, nil
}

// Ticked says which points of the region's checklist the person has ticked, leaving
// out those that are not in it any more.
func (d *Desk) Ticked(draft Draft) []string {
	list := d.Region().Checklist
	return slices.DeleteFunc(slices.Clone(draft.Ticked), func(p string) bool { return !slices.Contains(list, p) })
}

// writtenDay is a day as people write one to each other.
var writtenDay = regexp.MustCompile(`(^|\D)(\d{1,2}\.\d{1,2}(\.\d{2,4})?(\D|$)|\d{1,2} (январ|феврал|март|апрел|ма[йя]|июн|июл|август|сентябр|октябр|ноябр|декабр))`)

func namesDate(text string) bool { return writtenDay.MatchString(Fold(text)) }

// law are the marks of a clause that refers to a law or to rules.
var law = regexp.MustCompile(`закон|кодекс|постановлени|распоряжени|(^|\s)(ст|фз|гост|санпин|снип)(\s|$)|-фз|стать[яеию]|приказ|регламент|правил(а|ам|ами)?(\s|$)|норматив`)

// polite are words that answer nothing.
var polite = map[string]bool{
	"здравствуйте": true, "уважаемый": true, "уважаемая": true, "добрый": true, "день": true, "спасибо": true, "за": true, "ваше": true,
	"обращение": true, "сообщаем": true, "что": true, "с": true, "уважением": true, "благодарим": true, "вам": true, "на": true,
}

// meatWords is how many words besides law and politeness an answer needs: «яму
// заделали сегодня» is shorter, but then it refers to no law either.
const meatWords = 6

// onlyLaw says whether a text refers to law and says hardly anything else.
func onlyLaw(text string) bool {
	refers, meat := false, 0
	for _, clause := range strings.FieldsFunc(Fold(text), func(r rune) bool { return strings.ContainsRune(".!?;\n", r) }) {
		if law.MatchString(clause) {
			refers = true
			continue
		}
		for _, w := range Words(clause) {
			if !polite[w] {
				meat++
			}
		}
	}
	return refers && meat < meatWords
}
