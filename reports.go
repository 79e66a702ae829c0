package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"otklik/app"
	"otklik/assets"
	"otklik/bulletin"
	"otklik/report"
	"otklik/ui"
)

// runReport writes one document, or those the schedules of this workstation ask for.
// Without a name it lists the names.
func runReport(_ context.Context, in *invocation) (err error) {
	if in.scheduled {
		return in.scheduledReports()
	}
	if len(in.args) == 0 {
		in.listReports()
		return nil
	}
	if len(in.args) > 1 {
		return app.Fail(app.CodeBadArgument, in.args[1], "otklik report NAME [--from D] [--to D] [--format F] [--out FILE]")
	}
	kind, err := bulletin.ParseKind(in.args[0])
	if err != nil {
		return err
	}
	format, err := in.reportFormat()
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
	d, err := bulletin.Make(st.desk, st.words(), kind, app.Inquiry{
		Period: reportPeriod(kind, app.DayOf(st.desk.Now()), from, to), Filter: in.asked.filter, Step: in.asked.step,
	})
	if err != nil {
		return err
	}
	return in.writeReport(d, format)
}

// words are in the language asked for on the command line, or chosen in the settings.
func (st *station) words() *assets.Texts {
	if st.in.lang != "" {
		return st.in.text
	}
	return assets.Load(ui.Language(st.desk, ""))
}

// reportPeriod is the usual one where no date is given; from a day on it is until today,
// and until a day it is the usual one of the day after.
func reportPeriod(k bulletin.Kind, today app.Day, from, to *app.Day) app.Period {
	switch {
	case from != nil && to != nil:
		return app.Period{From: *from, To: *to}
	case from != nil:
		return app.Period{From: *from, To: max(*from, today)}
	case to != nil:
		return bulletin.Usual(k, *to+1)
	}
	return bulletin.Usual(k, today)
}

// listReports says which documents there are.
func (in *invocation) listReports() {
	in.println("cli.reports")
	for _, k := range bulletin.Kinds {
		fmt.Fprintf(in.out, "  %-10s %s\n", k, in.text.T("bulletin."+string(k)))
	}
}

// reportFormat is the one asked for, or that of the file's name.
func (in *invocation) reportFormat() (bulletin.Format, error) {
	if in.format != "" {
		return bulletin.ParseFormat(in.format)
	}
	ending := strings.TrimPrefix(filepath.Ext(in.file), ".")
	if f, err := bulletin.ParseFormat(ending); err == nil {
		return f, nil
	}
	return bulletin.PDF, nil
}

// writeReport writes where --out says: a file, a folder, or the standard output for "-".
// Without it the document lies in the folder one is in, under its usual name.
func (in *invocation) writeReport(d *report.Document, f bulletin.Format) error {
	path := in.file
	if path == "-" {
		return bulletin.Write(in.out, d, f)
	}
	if info, err := os.Stat(path); path == "" || err == nil && info.IsDir() {
		path = filepath.Join(path, bulletin.FileName(d, f))
	}
	if err := bulletin.WriteFile(path, d, f, in.force); err != nil {
		return err
	}
	in.println("cli.report", path)
	return nil
}

// scheduledReports makes what is due, for a clock outside the program.
func (in *invocation) scheduledReports() (err error) {
	if len(in.args) > 0 {
		return app.Fail(app.CodeBadArgument, in.args[0], "otklik report --scheduled")
	}
	st, err := openExisting(in)
	if err != nil {
		return err
	}
	defer func() { err = first(err, st.close()) }()
	tried, err := bulletin.MakeDue(st.desk, st.words())
	failed := 0
	for _, p := range tried {
		if p.Made.Last.Failed != "" {
			failed++
			fmt.Fprintln(in.errOut, p.Made.Last.Failed)
			continue
		}
		in.println("cli.report", p.Made.Last.File)
	}
	if err == nil && failed > 0 {
		err = app.Fail(app.CodeReportsFailed, failed)
	}
	return err
}

// reportLook is how often the program looks whether a document is due.
const reportLook = time.Minute

// publish makes the documents that fall due while the window is open.
func (st *station) publish(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(reportLook):
		}
		// What cannot be kept now (the disk is full) falls due again at the next look;
		// what cannot be written is told beside its schedule.
		if tried, _ := bulletin.MakeDue(st.desk, assets.Load(ui.Language(st.desk, st.in.lang))); len(tried) > 0 {
			st.desk.Tell(app.Changed{Settings: true})
		}
	}
}
