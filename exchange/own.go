package exchange

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"otklik/app"
)

// Formats of the program's own lists, which hold every field of a record: what they
// say is written and read by the same table, so that a record comes back as it was.
// What belongs to this workstation or to the server's feed (registers, Forgotten) is
// not in them.
const (
	OwnAppeals = "otklik-appeals"
	OwnPages   = "otklik-pages"
)

// ownField is a column of an own list. take gives an error for what put never writes.
type ownField[T any] struct {
	heading string
	put     func(*T) string
	take    func(*T, string) error
}

// own is a list of the program: its fields, and the column that says whether what is
// personal was left out.
type own[T any] []ownField[T]

const (
	ownPersonal = "Персональные данные"
	ownMasked   = "скрыты"
	ownWhole    = "есть"
)

// OwnAppealHeadings and OwnPageHeadings are those of the lists.
func OwnAppealHeadings() []string { return ownAppeals.headings() }

// OwnPageHeadings is described at OwnAppealHeadings.
func OwnPageHeadings() []string { return ownPages.headings() }

// OwnAppealCells gives the cells of an appeal; masked says that what is personal was
// taken from it before.
func OwnAppealCells(a *app.Appeal, masked bool) []string { return ownAppeals.cells(a, masked) }

// OwnPageCells is described at OwnAppealCells.
func OwnPageCells(p *app.Page, masked bool) []string { return ownPages.cells(p, masked) }

func (o own[T]) headings() []string {
	out := make([]string, 0, len(o)+1)
	for _, f := range o {
		out = append(out, f.heading)
	}
	return append(out, ownPersonal)
}

func (o own[T]) cells(v *T, masked bool) []string {
	out := make([]string, 0, len(o)+1)
	for _, f := range o {
		out = append(out, f.put(v))
	}
	if masked {
		return append(out, ownMasked)
	}
	return append(out, ownWhole)
}

// profile is what the list is known by: every heading, so that no other table is taken
// for it.
func (o own[T]) profile(format string, read func(in *reading, r *row)) profile {
	p := profile{format: format, headings: map[field][]string{}, read: read}
	for _, h := range o.headings() {
		p.headings[field(h)] = []string{h}
		p.needs = append(p.needs, []field{field(h)})
	}
	return p
}

var errForeign = errors.New("not a value of this list")

// row reads a row, which is left out with a reason where it was not written so.
func (o own[T]) row(in *reading, r *row, v *T) (masked, ok bool) {
	for _, f := range o {
		cell := r.own(f.heading)
		if r.table.workbook && cutEnd.MatchString(cell) {
			in.skip(r.line, "cut_text", f.heading)
			return false, false
		}
		if err := f.take(v, cell); err != nil {
			in.skip(r.line, "bad_value", f.heading)
			return false, false
		}
	}
	return r.own(ownPersonal) == ownMasked, true
}

// own is a cell as it was before it was written.
func (r *row) own(heading string) string {
	c, ok := r.table.columns[field(heading)]
	if !ok || c >= len(r.fields) {
		return ""
	}
	if !r.table.text {
		return r.fields[c]
	}
	return bare(r.fields[c])
}

func readOwnAppeal(in *reading, r *row) {
	a := &app.Appeal{}
	masked, ok := ownAppeals.row(in, r, a)
	if ok && !in.repeated(r.line, a.ID, "duplicate_row") {
		in.batch.Rows = append(in.batch.Rows, app.BatchRow{Line: r.line, Appeal: a, Masked: masked})
	}
}

func readOwnPage(in *reading, r *row) {
	p := &app.Page{}
	masked, ok := ownPages.row(in, r, p)
	if ok && !in.repeated(r.line, p.ID, "duplicate_row") {
		in.batch.Rows = append(in.batch.Rows, app.BatchRow{Line: r.line, Page: p, Masked: masked})
	}
}

// ownText is a field of words.
func ownText[T any](heading string, of func(*T) *string) ownField[T] {
	return ownField[T]{heading, func(v *T) string { return *of(v) }, func(v *T, s string) error {
		*of(v) = s
		return nil
	}}
}

// ownID is what a record is known by; there is always one.
func ownID[T any](heading string, of func(*T) *string) ownField[T] {
	f := ownText(heading, of)
	f.take = func(v *T, s string) error {
		if *of(v) = s; s == "" || len(s) > 64 || strings.ContainsAny(s, " \n\t") {
			return errForeign
		}
		return nil
	}
	return f
}

// ownCode is one of a few values.
func ownCode[T any, C ~string](heading string, of func(*T) *C, all []C) ownField[T] {
	return ownField[T]{heading, func(v *T) string { return string(*of(v)) }, func(v *T, s string) error {
		if *of(v) = C(s); !slices.Contains(all, C(s)) {
			return errForeign
		}
		return nil
	}}
}

// ownCount is a number; one that is not known is no zero.
func ownCount[T any](heading string, of func(*T) **int) ownField[T] {
	return ownField[T]{heading, func(v *T) string {
		if *of(v) == nil {
			return ""
		}
		return strconv.Itoa(**of(v))
	}, func(v *T, s string) error {
		if *of(v) = nil; s == "" {
			return nil
		}
		n, err := strconv.Atoi(s)
		*of(v) = &n
		return err
	}}
}

func ownMoment[T any](heading string, of func(*T) *time.Time) ownField[T] {
	return ownField[T]{heading, func(v *T) string {
		if of(v).IsZero() {
			return ""
		}
		return of(v).UTC().Format(time.RFC3339Nano)
	}, func(v *T, s string) error {
		if *of(v) = (time.Time{}); s == "" {
			return nil
		}
		at, err := time.Parse(time.RFC3339Nano, s)
		if *of(v) = at.UTC(); err == nil && !sensible(at) {
			err = errForeign
		}
		return err
	}}
}

// ownWords are several, a line for each.
func ownWords[T any](heading string, of func(*T) *[]string) ownField[T] {
	return ownField[T]{heading, func(v *T) string { return strings.Join(*of(v), "\n") }, func(v *T, s string) error {
		if *of(v) = nil; s != "" {
			*of(v) = strings.Split(s, "\n")
		}
		return nil
	}}
}

// ownMeasure is a measure; "" is none.
func ownMeasure[T any](heading string, get func(*T) *float64, set func(*T, *float64)) ownField[T] {
	return ownField[T]{heading, func(v *T) string {
		if n := get(v); n != nil {
			return strconv.FormatFloat(*n, 'g', -1, 64)
		}
		return ""
	}, func(v *T, s string) error {
		if set(v, nil); s == "" {
			return nil
		}
		n, err := strconv.ParseFloat(s, 64)
		if n-n != 0 { // no number, or one without end
			return errForeign
		}
		set(v, &n)
		return err
	}}
}

var ownAppeals = own[app.Appeal]{
	ownID("ИД записи", func(a *app.Appeal) *string { return &a.ID }),
	ownText("Номер обращения", func(a *app.Appeal) *string { return &a.Number }),
	ownCode("Вид", func(a *app.Appeal) *app.Kind { return &a.Kind }, app.Kinds),
	ownCode("Источник", func(a *app.Appeal) *app.Source { return &a.Source }, app.Sources),
	ownText("Номер в источнике", func(a *app.Appeal) *string { return &a.External }),
	ownText("Заголовок", func(a *app.Appeal) *string { return &a.Title }),
	ownText("Текст обращения", func(a *app.Appeal) *string { return &a.Text }),
	ownText("Автор", func(a *app.Appeal) *string { return &a.Author }),
	ownText("Контакт автора", func(a *app.Appeal) *string { return &a.Contact }),
	ownText("Адрес места", func(a *app.Appeal) *string { return &a.Place }),
	ownText("ИД страницы", func(a *app.Appeal) *string { return &a.Page }),
	ownText("Ссылка на сообщение", func(a *app.Appeal) *string { return &a.Link }),
	ownText("Канал", func(a *app.Appeal) *string { return &a.Channel }),
	ownText("Муниципалитет", func(a *app.Appeal) *string { return &a.Municipality }),
	{"Тяжесть", func(a *app.Appeal) string { return strconv.Itoa(int(a.Severity)) }, func(a *app.Appeal, s string) error {
		n, err := strconv.ParseUint(s, 10, 8)
		if a.Severity = app.Severity(n); a.Severity > app.MaxSeverity {
			return errForeign
		}
		return err
	}},
	ownMoment("Срок источника", func(a *app.Appeal) *time.Time { return &a.Due }),
	ownText("Группа тем", func(a *app.Appeal) *string { return &a.Group }),
	ownText("Тема", func(a *app.Appeal) *string { return &a.Topic }),
	ownText("Исполнитель", func(a *app.Appeal) *string { return &a.Executor }),
	ownText("Кто ведёт", func(a *app.Appeal) *string { return &a.Assignee }),
	ownCode("Состояние", func(a *app.Appeal) *app.Status { return &a.Status }, app.Statuses),
	ownCode("Итог", func(a *app.Appeal) *app.Outcome { return &a.Outcome }, append([]app.Outcome{""}, app.Outcomes...)),
	{"Перенаправлений", func(a *app.Appeal) string { return strconv.Itoa(a.Hops) }, func(a *app.Appeal, s string) (err error) {
		a.Hops, err = strconv.Atoi(s)
		return err
	}},
	ownText("ИД главного обращения", func(a *app.Appeal) *string { return &a.Parent }),
	// A history is no cell: it stands as the program keeps it.
	{"История (JSON)", func(a *app.Appeal) string { return string(app.Encode(a.Events)) }, func(a *app.Appeal, s string) error {
		return json.Unmarshal([]byte(s), &a.Events)
	}},
}

var ownPages = own[app.Page]{
	ownID("ИД страницы", func(p *app.Page) *string { return &p.ID }),
	ownCode("Соцсеть", func(p *app.Page) *app.Source { return &p.Network }, app.Sources),
	ownText("Название страницы", func(p *app.Page) *string { return &p.Name }),
	ownText("Ссылка на страницу", func(p *app.Page) *string { return &p.Link }),
	ownText("ИД госпаблика", func(p *app.Page) *string { return &p.External }),
	ownText("Учредитель", func(p *app.Page) *string { return &p.Founder }),
	ownText("ОГРН", func(p *app.Page) *string { return &p.OGRN }),
	ownWords("Сферы", func(p *app.Page) *[]string { return &p.Spheres }),
	ownText("Муниципалитет", func(p *app.Page) *string { return &p.Municipality }),
	ownText("Уровень", func(p *app.Page) *string { return &p.Level }),
	ownText("Статус", func(p *app.Page) *string { return &p.Status }),
	ownText("Основание не вести", func(p *app.Page) *string { return &p.NotKept }),
	ownText("Ответственный", func(p *app.Page) *string { return &p.Keeper }),
	ownMoment("Последний пост", func(p *app.Page) *time.Time { return &p.LastPost }),
	ownCount("Постов за 7 дней", func(p *app.Page) **int { return &p.PostsWeek }),
	ownWords("Признаки", func(p *app.Page) *[]string { return &p.Marks }),
	{"Признаки известны", func(p *app.Page) string { return map[bool]string{true: "да"}[p.MarksKnown] }, func(p *app.Page, s string) error {
		p.MarksKnown = s == "да"
		return nil
	}},
	ownWords("Проверенные признаки", func(p *app.Page) *[]string { return &p.Looked }),
	ownMeasure("Средние просмотры", func(p *app.Page) *float64 {
		if p.Reach == 0 {
			return nil // not known
		}
		return &p.Reach
	}, func(p *app.Page, n *float64) {
		if p.Reach = 0; n != nil {
			p.Reach = *n
		}
	}),
	ownMeasure("Средние реакции", func(p *app.Page) *float64 { return p.Reactions }, func(p *app.Page, n *float64) { p.Reactions = n }),
	ownCount("Охват за 7 дней", func(p *app.Page) **int { return &p.ReachWeek }),
}
