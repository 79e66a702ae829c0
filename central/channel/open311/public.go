package open311

import (
	"math"
	"slices"
	"strings"
	"time"
	"unicode"

	"otklik/app"
)

// The standard's statuses.
const (
	statusOpen   = "open"
	statusClosed = "closed"
)

// notes say in words where an appeal stands. The answer itself stays between the
// centre and the citizen: it may name him.
var notes = map[app.Status]string{
	app.StatusNew: "Принято", app.StatusRouted: "Направлено исполнителю", app.StatusClarifying: "Уточняется",
	app.StatusInProgress: "В работе", app.StatusApproval: "Готовится ответ", app.StatusRework: "Готовится ответ",
	app.StatusInterim: "Дан промежуточный ответ", app.StatusAnswered: "Дан ответ", app.StatusClosed: "Закрыто",
	app.StatusReopened: "Возобновлено", app.StatusRejected: "Отклонено", app.StatusMerged: "Объединено с другим обращением",
}

var outcomes = map[app.Outcome]string{
	app.OutcomeSolved: "решено", app.OutcomeNotSolved: "не решено", app.OutcomePostponed: "отложено", app.OutcomeExplained: "разъяснено",
}

// public gives what everybody may know of an appeal: words of the region's own tables,
// moments, and the place as roughly as roughDegrees and publicAddress make it.
func (v view) public(id string) (r request, ok bool, err error) {
	a, ok, err := v.tx.Appeal(id)
	if err != nil || !ok || a.Undone {
		return r, false, err
	}
	b, ok, err := item[beside](v.tx, shelfBeside, id)
	if err != nil || !ok {
		return r, false, err
	}
	r = request{
		ID: a.Number, Status: statusOpen, StatusNotes: notes[a.Status], Requested: v.time(b.At), Updated: v.time(updated(a, b.At)),
		Address: publicAddress(v.region, a), Lat: roughDegrees(b.Lat), Long: roughDegrees(b.Long),
	}
	r.ServiceCode, r.ServiceName = v.services.find(a.Group, a.Topic)
	if !a.Status.Open() {
		r.Status = statusClosed
		if a.Status == app.StatusClosed && outcomes[a.Outcome] != "" {
			r.StatusNotes += ": " + outcomes[a.Outcome]
		}
	}
	if slices.Contains(v.region.Executors, a.Executor) {
		r.Agency = a.Executor
	}
	if !a.Due.IsZero() {
		r.Expected = v.time(a.Due)
	}
	return r, true, nil
}

// time writes a moment in the region's time, with its offset.
func (v view) time(t time.Time) string { return t.In(v.region.Location()).Format(time.RFC3339) }

// updated is when something happened last, or when the appeal ended: by the standard
// what comes after that is no change of the request.
func updated(a *app.Appeal, at time.Time) time.Time {
	if e, ended := a.Ended(); ended && e.At.After(at) {
		return e.At
	}
	for _, e := range a.Events {
		if e.At.After(at) {
			at = e.At
		}
	}
	return at
}

// roughDegrees rounds to a hundred metres: closer it may be somebody's home.
func roughDegrees(degrees *float64) *float64 {
	if degrees == nil {
		return nil
	}
	n := math.Round(*degrees*1000) / 1000
	return &n
}

// publicAddress is the street and the municipality, in the order of the standard, where
// they are certain to be just that: the street is called one and has the name of a
// street, the municipality is one of the region's. All else in an address may be about a
// person.
func publicAddress(r *app.Region, a *app.Appeal) string {
	var parts []string
	if s := publicStreet(a.Place); s != "" {
		parts = append(parts, s)
	}
	if slices.ContainsFunc(r.Municipalities, func(m app.Municipality) bool { return m.Name == a.Municipality }) {
		parts = append(parts, a.Municipality)
	}
	return strings.Join(parts, ", ")
}

// streets are how streets are called before their names.
var streets = map[string]string{
	"ул": "ул.", "улица": "ул.", "пр-т": "пр-т", "просп": "пр-т", "проспект": "пр-т", "пер": "пер.", "переулок": "пер.",
	"б-р": "б-р", "бульвар": "б-р", "проезд": "проезд", "пр-д": "проезд", "ш": "ш.", "шоссе": "ш.", "наб": "наб.", "набережная": "наб.",
	"пл": "пл.", "площадь": "пл.",
}

// publicStreet finds a phrase of the address that is a street and nothing else: how it
// is called and one word, or two where the first is an adjective: «Большая Садовая».
// «ул. Ленина Иванов» is left out.
func publicStreet(address string) string {
	for phrase := range strings.FieldsFuncSeq(address, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		words := strings.Fields(strings.Replace(phrase, ".", ". ", 1))
		if len(words) < 2 {
			continue
		}
		kind := streets[strings.ToLower(strings.TrimSuffix(words[0], "."))]
		name := words[1:]
		for i, w := range name {
			if i > 0 && (unicode.IsDigit([]rune(w)[0]) || app.Fold(w) == "д" || app.Fold(w) == "д." || app.Fold(w) == "дом") {
				name = name[:i]
				break
			}
		}
		if kind == "" || !streetName(name) {
			continue
		}
		return kind + " " + strings.Join(name, " ")
	}
	return ""
}

func streetName(words []string) bool {
	for _, w := range words {
		letters := []rune(w)
		if !unicode.IsUpper(letters[0]) || len(letters) < 3 || strings.ContainsFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && r != '-' }) {
			return false
		}
	}
	return len(words) == 1 || len(words) == 2 && adjectives[words[0]]
}

// adjectives begin the names of streets that are told from each other by them.
var adjectives = map[string]bool{
	"Большая": true, "Малая": true, "Старая": true, "Новая": true, "Верхняя": true, "Нижняя": true, "Средняя": true,
}
