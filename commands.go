package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"otklik/app"
	"otklik/exchange"
)

func (in *invocation) printJSON(v any) error {
	e := json.NewEncoder(in.out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

func (in *invocation) println(key string, args ...any) {
	fmt.Fprintln(in.out, in.text.T(key, args...))
}

// runImport reads a spreadsheet into the store.
func runImport(ctx context.Context, in *invocation) (err error) {
	if len(in.args) != 1 {
		return app.Fail(app.CodeBadArgument, "import", "otklik import [--json] [--data DIR] FILE")
	}
	st, err := openStation(in)
	if err != nil {
		return err
	}
	defer func() { err = first(err, st.close()) }()
	if err := st.index(ctx); err != nil {
		return err
	}
	file, err := exchange.Open(in.args[0], st.desk.Region(), app.Layout{})
	if err != nil {
		return err
	}
	defer func() { err = first(err, file.Close()) }()
	report, err := st.desk.Import(ctx, file, nil)
	if err != nil {
		return err
	}
	if in.json {
		return in.printJSON(report)
	}
	in.println("cli.imported", report.Read, report.Added, report.Updated, report.Unchanged, report.Skipped)
	for _, s := range report.Skips {
		in.println("cli.skipped", s.Line, in.text.T("skip."+s.Reason, skipArgs(s)...))
	}
	return nil
}

func skipArgs(s app.Skip) []any {
	if s.Detail == "" {
		return nil
	}
	return []any{s.Detail}
}

// syncReport is what `sync --once --json` prints.
type syncReport struct {
	Link      app.Link  `json:"link"`
	Server    string    `json:"server"`
	Last      time.Time `json:"last,omitzero"`
	Cursor    uint64    `json:"cursor"`
	Head      uint64    `json:"head"`
	Received  int       `json:"received"`
	Pending   int       `json:"pending"`
	Refused   int       `json:"refused"`
	Conflicts int       `json:"conflicts"`
}

// runSync exchanges once: until nothing waits and nothing is left to receive.
func runSync(ctx context.Context, in *invocation) (err error) {
	if !in.once {
		return app.Fail(app.CodeBadArgument, "sync", "otklik sync --once [--json] [--data DIR]")
	}
	st, err := openStation(in)
	if err != nil {
		return err
	}
	defer func() { err = first(err, st.close()) }()
	if err := st.index(ctx); err != nil {
		return err
	}
	engine, err := st.connect(ctx)
	if err != nil {
		return err
	}
	s, err := engine.Once(ctx)
	if in.json {
		err = first(err, in.printJSON(syncReport{
			s.Link, s.Server, s.Last, s.Cursor, s.Head, s.Received, s.Pending, s.Refused, s.Conflicts,
		}))
	} else if err == nil {
		in.println("cli.synced", s.Received, s.Pending, s.Refused, s.Conflicts)
	}
	return err
}

// first gives the first error there is.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
