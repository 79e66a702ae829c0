package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"otklik/app"
	"otklik/exchange"
	"otklik/lists"
)

// exportUsage is how the command is called.
const exportUsage = "otklik export appeals|pages --out FILE [--format xlsx|csv|json|pdf] [--encoding utf-8|windows-1251] [--full] [--personal] [--from D] [--to D] [--municipality M]…"

// exportedList is what `export --json` prints.
type exportedList struct {
	File     string `json:"file"`
	List     string `json:"list"`
	Rows     int    `json:"rows"`
	Personal bool   `json:"personal"`
	Replaced int    `json:"replaced"` // characters the encoding does not have
	Cut      int    `json:"cut"`      // texts longer than a cell of a workbook
}

// runExport writes a list of appeals or pages to a new file.
func runExport(ctx context.Context, in *invocation) (err error) {
	if len(in.args) != 1 || in.file == "" {
		return app.Fail(app.CodeBadArgument, "export", exportUsage)
	}
	o, err := in.listOrder()
	if err != nil {
		return err
	}
	from, to, err := in.days()
	if err != nil {
		return err
	}
	st, err := openStation(in)
	if err != nil {
		return err
	}
	defer func() { err = first(err, st.close()) }()
	table, err := in.listTable(st, from, to)
	if err != nil {
		return err
	}
	done, err := lists.Write(ctx, st.desk, st.words(), o, table, func(int) {})
	if err != nil {
		return err
	}
	if in.json {
		return in.printJSON(exportedList{o.Path, table.List, done.Rows, table.Personal, done.Replaced, done.Cut})
	}
	fmt.Fprintln(in.out, in.text.N("cli.list", done.Rows, o.Path))
	if lost := done.Told(in.text); lost != "" {
		fmt.Fprintln(in.errOut, lost)
	}
	return nil
}

// listOrder reads where and as what a list is written: the ending of the name says it
// where nothing else does.
func (in *invocation) listOrder() (lists.Order, error) {
	o := lists.Order{Path: in.file, Form: exchange.Form(strings.ToLower(in.format)), Encoding: in.encoding}
	if o.Form == "" {
		o.Form = exchange.Form(strings.ToLower(strings.TrimPrefix(filepath.Ext(in.file), ".")))
	}
	if !slices.Contains(lists.Forms, o.Form) {
		return o, app.Fail(app.CodeBadArgument, "--format "+string(o.Form), lists.Forms)
	}
	encodings := []string{exchange.UTF8}
	if o.Form == exchange.FormCSV && !in.full { // what is read back loses no character
		encodings = append(encodings, exchange.Windows1251)
	}
	if o.Encoding != "" && !slices.Contains(encodings, o.Encoding) {
		return o, app.Fail(app.CodeBadArgument, "--encoding "+o.Encoding, encodings)
	}
	return o, nil
}

// listTable is the list asked for. Pages have no other layout here than that of all
// fields: what is shown of them beside it is a matter of the screen.
func (in *invocation) listTable(st *station, from, to *app.Day) (lists.Table, error) {
	t, f := st.words(), in.asked.filter
	switch in.args[0] {
	case lists.ListAppeals:
		zone := st.desk.Region().Location()
		if from != nil {
			f.Since = from.In(zone)
		}
		if to != nil {
			f.Until = (*to + 1).In(zone)
		}
		records, err := st.desk.Matching(f)
		if err != nil {
			return lists.Table{}, err
		}
		table := lists.Appeals(st.desk, t, records, lists.Look{Full: in.full, Personal: in.personal})
		table.Filter = lists.Narrowed(t, f)
		table.Asked = table.Filter
		return table, nil
	case lists.ListPages:
		pages, err := st.desk.Pages(app.PageQuery{})
		if err != nil {
			return lists.Table{}, err
		}
		pages = slices.DeleteFunc(pages, func(r app.PageRow) bool { return !f.FitsPage(&r.Page) })
		table := lists.Pages(t, pages, in.personal)
		table.Filter = lists.Narrowed(t, f.OfPages())
		table.Asked = table.Filter
		return table, nil
	}
	return lists.Table{}, app.Fail(app.CodeBadArgument, in.args[0], exportUsage)
}
