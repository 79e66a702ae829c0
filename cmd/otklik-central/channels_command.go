package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"otklik/central/channel"
)

// checkTime is how long a platform may take to say whether credentials work.
const checkTime = 30 * time.Second

func channelsCommand(ctx context.Context, args []string, out io.Writer, now func() time.Time) error {
	const what = "say what to do with channels: test or count"
	if len(args) == 0 {
		return errors.New(what)
	}
	switch args[0] {
	case "test":
		return testChannels(ctx, args[1:], out)
	case "count":
		return countPages(ctx, args[1:], out, now)
	}
	return errors.New(what)
}

// testChannels asks every platform whether the credentials work, and says in a line
// each what is wrong.
func testChannels(ctx context.Context, args []string, out io.Writer) error {
	f := flags("channels test", os.Stderr)
	path := f.String("channels", "", "file of the channels")
	if err := f.Parse(args); err != nil {
		return err
	}
	if *path == "" {
		return errors.New("--channels is missing: name the file of the channels")
	}
	config, err := readChannels(*path)
	var wrong problems
	if err != nil && !errors.As(err, &wrong) {
		return err
	}
	// What is right in the file is tested all the same.
	for _, p := range wrong {
		fmt.Fprintln(out, p)
	}
	failed := len(wrong)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, l := range config.lines {
		said := "ok"
		if err := check(ctx, l.Platform); err != nil {
			said = oneLine(err)
			failed++
		}
		fmt.Fprintf(w, "%s\t%s\n", l.Name, said)
	}
	if config.open311 != nil {
		said := "ok"
		if len(config.open311.Keys) == 0 {
			said = "ok, but without secrets.keys nobody may hand requests in"
		}
		fmt.Fprintf(w, "%s\t%s\n", platformOpen311, said)
	}
	for _, in := range config.sheets {
		said := "ok"
		if err := writable(in.Folder); err != nil {
			said = oneLine(err)
			failed++
		}
		fmt.Fprintf(w, "%s\t%s\n", in.Name, said)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if failed > 0 {
		return fmt.Errorf("not everything is right: %d to mend", failed)
	}
	return nil
}

func check(ctx context.Context, p channel.Platform) error {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	err := p.Check(ctx)
	if u := (*url.Error)(nil); errors.As(err, &u) {
		return fmt.Errorf("the platform is not reached: %w", u.Err) // the address may hold the token
	}
	return err
}

func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }

// writable says what keeps files from being put into a folder.
func writable(folder string) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("the folder cannot be made: %w", err)
	}
	probe, err := os.CreateTemp(folder, ".test-*")
	if err != nil {
		return fmt.Errorf("the folder cannot be written to: %w", err)
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// countTask has pages counted now, or only where nobody has counted them today.
type countTask struct {
	Now bool `json:"now"`
}

// countPages has the server count pages that runs here, or counts by itself.
func countPages(ctx context.Context, args []string, out io.Writer, now func() time.Time) error {
	f := flags("channels count", os.Stderr)
	at := placeIn(f)
	path := f.String("channels", "", "file of the channels; not needed where the server runs over the data folder")
	var task countTask
	f.BoolVar(&task.Now, "now", false, "count even before the hour, and where pages were counted today already")
	if err := f.Parse(args); err != nil {
		return err
	}
	t, err := perform(ctx, *at, "count", task, func(d desk, ctx context.Context, task countTask) (channel.Tally, error) {
		if *path == "" {
			return channel.Tally{}, errors.New("no server runs over the data folder, so that --channels is needed: name the file of the channels")
		}
		c, err := openChannels(*path, nil, slog.New(slog.DiscardHandler), now)
		if err != nil {
			return channel.Tally{}, err
		}
		c.join(d.storage, d.server)
		d.channels = c
		return d.count(ctx, task)
	})
	if err != nil {
		return err
	}
	if t.Lines == nil {
		_, err := fmt.Fprintln(out, "nothing to do: the hour has not come, or pages were counted today; --now counts them all the same")
		return err
	}
	return printTally(out, t)
}

func printTally(out io.Writer, t channel.Tally) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for name, l := range t.Lines {
		fmt.Fprintf(w, "%s\t%d counted\t%d gaps\t%d with posts of a week\n", name, l.Counted, l.Gaps, l.Posts)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "%s: %d pages counted; %d are on networks that no channel counts\n", t.Day, t.Counted, t.Nobody)
	return err
}

// count counts the pages.
func (d desk) count(ctx context.Context, task countTask) (channel.Tally, error) {
	return d.channels.count(ctx, task.Now)
}
