package sheets

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"otklik/app"
	"otklik/disk"
)

// look is what a file looked like.
type look struct {
	size int64
	at   time.Time
}

// watch looks after one folder.
type watch struct {
	s     *Sheets
	in    *Inlet
	looks map[string]look // when last looked into, by name
	said  string          // the error that was logged last
}

func (w *watch) run(ctx context.Context) {
	next := time.NewTicker(w.s.opts.Pause)
	defer next.Stop()
	for {
		err := w.round(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err == nil:
			w.said = ""
		case err.Error() != w.said: // a disk that is away is not news every five seconds
			w.said = err.Error()
			w.s.opts.Log.Error("sheets", "inlet", w.in.Name, "err", w.said)
		}
		select {
		case <-ctx.Done():
			return
		case <-next.C:
		}
	}
}

// round takes the files that have stopped growing.
func (w *watch) round(ctx context.Context) error {
	entries, err := os.ReadDir(w.in.Folder)
	if err != nil {
		return fmt.Errorf("look into the folder: %w", err)
	}
	looks := make(map[string]look, len(entries))
	var failed error
	for _, e := range entries {
		if !e.Type().IsRegular() || unfinished(e.Name()) {
			continue
		}
		info, err := e.Info()
		if err != nil {
			continue // it is gone by now
		}
		now := look{info.Size(), info.ModTime()}
		if before, seen := w.looks[e.Name()]; !seen || before != now {
			looks[e.Name()] = now
			continue
		}
		if err := w.take(ctx, e.Name(), now); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			looks[e.Name()] = now // once more at the next look
			failed = errors.Join(failed, err)
		}
	}
	w.looks = looks
	return failed
}

// unfinished says that programs name a file so while they write it or have it open.
func unfinished(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".part", ".tmp", ".crdownload", ".partial", ".filepart":
		return true
	}
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~$")
}

// take reads one file and puts it where it belongs. An error is not of the file: it is
// read again, which changes nothing that is written already.
func (w *watch) take(ctx context.Context, name string, l look) error {
	report, err := w.s.read(ctx, w.in, filepath.Join(w.in.Folder, name), l.size)
	var bad *refusal
	switch {
	case errors.As(err, &bad):
		w.s.opts.Took(w.in.Name, "refused", 1)
		w.s.opts.Log.Warn("sheets", "inlet", w.in.Name, "refused", bad.code)
		return w.put(folderRefused, name, w.s.words.Sentence(bad.err)+"\n")
	case err != nil:
		return err
	}
	for _, c := range []struct {
		outcome string
		n       int
	}{{"added", report.Added}, {"updated", report.Updated}, {"unchanged", report.Unchanged}, {"skipped", len(report.Skips)}} {
		if c.n > 0 {
			w.s.opts.Took(w.in.Name, c.outcome, c.n)
		}
	}
	w.s.opts.Log.Info("sheets", "inlet", w.in.Name, "format", report.Format, "rows", report.Read,
		"added", report.Added, "updated", report.Updated, "unchanged", report.Unchanged, "skipped", len(report.Skips))
	where := folderTaken
	if report.Read == len(report.Skips) {
		where = folderRefused // nothing of it could be taken
	}
	return w.put(where, name, w.s.skipWords(report.Skips))
}

// put moves a file away; what there is to say about it stands in a text beside it.
func (w *watch) put(where, name, about string) error {
	to := free(filepath.Join(w.in.Folder, where), name)
	if about != "" {
		// A byte order mark and these ends of lines are what every editor of Windows reads.
		text := "\ufeff" + strings.ReplaceAll(about, "\n", "\r\n")
		if err := disk.WriteWhole(to+".txt", []byte(text)); err != nil {
			return fmt.Errorf("write down what was left out: %w", err)
		}
	}
	if err := os.Rename(filepath.Join(w.in.Folder, name), to); err != nil {
		return fmt.Errorf("put a file away: %w", err)
	}
	disk.SyncFolder(filepath.Dir(to))
	return nil
}

// free gives a path in the folder that nothing has yet: exports bear one name day
// after day.
func free(folder, name string) string {
	ext := filepath.Ext(name)
	for n := 1; ; n++ {
		path := filepath.Join(folder, name)
		if n > 1 {
			path = filepath.Join(folder, fmt.Sprintf("%s (%d)%s", strings.TrimSuffix(name, ext), n, ext))
		}
		if _, err := os.Lstat(path); errors.Is(err, os.ErrNotExist) {
			return path
		}
	}
}

// skipWords says row by row why it was left out.
func (s *Sheets) skipWords(skips []app.Skip) string {
	var out bytes.Buffer
	for _, k := range skips {
		key, words := "skip."+k.Reason, ""
		switch {
		case !s.words.Has(key):
			words = s.words.Sentence(app.Fail(app.Code(k.Reason)))
		case strings.Contains(s.words.T(key), "%s"):
			words = s.words.T(key, k.Detail)
		default:
			words = s.words.T(key)
		}
		out.WriteString(s.words.T("import.line", k.Line, words) + "\n")
	}
	return out.String()
}
