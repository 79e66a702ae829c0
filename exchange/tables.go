package exchange

import (
	"encoding/csv"
	"errors"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"otklik/app"
)

// Words gives the Russian words of a heading, as "column.executor", or of a code in
// a cell, as "kind.incident". They are what files of tables speak.
type Words func(key string) string

// synonyms are further headings by which a column is known.
var synonyms = map[app.Column][]string{
	"municipality": {"Муниципальное образование", "МО", "Район"},
	"executor":     {"Ответственный", "Организация", "Ответственный исполнитель"},
	"group":        {"Группа", "Категория"},
	"words":        {"Синонимы", "Ключевые слова", "Слова"},
	"name":         {"Наименование", "Имя"},
	"text":         {"Текст ответа", "Текст шаблона"},
	"date":         {"День"},
	"residents":    {"Население", "Численность населения"},
	"check":        {"Пункт", "Что проверить"},
	"aim":          {"Для чего срок"},
	"kind":         {"Вид обращения"},
	"unit":         {"Единица срока", "Единица измерения"},
	"severity":     {"Тяжесть", "Тяжесть не ниже"},
	"pause_on":     {"Пауза в состояниях"},
	"final":        {"Окончательный ответ"},
}

// ReadTable reads one of the region's tables from CSV or XLSX, by its headings in
// whatever order they come. The cells of what it gives hold codes; what is wrong
// with its rows is for app.Region.Check to say, but for those that cannot be read as
// rows at all. Errors are those of Open, and app.CodeTableHead for a file without
// the headings of the table.
func ReadTable(path string, name app.TableName, words Words) (t app.Table, problems []app.Problem, err error) {
	r, err := openFile(path)
	if err != nil {
		return t, nil, err
	}
	return r.readTable(name, words)
}

func (r *Reader) readTable(name app.TableName, words Words) (t app.Table, problems []app.Problem, err error) {
	columns := app.ColumnsOf(name)
	found, err := r.find(search{fits: func(heading []string) (*profile, map[field]int) {
		return fitTable(heading, columns, words)
	}})
	defer func() { err = errors.Join(err, r.Close()) }()
	switch {
	case errors.Is(err, errNoHeadings):
		return t, nil, app.Fail(app.CodeTableHead, filepath.Base(r.name), name)
	case err != nil:
		return t, nil, r.fail(err)
	}
	t.Name = name
	for _, c := range columns {
		t.Columns = append(t.Columns, c.Name)
	}
	for {
		rec, ok, err := r.record()
		if err != nil {
			return t, nil, r.fail(err)
		}
		switch {
		case !ok:
			return t, problems, nil
		case rec.broken:
			problems = append(problems, app.Problem{Line: rec.line, Err: app.Fail(app.CodeRowBroken)})
		case rec.empty():
		case found.surplus(rec):
			problems = append(problems, app.Problem{Line: rec.line, Err: app.Fail(app.CodeRowColumns)})
		default:
			row := make([]string, len(columns))
			for i, c := range columns {
				if at, has := found.columns[field(c.Name)]; has && at < len(rec.fields) {
					row[i] = found.cell(c, tidy(rec.fields[at]), words)
				}
			}
			t.Rows, t.Lines = append(t.Rows, row), append(t.Lines, rec.line)
		}
	}
}

// fitTable says whether the row has the headings of the table: of all its columns
// that have to be filled in, and of nothing that would be lost.
func fitTable(heading []string, columns []app.ColumnSpec, words Words) (*profile, map[field]int) {
	at := make(map[string]int, len(heading))
	for i, h := range heading {
		key := headingKey(h)
		if _, twice := at[key]; !twice && key != "" {
			at[key] = i
		}
	}
	found := map[field]int{}
	for _, c := range columns {
		for _, name := range append([]string{words("column." + string(c.Name))}, synonyms[c.Name]...) {
			if i, has := at[headingKey(name)]; has {
				found[field(c.Name)] = i
				break
			}
		}
		if _, has := found[field(c.Name)]; !has && c.Need {
			return nil, nil
		}
	}
	if len(found) == 0 {
		return nil, nil
	}
	return &profile{format: "table"}, found
}

// cell gives the word of a file as the tables keep it. One that is none of them
// stays as it is, to be told of by its name.
func (t *table) cell(c app.ColumnSpec, v string, words Words) string {
	switch c.Kind {
	case app.CellChoice:
		return codeOf(c, v, words)
	case app.CellMany:
		var out []string
		for _, part := range strings.FieldsFunc(v, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
			if part = tidy(part); part != "" {
				out = append(out, codeOf(c, part, words))
			}
		}
		return strings.Join(out, ", ")
	case app.CellDay, app.CellClock:
		days, err := strconv.ParseFloat(v, 64)
		if err != nil || !t.workbook {
			return v
		}
		if c.Kind == app.CellClock {
			minutes := int(math.Round(days * 24 * 60))
			return time.Date(1970, 1, 1, 0, minutes, 0, 0, time.UTC).Format("15:04")
		}
		at, err := excelize.ExcelDateToTime(days, t.date1904)
		if err != nil || !sensible(at) {
			return v
		}
		return at.Format(time.DateOnly)
	}
	return v
}

func codeOf(c app.ColumnSpec, v string, words Words) string {
	for _, code := range c.Of {
		if key := headingKey(v); key == headingKey(words(c.Family+"."+code)) || key == code {
			return code
		}
	}
	return v
}

// wordOf is codeOf the other way round.
func wordOf(c app.ColumnSpec, code string, words Words) string {
	if slices.Contains(c.Of, code) {
		return words(c.Family + "." + code)
	}
	return code
}

// written gives a cell as files have it.
func written(c app.ColumnSpec, v string, words Words) string {
	switch c.Kind {
	case app.CellChoice:
		return wordOf(c, v, words)
	case app.CellMany:
		var out []string
		for _, code := range strings.Split(v, ", ") {
			out = append(out, wordOf(c, code, words))
		}
		return strings.Join(out, ", ")
	case app.CellDay:
		if d, err := app.ParseDay(v); err == nil {
			return d.In(time.UTC).Format("02.01.2006")
		}
	case app.CellNumber:
		return strings.Replace(v, ".", ",", 1)
	}
	return v
}

// WriteTable writes a table of the region to a new file, the form to fill in: XLSX,
// or CSV as Russian spreadsheets take it, by the ending of its name. Errors:
// app.CodeFileExists where there is such a file, app.CodeNoFolder where it cannot be
// made.
func WriteTable(path string, t app.Table, words Words) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	switch {
	case errors.Is(err, fs.ErrExist):
		return app.Fail(app.CodeFileExists, filepath.Base(path))
	case err != nil:
		return app.Fail(app.CodeNoFolder, filepath.Dir(path)).Because(err)
	}
	defer func() {
		if err = errors.Join(err, f.Close()); err != nil {
			err = errors.Join(err, os.Remove(path)) // half a file is worse than none
		}
	}()
	if isXLSX(filepath.Base(path), nil) {
		return writeXLSX(f, t, words)
	}
	return writeCSV(f, t, words)
}

func writeCSV(to io.Writer, t app.Table, words Words) error {
	if _, err := io.WriteString(to, "\ufeff"); err != nil {
		return err
	}
	w := csv.NewWriter(to)
	w.Comma, w.UseCRLF = ';', true
	columns := app.ColumnsOf(t.Name)
	line := make([]string, len(columns))
	for i, c := range columns {
		line[i] = words("column." + string(c.Name))
	}
	err := w.Write(line)
	for n := range t.Rows {
		for i, c := range columns {
			line[i] = written(c, t.Cell(n, c.Name), words)
		}
		err = errors.Join(err, w.Write(line))
	}
	w.Flush()
	return errors.Join(err, w.Error())
}

func writeXLSX(to io.Writer, t app.Table, words Words) error {
	book := excelize.NewFile()
	const sheet = "Sheet1"
	out, err := book.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	bold, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	wrap, err := book.NewStyle(&excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	if err != nil {
		return err
	}
	columns := app.ColumnsOf(t.Name)
	head := make([]any, len(columns))
	for i, c := range columns {
		width := 24.0
		if c.Kind == app.CellText {
			width = 60
		}
		err = errors.Join(err, out.SetColWidth(i+1, i+1, width))
		head[i] = excelize.Cell{StyleID: bold, Value: words("column." + string(c.Name))}
	}
	err = errors.Join(err, out.SetRow("A1", head))
	for n := range t.Rows {
		cells := make([]any, len(columns))
		for i, c := range columns {
			v := t.Cell(n, c.Name)
			cells[i] = excelize.Cell{StyleID: wrap, Value: written(c, v, words)}
			if number, e := strconv.ParseFloat(v, 64); e == nil && c.Kind == app.CellNumber {
				cells[i] = excelize.Cell{StyleID: wrap, Value: number}
			}
		}
		place, e := excelize.CoordinatesToCellName(1, n+2)
		err = errors.Join(err, e, out.SetRow(place, cells))
	}
	err = errors.Join(err, out.Flush())
	if err == nil {
		_, err = book.WriteTo(to)
	}
	return errors.Join(err, book.Close())
}
