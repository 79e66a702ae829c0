package main

import (
	"cmp"
	"context"
	"flag"
	"path/filepath"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"strings"

	"otklik/app"
	"otklik/assets"
	"otklik/exchange"
)

// importer reads files by the tables of the region that are in force.
type importer struct{ desk *app.Desk }

func (i importer) Look(path string, how app.Layout) (*app.Preview, error) {
	return exchange.Look(path, i.desk.Region(), how)
}

func (i importer) Open(path string, how app.Layout) (app.Batches, error) {
	return exchange.Open(path, i.desk.Region(), how)
}

func (i importer) WriteSkipped(path string, how app.Layout, to string, left []app.Skip, headings [2]string, why func(app.Skip) string) error {
	return exchange.WriteSkipped(path, i.desk.Region(), how, to, left, headings, why)
}

// foreign is how a file of another system is to be read, as the command line says it.
type foreign struct {
	layout  app.Layout // but its format and encoding, which are --format and --encoding
	profile string     // saved, whose layout that one goes over
	preview bool
	skipped string // file to write
	undo    bool
}

func (r *foreign) flags(f *flag.FlagSet) {
	f.StringVar(&r.profile, "profile", "", "")
	f.StringVar(&r.layout.Separator, "separator", "", "")
	f.StringVar(&r.layout.Sheet, "sheet", "", "")
	f.IntVar(&r.layout.Heading, "heading", 0, "")
	f.Func("column", "", func(v string) error {
		heading, field, ok := strings.Cut(v, "=")
		if !ok {
			return app.Fail(app.CodeBadArgument, "--column "+v, `--column "Заголовок=text"`)
		}
		if r.layout.Columns == nil {
			r.layout.Columns = map[string]string{}
		}
		r.layout.Columns[heading] = field
		return nil
	})
	f.BoolVar(&r.preview, "preview", false, "")
	f.StringVar(&r.skipped, "skipped", "", "")
	f.BoolVar(&r.undo, "undo", false, "")
}

// encodings are those a text may be said to have.
var encodings = []string{"utf-8", "windows-1251", "utf-16le", "utf-16be"}

// how gives the layout that was asked for: that of the profile, and over it what else
// was said.
func (in *invocation) how(desk *app.Desk) (app.Layout, error) {
	r := in.foreign
	if e := in.encoding; e != "" && !slices.Contains(encodings, e) {
		return app.Layout{}, app.Fail(app.CodeBadArgument, "--encoding "+e, strings.Join(encodings, ", "))
	}
	if r.layout.Separator == "tab" {
		r.layout.Separator = "\t"
	}
	if len([]rune(r.layout.Separator)) > 1 || r.layout.Heading < 0 {
		return app.Layout{}, app.Fail(app.CodeBadArgument, "--separator "+r.layout.Separator, "; , tab |")
	}
	var l app.Layout
	if r.profile != "" {
		all, err := desk.ImportProfiles()
		if err != nil {
			return l, err
		}
		at := slices.IndexFunc(all, func(p app.ImportProfile) bool { return app.Fold(p.Name) == app.Fold(r.profile) })
		if at < 0 {
			var names []string
			for _, p := range all {
				names = append(names, p.Name)
			}
			return l, app.Fail(app.CodeBadArgument, "--profile "+r.profile, cmp.Or(strings.Join(names, ", "), "—"))
		}
		l = all[at].Query.Clone().Layout
	}
	l.Format = cmp.Or(in.format, l.Format)
	l.Encoding, l.Separator = cmp.Or(in.encoding, l.Encoding), cmp.Or(r.layout.Separator, l.Separator)
	l.Sheet, l.Heading = cmp.Or(r.layout.Sheet, l.Sheet), cmp.Or(r.layout.Heading, l.Heading)
	for heading, field := range r.layout.Columns {
		if l.Columns == nil {
			l.Columns = map[string]string{}
		}
		l.Columns[heading] = field
	}
	return l, nil
}

// frugal lets garbage be collected once there are 80 MB beside what is in use: a large
// import makes much of it, and by itself the collector waits for as much again as is in
// use.
func frugal() {
	use := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(use)
	debug.SetMemoryLimit(int64(use[0].Value.Uint64()) + 80<<20)
}

// runImport reads a file into the store, shows what it would read, or undoes an import.
func runImport(ctx context.Context, in *invocation) (err error) {
	if len(in.args) != 1 && !in.undo || len(in.args) > 1 {
		return app.Fail(app.CodeBadArgument, "import", "otklik import [--json] [--data DIR] FILE")
	}
	st, err := openStation(in)
	if err != nil {
		return err
	}
	defer func() { err = first(err, st.close()) }()
	files := importer{st.desk}
	how, err := in.how(st.desk)
	if err != nil {
		return err
	}
	if in.preview {
		p, err := files.Look(in.args[0], how)
		if err != nil {
			return err
		}
		return in.tellPreview(p)
	}
	if err := st.index(ctx); err != nil {
		return err
	}
	if in.undo {
		return in.undoImport(ctx, st.desk)
	}
	file, err := files.Open(in.args[0], how)
	if err != nil {
		return err
	}
	defer func() { err = first(err, file.Close()) }()
	report, err := st.desk.Import(ctx, filepath.Base(in.args[0]), file, func(int, float64) { frugal() })
	if err != nil {
		return err
	}
	if in.skipped != "" && len(report.Skips) > 0 {
		t := in.text
		headings := [2]string{t.T("import.skipped_line"), t.T("import.skipped_reason")}
		if err := files.WriteSkipped(in.args[0], how, in.skipped, report.Skips, headings, in.why); err != nil {
			return err
		}
	}
	if in.json {
		return in.printJSON(report)
	}
	in.println("cli.imported", report.Read, report.Added, report.Updated, report.Unchanged, report.Skipped)
	for _, s := range report.Skips {
		in.println("cli.skipped", s.Line, in.why(s))
	}
	if report.Added+report.Updated > 0 {
		in.println("cli.import_id", report.ID)
	}
	return nil
}

// why says why a row was left out.
func (in *invocation) why(s app.Skip) string {
	if s.Detail == "" {
		return in.text.T("skip." + s.Reason)
	}
	return in.text.T("skip."+s.Reason, s.Detail)
}

// tellPreview prints what was found in a file.
func (in *invocation) tellPreview(p *app.Preview) error {
	if in.json {
		return in.printJSON(p)
	}
	none := in.text.T("cli.preview.none")
	in.println("cli.preview.found", cmp.Or(p.Layout.Format, none), cmp.Or(p.Layout.Encoding, "—"),
		cmp.Or(strings.ReplaceAll(p.Layout.Separator, "\t", "tab"), "—"), cmp.Or(p.Layout.Sheet, "—"), p.Layout.Heading)
	for _, c := range p.Columns {
		in.println("cli.preview.column", c.Heading, cmp.Or(c.Field, none))
	}
	if len(p.Fields) > 0 {
		in.println("cli.preview.fields", strings.Join(p.Fields, ", "))
	}
	if len(p.Missing) > 0 {
		in.println("cli.preview.missing", strings.Join(p.Missing, ", "))
	}
	for _, r := range p.Rows {
		for i := -1; i < len(p.Columns); i++ {
			if skip, bad := r.Skip(i, 24); bad {
				in.println("cli.skipped", r.Line, in.why(skip))
			}
		}
	}
	if l := p.List; l != nil {
		in.println("cli.preview.list", assets.Name(in.text, "table", l.Table), l.New, l.Known, l.Skipped)
	}
	in.println("cli.preview.rows", len(p.Rows))
	return nil
}

// undoImport undoes the import that was named, or the last one.
func (in *invocation) undoImport(ctx context.Context, desk *app.Desk) error {
	id := ""
	if len(in.args) > 0 {
		id = strings.ToUpper(in.args[0])
	} else {
		all, err := desk.Imports()
		if err != nil {
			return err
		}
		at := slices.IndexFunc(all, func(i app.Imported) bool { return i.Undone.IsZero() })
		if at < 0 {
			return app.Fail(app.CodeNoImportToUndo)
		}
		id = all[at].ID
	}
	r, err := desk.UndoImport(ctx, id, func(int, int) {})
	if err == nil && r.Stopped {
		err = app.Fail(app.CodeCancelled)
	}
	if in.json {
		return first(err, in.printJSON(r))
	}
	if err != nil {
		return err
	}
	in.println("cli.import_undone", r.Removed, r.Restored, r.Worked, r.Pages, r.Counts, r.Entries)
	for _, k := range r.Kept {
		in.println("cli.import_kept", cmp.Or(k.Number, "—"), in.text.Sentence(k.Err))
	}
	return nil
}

// runImports lists the imports that can be undone.
func runImports(_ context.Context, in *invocation) (err error) {
	if len(in.args) > 0 {
		return app.Fail(app.CodeBadArgument, in.args[0], "otklik imports [--json] [--data DIR]")
	}
	st, err := openStation(in)
	if err != nil {
		return err
	}
	defer func() { err = first(err, st.close()) }()
	all, err := st.desk.Imports()
	if err != nil {
		return err
	}
	if in.json {
		return in.printJSON(slices.Concat([]app.Imported{}, all))
	}
	for _, i := range all {
		state := in.text.T("imports.in_force")
		if !i.Undone.IsZero() {
			state = in.text.T("imports.undone")
		}
		in.println("cli.import_line", i.ID, i.At.In(st.desk.Region().Location()).Format("02.01.2006 15:04"),
			cmp.Or(i.File, in.text.T("imports.pasted")), i.Added, i.Updated, i.Skipped, state)
	}
	if len(all) == 0 {
		in.println("imports.none")
	}
	return nil
}
