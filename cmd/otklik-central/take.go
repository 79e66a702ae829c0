package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"otklik/app"
	"otklik/central"
	"otklik/sync/wire"
)

// take has the operations of a file judged that a workstation exported.
func take(ctx context.Context, args []string, out io.Writer) error {
	f := flags("take", os.Stderr)
	at := placeIn(f)
	asJSON := f.Bool("json", false, "print the verdicts as JSON")
	if len(args) == 0 || strings.HasPrefix(args[0], "-") {
		return errors.New("name the file: otklik-central take FILE --data DIR")
	}
	if err := f.Parse(args[1:]); err != nil {
		return err
	}
	path, err := filepath.Abs(args[0]) // the server may run in another folder
	if err != nil {
		return err
	}
	t, err := perform(ctx, *at, "take", takeTask{From: path}, desk.take)
	if err != nil {
		return err
	}
	if *asJSON {
		return json.NewEncoder(out).Encode(t)
	}
	return printTaken(out, t)
}

// readOutbox reads the file for whoever has the data open.
func readOutbox(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, app.Fail(app.CodeNoFile, path).Because(err)
	}
	defer f.Close()
	file, err := io.ReadAll(io.LimitReader(f, wire.MaxOutbox+1))
	if err != nil {
		return nil, app.Fail(app.CodeNoFile, path).Because(err)
	}
	return file, nil
}

// printTaken prints one line an operation and a sum: identifiers, kinds and
// verdicts, which name nobody.
func printTaken(out io.Writer, t central.Taken) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	sums := map[app.Verdict]int{}
	for _, o := range t.Ops {
		sums[o.Verdict]++
		verdict := string(o.Verdict)
		if o.First != "" {
			verdict += " (" + string(o.First) + ")"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", o.ID, o.Kind, verdict, o.Reason)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	var parts []string
	for v, n := range sums {
		parts = append(parts, fmt.Sprintf("%d %s", n, v))
	}
	slices.Sort(parts)
	device := t.Device
	if t.Revoked {
		device += " (revoked)"
	}
	_, err := fmt.Fprintf(out, "%d operations of device %s, exported %s: %s\n",
		len(t.Ops), device, t.Made.UTC().Format(time.RFC3339), strings.Join(parts, ", "))
	return err
}
