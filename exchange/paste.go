package exchange

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"otklik/app"
)

// Column is what a column of a pasted table means.
type Column string

// Columns of a pasted table. ColumnNone is left out.
const (
	ColumnNone         Column = ""
	ColumnNumber              = Column(fieldNumber)
	ColumnText                = Column(fieldText)
	ColumnTitle        Column = "title"
	ColumnDate                = Column(fieldDate)
	ColumnMunicipality        = Column(fieldMunicipality)
	ColumnPlace               = Column(fieldAddress)
	ColumnGroup               = Column(fieldGroup)
	ColumnTopic               = Column(fieldTopic)
	ColumnExecutor            = Column(fieldExecutor)
	ColumnAuthor              = Column(fieldAuthor)
	ColumnContact      Column = "contact"
	ColumnLink                = Column(fieldLink)
)

// Columns lists what a column may mean, in the order it is offered.
var Columns = []Column{
	ColumnText, ColumnNumber, ColumnTitle, ColumnDate, ColumnMunicipality, ColumnPlace,
	ColumnGroup, ColumnTopic, ColumnExecutor, ColumnAuthor, ColumnContact, ColumnLink,
}

// pastedHeadings are the headings of tables people keep themselves, beside those of
// the formats, of which knownHeadings takes them.
var pastedHeadings = map[Column][]string{
	ColumnNumber:       {"Номер", "№", "Номер обращения", "Рег. номер", "Регистрационный номер"},
	ColumnText:         {"Текст", "Обращение", "Содержание", "Суть", "Суть обращения", "Сообщение", "Вопрос"},
	ColumnTitle:        {"Заголовок", "Название"},
	ColumnDate:         {"Дата", "Дата обращения", "Дата и время", "Дата публикации", "Дата поступления", "Поступило"},
	ColumnMunicipality: {"Муниципалитет", "Муниципальное образование", "МО", "Район", "Город"},
	ColumnPlace:        {"Адрес", "Место"},
	ColumnGroup:        {"Группа", "Группа тем", "Категория"},
	ColumnTopic:        {"Тема"},
	ColumnExecutor:     {"Исполнитель", "Ответственный"},
	ColumnAuthor:       {"Автор", "Заявитель", "ФИО", "Ф.И.О.", "ФИО заявителя"},
	ColumnContact:      {"Контакт", "Контакты", "Телефон", "Почта", "Профиль", "URL автора", "Урл автора"},
	ColumnLink:         {"Ссылка", "URL", "Пост"},
}

// pastedFields are the fields of the formats whose headings mean a column here.
var pastedFields = map[field]Column{
	fieldNumber: ColumnNumber, fieldID: ColumnNumber, fieldText: ColumnText, fieldCreated: ColumnDate,
	fieldMunicipality: ColumnMunicipality, fieldAddress: ColumnPlace, fieldGroup: ColumnGroup, fieldTopic: ColumnTopic,
	fieldExecutor: ColumnExecutor, fieldLink: ColumnLink,
}

// ofAppeals are the formats whose rows are appeals: a paste of one of them is read
// as the file would be.
var ofAppeals = []string{"incident-manager", "appeals", "requests-311"}

// knownHeadings gives the column of every heading that is known.
func knownHeadings() map[string]Column {
	known := map[string]Column{}
	for c, names := range pastedHeadings {
		for _, name := range names {
			known[headingKey(name)] = c
		}
	}
	for _, p := range profiles {
		if !slices.Contains(ofAppeals, p.format) {
			continue
		}
		for f, names := range p.headings {
			for _, name := range names {
				key := headingKey(name)
				if _, twice := known[key]; !twice && pastedFields[f] != ColumnNone {
					known[key] = pastedFields[f]
				}
			}
		}
	}
	return known
}

// Pasted is a table out of the clipboard.
type Pasted struct {
	// Format is the known one whose headings fit, "" for any other table.
	Format string
	// Columns are what the columns seem to be; people may say otherwise.
	Columns []Column
	// Headed says that the first row seems to name the columns.
	Headed bool

	region *app.Region
	known  *table // of Format
	rows   []record
}

// Paste reads what a spreadsheet puts into the clipboard: columns between tabs, a
// cell with breaks or quotes in quotes. Errors: app.CodePasteEmpty for what is no
// table, app.CodePasteLarge, app.CodePasteOther for tables that are not of appeals.
func Paste(text string, region *app.Region) (*Pasted, error) {
	p := &Pasted{region: region}
	text = strings.ToValidUTF8(strings.TrimPrefix(text, "\ufeff"), "")
	t := &textReader{in: strings.NewReader(""), sep: '\t', line: 1, text: text, end: true}
	if first, ok, err := t.next(); err == nil && ok {
		t = &textReader{in: strings.NewReader(""), sep: '\t', line: 1, text: text, end: true, width: len(first.fields)}
	}
	for {
		rec, ok, err := t.next()
		if err != nil || !ok {
			break
		}
		if !rec.empty() {
			p.rows = append(p.rows, rec)
		}
	}
	width := 0
	for _, rec := range p.rows {
		width = max(width, len(rec.fields))
	}
	switch {
	case len(p.rows) == 0 || width == 0:
		return nil, app.Fail(app.CodePasteEmpty)
	case len(p.rows) > app.TakeInMost+1: // with the headings
		return nil, app.Fail(app.CodePasteLarge, app.TakeInMost)
	}
	if known, columns := fitBy(app.Layout{})(p.rows[0].fields); known != nil {
		if !slices.Contains(ofAppeals, known.format) {
			return nil, app.Fail(app.CodePasteOther)
		}
		p.Format, p.Headed = known.format, true
		p.known = &table{profile: known, columns: columns, width: len(p.rows[0].fields)}
		return p, nil
	}
	p.Columns = make([]Column, width)
	p.Headed = p.name(knownHeadings())
	if !p.Headed {
		p.guess()
	}
	return p, nil
}

// name takes the columns by the headings in the first row; false where none is
// known.
func (p *Pasted) name(known map[string]Column) (any bool) {
	for i, cell := range p.rows[0].fields {
		c := known[headingKey(cell)]
		if c == ColumnNone || slices.Contains(p.Columns, c) {
			continue
		}
		any = true
		if c != ColumnNumber || !p.counts(i, p.rows[1:]) {
			p.Columns[i] = c
		}
	}
	return any
}

// counts says whether the column only counts the rows: such a number is not the
// appeal's, and the next table will have the same.
func (p *Pasted) counts(column int, rows []record) bool {
	for i, rec := range rows {
		if column >= len(rec.fields) || tidy(rec.fields[column]) != strconv.Itoa(i+1) {
			return false
		}
	}
	return len(rows) > 1
}

// guess takes the columns by what stands in them: what looks like a date, a link, a
// municipality or a number throughout is one, and of the others the longest words are
// the text.
func (p *Pasted) guess() {
	text, longest := -1, 0
	for i := range p.Columns {
		if p.Columns[i] = p.kind(i); p.Columns[i] != ColumnNone {
			continue
		}
		length := 0
		for _, rec := range p.rows {
			if i < len(rec.fields) {
				length += utf8.RuneCountInString(rec.fields[i])
			}
		}
		if length > longest {
			text, longest = i, length
		}
	}
	if text >= 0 {
		p.Columns[text] = ColumnText
	}
}

// kind tells a column by its values, where no column before is the same.
func (p *Pasted) kind(column int) Column {
	for _, kind := range []struct {
		column Column
		fits   func(v string) bool
	}{
		{ColumnDate, isMoment},
		{ColumnMunicipality, func(v string) bool { return p.municipality(v) != "" }},
		{ColumnLink, func(v string) bool { return strings.HasPrefix(v, "http://") || strings.HasPrefix(v, "https://") }},
		{ColumnNumber, isNumber},
	} {
		if !slices.Contains(p.Columns[:column], kind.column) && p.all(column, kind.fits) && !p.counts(column, p.rows) {
			return kind.column
		}
	}
	return ColumnNone
}

// all says whether every value of the column fits.
func (p *Pasted) all(column int, fits func(v string) bool) bool {
	for _, rec := range p.rows {
		if column >= len(rec.fields) || !fits(tidy(rec.fields[column])) {
			return false
		}
	}
	return true
}

func isMoment(v string) bool {
	if _, number := decimal(v); number {
		return false
	}
	_, ok := dateOf(v, dating{zone: time.UTC})
	return ok
}

func isNumber(v string) bool {
	return v != "" && len(v) <= 24 && strings.ContainsAny(v, "0123456789") && !strings.ContainsAny(v, " \t")
}

// municipality is the region's name for what somebody has typed, "" where it has
// none.
func (p *Pasted) municipality(v string) string {
	bare := func(s string) string {
		s = app.Fold(s)
		for _, kind := range []string{"г. ", "г.", "город ", "муниципальный "} {
			s = strings.ReplaceAll(s, kind, "")
		}
		return strings.Join(strings.Fields(s), " ")
	}
	for _, m := range p.region.Municipalities {
		if v != "" && bare(m.Name) == bare(v) {
			return m.Name
		}
	}
	return ""
}

// Sample gives the first values of a column, for people to see what it is.
func (p *Pasted) Sample(column int) string {
	for _, rec := range p.rows {
		if column < len(rec.fields) {
			if v := tidy(rec.fields[column]); v != "" {
				return app.Cut(v, 40)
			}
		}
	}
	return ""
}

// Meaning is what a person says of a pasted table.
type Meaning struct {
	Columns []Column
	Headed  bool
	Source  app.Source
	Kind    app.Kind
	Now     time.Time // when the appeals came to be known
}

// Appeals gives the appeals of the table, and the rows that are none with the
// reasons. A row is known by its number, where a column has it, and otherwise by
// its text and place; the same table pasted twice is therefore the same appeals.
func (p *Pasted) Appeals(m Meaning) *app.Batch {
	in := &reading{table: p.known, region: p.region, seen: map[identity]int32{}, batch: &app.Batch{Format: p.Format}}
	rows := p.rows
	if m.Headed {
		rows = rows[1:]
	}
	if in.table == nil {
		columns := map[field]int{}
		for i, c := range m.Columns {
			if _, twice := columns[field(c)]; c != ColumnNone && !twice {
				columns[field(c)] = i
			}
		}
		in.batch.Format = "pasted"
		in.table = &table{profile: &profile{format: "pasted", read: func(in *reading, r *row) { p.read(in, r, m) }}, columns: columns, width: len(p.Columns)}
	}
	in.table.monthFirst = orderOf(rows, in.table.width)
	for _, rec := range rows {
		in.read(rec)
	}
	return in.batch
}

// read takes a row of a table of no known format.
func (p *Pasted) read(in *reading, r *row, m Meaning) {
	text := r.raw(field(ColumnText))
	if isNothing(text) {
		in.skip(r.line, "no_text", "")
		return
	}
	written := r.moment(field(ColumnDate))
	if r.bad {
		r.skipDates()
		return
	}
	if written.After(m.Now) {
		in.skip(r.line, "future_date", r.raw(field(ColumnDate)))
		return
	}
	place := r.phrase(field(ColumnMunicipality))
	if known := p.municipality(place); known != "" || place == "" {
		place = known
	} else {
		in.skip(r.line, "no_municipality", place)
		return
	}
	number := r.phrase(field(ColumnNumber))
	a := &app.Appeal{
		Kind: m.Kind, Source: m.Source, Status: app.StatusNew, External: number, Title: r.phrase(field(ColumnTitle)), Text: text,
		Author: r.phrase(field(ColumnAuthor)), Contact: r.phrase(field(ColumnContact)), Place: r.phrase(field(ColumnPlace)),
		Link: r.phrase(field(ColumnLink)), Municipality: place, Executor: r.phrase(field(ColumnExecutor)),
		Group: in.group(r.phrase(field(ColumnGroup))), Topic: r.phrase(field(ColumnTopic)),
	}
	if number != "" {
		a.ID = app.IDFrom("pasted", number)
	} else {
		a.ID = app.IDFrom("pasted", "", text, place, a.Place)
	}
	if !written.IsZero() {
		a.Apply(event(a.ID, app.EventPublished, written))
	}
	a.Apply(event(a.ID, app.EventDetected, m.Now))
	if !in.repeated(r.line, a.ID, "duplicate_row") {
		in.appeal(r.line, a)
	}
}
