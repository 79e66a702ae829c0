package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"otklik/app"
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
		if words := in.text.Newer(st.desk.Region()); words != "" {
			fmt.Fprintln(in.out, words)
		}
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
