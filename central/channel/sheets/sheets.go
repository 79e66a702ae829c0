package sheets

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"otklik/app"
	"otklik/assets"
	"otklik/central"
	"otklik/central/channel"
)

// Inlet is a folder that exports of one system are dropped into.
type Inlet struct {
	Name   string // in addresses and figures: Latin letters, digits, hyphens
	Title  string // for people: the author of what comes by it
	Folder string
	Secret string // by which an export may be posted; "": by none
}

// Folders beside the files of an inlet, in the language of those who drop them.
const (
	folderTaken   = "принято"
	folderRefused = "не принято"
)

// Options of Sheets; the zero value of each is of use, but for the region.
type Options struct {
	Region *app.Region
	Log    *slog.Logger // nil: nothing is logged
	// Took is told of rows that became of a file: "added", "updated", "unchanged",
	// "skipped", and of "refused" files; nil: nobody is.
	Took func(inlet, outcome string, n int)
	// MaxFile bounds a file, in bytes; 0: MaxFile.
	MaxFile int64
	// Pause is how often folders are looked into: a file that has not changed from one
	// look to the next is whole. 0: five seconds.
	Pause time.Duration
}

// MaxFile is how large an export may be, in bytes.
const MaxFile = 64 << 20

// Sheets takes the exports of inlets in. Run begins when the server is there.
type Sheets struct {
	opts   Options
	inlets map[string]*Inlet
	server *central.Server
	words  *assets.Texts
}

// New sets the inlets up, and makes folders that are not there.
func New(inlets []Inlet, o Options) (*Sheets, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Took == nil {
		o.Took = func(string, string, int) {}
	}
	if o.MaxFile == 0 {
		o.MaxFile = MaxFile
	}
	if o.Pause == 0 {
		o.Pause = 5 * time.Second
	}
	s := &Sheets{
		opts: o, inlets: map[string]*Inlet{}, words: assets.Load("ru"),
	}
	folders := map[string]string{}
	for i := range inlets {
		in := &inlets[i]
		if !channel.ValidName(in.Name) || s.inlets[in.Name] != nil {
			return nil, fmt.Errorf("sheets %q: a name is of Latin letters, digits and hyphens, and stands once", in.Name)
		}
		if in.Folder == "" {
			return nil, fmt.Errorf("sheets %q: a folder is missing: name the one that files are dropped into", in.Name)
		}
		folder := filepath.Clean(in.Folder)
		if other := folders[folder]; other != "" {
			return nil, fmt.Errorf("sheets %q: the folder %s is the one of %q already", in.Name, folder, other)
		}
		for _, path := range []string{folder, filepath.Join(folder, folderTaken), filepath.Join(folder, folderRefused)} {
			if err := os.MkdirAll(path, 0o700); err != nil {
				return nil, fmt.Errorf("sheets %q: make its folders: %w", in.Name, err)
			}
		}
		folders[folder], s.inlets[in.Name] = in.Name, in
	}
	return s, nil
}

// Serve joins the inlets with the server; it is called once, before Run.
func (s *Sheets) Serve(server *central.Server) { s.server = server }

// Run watches the folders until the context ends.
func (s *Sheets) Run(ctx context.Context) {
	var all sync.WaitGroup
	for _, in := range s.inlets {
		w := &watch{s: s, in: in, looks: map[string]look{}}
		all.Go(func() { w.run(ctx) })
	}
	all.Wait()
}

func (s *Sheets) actor(in *Inlet) central.Actor {
	return central.Actor{ID: "channel-" + in.Name, Name: in.Title}
}
