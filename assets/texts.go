package assets

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"time"

	"otklik/app"
)

// Languages of the interface, the default first.
var Languages = []string{"ru", "en"}

// Texts are the words of one language. A key stands for one sentence with fmt
// verbs, or for the plural forms of one.
type Texts struct {
	Lang string
	one  map[string]string
	many map[string]map[string]string
}

// Load reads the translations of a language; an unknown one gives the default.
func Load(lang string) *Texts {
	t := &Texts{Lang: lang, one: map[string]string{}, many: map[string]map[string]string{}}
	names, _ := fs.Glob(files, "translations/*."+lang+".json")
	if len(names) == 0 {
		return Load(Languages[0])
	}
	for _, n := range names {
		var raw map[string]json.RawMessage
		if err := json.Unmarshal(must(n), &raw); err != nil {
			panic(fmt.Sprintf("assets: %s: %v", path.Base(n), err))
		}
		for key, value := range raw {
			var s string
			if json.Unmarshal(value, &s) == nil {
				t.one[key] = s
				continue
			}
			var forms map[string]string
			if err := json.Unmarshal(value, &forms); err != nil {
				panic(fmt.Sprintf("assets: %s: %s: %v", path.Base(n), key, err))
			}
			t.many[key] = forms
		}
	}
	return t
}

// Has says whether the key is translated.
func (t *Texts) Has(key string) bool {
	_, one := t.one[key]
	_, many := t.many[key]
	return one || many
}

// T gives the sentence of the key. A key without a translation shows itself,
// which a test of the screens forbids.
func (t *Texts) T(key string, args ...any) string {
	s, ok := t.one[key]
	if !ok {
		return key
	}
	if len(args) == 0 {
		return s
	}
	return fmt.Sprintf(s, args...)
}

// N gives the sentence of the key in the plural form that n asks for; n is its
// first argument, written with separated thousands.
func (t *Texts) N(key string, n int, args ...any) string {
	form := "other"
	if t.Lang == "ru" {
		form = russianPlural(n)
	} else if n == 1 {
		form = "one"
	}
	s, ok := t.many[key][form]
	if !ok {
		return key
	}
	return fmt.Sprintf(s, append([]any{t.Number(int64(n))}, args...)...)
}

// russianPlural chooses between 1 обращение, 2 обращения, 5 обращений.
func russianPlural(n int) string {
	if n < 0 {
		n = -n
	}
	switch {
	case n%10 == 1 && n%100 != 11:
		return "one"
	case n%10 >= 2 && n%10 <= 4 && (n%100 < 12 || n%100 > 14):
		return "few"
	}
	return "many"
}

// Name gives the word for a value of the domain: T("status.new") for
// Name("status", app.StatusNew); a value without a word is its own.
func Name[V ~string](t *Texts, family string, value V) string {
	key := family + "." + string(value)
	if s, ok := t.one[key]; ok {
		return s
	}
	return string(value)
}

// Sentence tells a person what went wrong and what to do.
func (t *Texts) Sentence(err error) string {
	var e *app.Error
	if !errors.As(err, &e) {
		return t.T("error.unknown", err)
	}
	args := make([]any, len(e.Args))
	for i, a := range e.Args {
		args[i] = t.argument(a)
	}
	key := "error." + string(e.Code)
	if !t.Has(key) {
		return t.T("error.unknown", err)
	}
	return t.T(key, args...)
}

// argument turns values of the domain inside an error into words.
func (t *Texts) argument(a any) any {
	switch v := a.(type) {
	case app.EventType:
		return Name(t, "event", v)
	case app.OpKind:
		return Name(t, "op", v)
	case app.Status:
		return Name(t, "status", v)
	case app.Column:
		return Name(t, "column", v)
	case app.TableName:
		return Name(t, "table", v)
	case app.Choices:
		words := make([]string, len(v.Of))
		for i, code := range v.Of {
			words[i] = Name(t, v.Family, code)
		}
		return strings.Join(words, ", ")
	case string:
		return Name(t, "field", v)
	}
	return a
}

// nbsp keeps a figure and its unit on one line.
const nbsp = "\u00a0"

// Number writes a whole number with separated thousands.
func (t *Texts) Number(n int64) string {
	s := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, s = "−", s[1:]
	}
	sep := nbsp
	if t.Lang == "en" {
		sep = ","
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + sep + s[i:]
	}
	return sign + s
}

// Signed writes a difference with its sign.
func (t *Texts) Signed(n int64) string {
	if n > 0 {
		return "+" + t.Number(n)
	}
	return t.Number(n)
}

// Decimal writes a number with so many places after the language's decimal
// mark.
func (t *Texts) Decimal(v float64, places int) string {
	s := strconv.FormatFloat(v, 'f', places, 64)
	s = strings.Replace(s, "-", "−", 1)
	if t.Lang == "ru" {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s
}

// Percent writes a share 0…1 in percent.
func (t *Texts) Percent(share float64, places int) string {
	if t.Lang == "en" {
		return t.Decimal(share*100, places) + "%"
	}
	return t.Decimal(share*100, places) + nbsp + "%"
}

// Duration writes a length of time by its two greatest units.
func (t *Texts) Duration(d time.Duration) string {
	sign := ""
	if d < 0 {
		sign, d = "−", -d
	}
	d = d.Truncate(time.Minute)
	days, hours, minutes := int(d.Hours())/24, int(d.Hours())%24, int(d.Minutes())%60
	switch {
	case days > 0 && hours > 0:
		return sign + t.T("duration.days_hours", days, hours)
	case days > 0:
		return sign + t.T("duration.days", days)
	case hours > 0 && minutes > 0:
		return sign + t.T("duration.hours_minutes", hours, minutes)
	case hours > 0:
		return sign + t.T("duration.hours", hours)
	}
	return sign + t.T("duration.minutes", minutes)
}

// Date writes a day: 24.11.2026.
func (t *Texts) Date(at time.Time) string { return at.Format("02.01.2006") }

// DayMonth writes a day without its year: 24 ноя.
func (t *Texts) DayMonth(at time.Time) string {
	return fmt.Sprintf("%d %s", at.Day(), t.T(fmt.Sprintf("month.short.%d", at.Month())))
}

// Weekday is the short name of a day of the week, 0 being Monday.
func (t *Texts) Weekday(monday int) string {
	return t.T(fmt.Sprintf("weekday.short.%d", monday+1))
}

// Days writes a stretch of days as a heading does: «16–22 ноября 2026», «октябрь 2026»,
// «III квартал 2026».
func (t *Texts) Days(p app.Period) string {
	from, to := p.From.In(time.UTC), p.To.In(time.UTC)
	begins, ends := from.Day() == 1, to.AddDate(0, 0, 1).Day() == 1
	months := (to.Year()-from.Year())*12 + int(to.Month()-from.Month()) + 1
	switch {
	case p.From == p.To:
		return t.whole(from)
	case begins && ends && months == 1:
		return t.T("days.month", t.T(fmt.Sprintf("month.%d", from.Month())), from.Year())
	case begins && ends && months == 3 && from.Month()%3 == 1:
		return t.T("days.quarter", t.T(fmt.Sprintf("quarter.%d", (from.Month()+2)/3)), from.Year())
	case begins && ends && months == 12 && from.Month() == 1:
		return t.T("days.year", from.Year())
	case from.Year() != to.Year():
		return t.T("days.span", t.whole(from), t.whole(to))
	case from.Month() != to.Month():
		return t.T("days.within_year", from.Day(), t.monthOf(from), to.Day(), t.monthOf(to), to.Year())
	}
	return t.T("days.within_month", from.Day(), to.Day(), t.monthOf(to), to.Year())
}

// whole writes a day with its month in words and its year.
func (t *Texts) whole(at time.Time) string {
	return t.T("days.day", at.Day(), t.monthOf(at), at.Year())
}

func (t *Texts) monthOf(at time.Time) string { return t.T(fmt.Sprintf("month.of.%d", at.Month())) }

// Moment writes a time as seen from now: 14:05 today, «вчера 14:05», or with
// the date.
func (t *Texts) Moment(at, now time.Time) string {
	at = at.In(now.Location())
	switch app.DayOf(now) - app.DayOf(at) {
	case 0:
		return t.T("moment.today", at.Format("15:04"))
	case 1:
		return t.T("moment.yesterday", at.Format("15:04"))
	}
	return at.Format("02.01.2006 15:04")
}
