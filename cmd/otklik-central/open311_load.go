package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"otklik/app"
	"otklik/central"
	"otklik/central/channel/open311"
)

// loadTask has the requests of a file taken in.
type loadTask struct {
	From         string `json:"from"` // absolute path
	Jurisdiction string `json:"jurisdiction"`
}

// loadRequests takes requests in that another server of GeoReport v2 gave out.
func loadRequests(ctx context.Context, args []string, out io.Writer) error {
	if len(args) < 2 || args[0] != "load" || strings.HasPrefix(args[1], "-") {
		return errors.New("name the file: otklik-central open311 load FILE --data DIR")
	}
	f := flags("open311 load", os.Stderr)
	at := placeIn(f)
	jurisdiction := f.String("jurisdiction", "", "whose requests they are, where files of several are loaded: their numbers may be the same")
	asJSON := f.Bool("json", false, "print what became of the requests as JSON")
	if err := f.Parse(args[2:]); err != nil {
		return err
	}
	path, err := filepath.Abs(args[1]) // the server may run in another folder
	if err != nil {
		return err
	}
	l, err := perform(ctx, *at, "load", loadTask{path, *jurisdiction}, desk.load)
	if err != nil {
		return err
	}
	if *asJSON {
		return json.NewEncoder(out).Encode(l)
	}
	for _, s := range l.Skipped {
		fmt.Fprintf(out, "request %d is skipped: %s\n", s.Row, s.Why)
	}
	_, err = fmt.Fprintf(out, "%d added, %d updated, %d unchanged, %d skipped\n", l.Added, l.Updated, l.Unchanged, len(l.Skipped))
	return err
}

func (d desk) load(ctx context.Context, t loadTask) (open311.Loaded, error) {
	f, err := os.Open(t.From)
	if err != nil {
		return open311.Loaded{}, app.Fail(app.CodeNoFile, t.From).Because(err)
	}
	defer f.Close()
	who := central.Actor{ID: "open311", Name: "Open311"}
	if t.Jurisdiction != "" {
		who.ID += "-" + t.Jurisdiction
	}
	l, err := open311.Load(ctx, d.server, f, who)
	if err != nil {
		err = fmt.Errorf("%w; of what stands before, %d are added and %d updated: mend the file and load it again", err, l.Added, l.Updated)
	}
	return l, err
}
