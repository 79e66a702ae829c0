// Command otklik is the workstation of a regional management centre: the
// window, and the commands that work without one.
package main

import (
	"context"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	_ "time/tzdata" // regions span time zones, and Windows brings no names of them

	"otklik/app"
	"otklik/assets"
	_ "otklik/locale" // before Fyne
)

// changes is what is new in each version, in English; in Russian it is in assets.
//
//go:embed CHANGELOG.md
var changes string

// memory is how much the program may take, files that are mapped aside, before
// garbage is collected more often: an import makes much of it.
const memory = 220 << 20

func main() {
	debug.SetMemoryLimit(memory)
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// invocation is one start of the program.
type invocation struct {
	asked
	foreign
	data   string
	server string
	code   string
	lang   string
	theme  string
	json   bool
	once   bool
	timed  bool
	from   string
	to     string
	file   string // to write
	format string // to write it in
	force  bool   // a file that is there is replaced

	encoding string // of a text to read or to write
	full     bool   // every field of a list, to be read back
	personal bool   // a list with personal data as they are

	scheduled bool // what the schedules ask for
	args      []string

	ca        string
	proxy     string
	plainHTTP bool

	passphraseFile string
	given          map[string]bool // flags that were given, by name

	text   *assets.Texts
	out    io.Writer
	errOut io.Writer
}

// commands that need no window, by name.
var commands = map[string]func(context.Context, *invocation) error{
	"import":  runImport,
	"imports": runImports,
	"stats":   runStats,
	"report":  runReport,
	"export":  runExport,
	"sync":    runSync,
	"check":   runCheck,
	"backup":  runBackup,
	"restore": runRestore,
	"compact": runCompact,
	"outbox":  runOutbox,
	"version": runVersion,
	"help":    runHelp,

	graphicsCommand: runGraphics,
}

// run is main with everything it touches handed to it; it returns the exit
// code.
func run(args []string, out, errOut io.Writer) int {
	in := &invocation{out: out, errOut: errOut, text: assets.Load("")}
	command, window := runWindow, true
	if len(args) > 0 && commands[args[0]] != nil {
		command, args, window = commands[args[0]], args[1:], false
	}
	if err := in.parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(out, in.text.T("cli.help"))
			return 0
		}
		fmt.Fprintln(errOut, in.text.Sentence(err))
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := command(ctx, in); err != nil {
		fmt.Fprintln(errOut, in.text.Sentence(err))
		if window {
			tellPerson(in.text.Sentence(err))
		}
		return 1
	}
	return 0
}

// parse reads flags and names in any order: «import FILE --json» is as good as
// «import --json FILE».
func (in *invocation) parse(args []string) error {
	f := flag.NewFlagSet("otklik", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.StringVar(&in.data, "data", "", "")
	f.StringVar(&in.server, "server", "", "")
	f.StringVar(&in.code, "code", "", "")
	f.StringVar(&in.lang, "lang", "", "")
	f.StringVar(&in.theme, "theme", "", "")
	f.BoolVar(&in.json, "json", false, "")
	f.BoolVar(&in.once, "once", false, "")
	f.BoolVar(&in.timed, "exit-when-ready", false, "")
	f.StringVar(&in.from, "from", "", "")
	f.StringVar(&in.to, "to", "", "")
	f.StringVar(&in.file, "out", "", "")
	f.StringVar(&in.format, "format", "", "")
	f.BoolVar(&in.force, "force", false, "")
	f.StringVar(&in.encoding, "encoding", "", "")
	f.BoolVar(&in.full, "full", false, "")
	f.BoolVar(&in.personal, "personal", false, "")
	f.BoolVar(&in.scheduled, "scheduled", false, "")
	f.StringVar(&in.ca, "ca", "", "")
	f.StringVar(&in.proxy, "proxy", "", "")
	f.StringVar(&in.passphraseFile, "passphrase-file", "", "")
	f.BoolVar(&in.plainHTTP, "insecure-http", false, "")
	in.asked.flags(f)
	in.foreign.flags(f)
	for len(args) > 0 {
		if err := f.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return err
			}
			return app.Fail(app.CodeBadArgument, args[0], "otklik help").Because(err)
		}
		if args = f.Args(); len(args) > 0 {
			in.args, args = append(in.args, args[0]), args[1:]
		}
	}
	if in.wrong != nil {
		return in.wrong
	}
	in.given = map[string]bool{}
	f.Visit(func(one *flag.Flag) { in.given[one.Name] = true })
	if in.lang != "" {
		in.text = assets.Load(in.lang)
	}
	if in.data == "" {
		var err error
		if in.data, err = usualFolder(); err != nil {
			return err
		}
	}
	return nil
}

func runVersion(_ context.Context, in *invocation) error {
	_, err := fmt.Fprintln(in.out, "otklik", assets.Built())
	return err
}

func runHelp(_ context.Context, in *invocation) error {
	_, err := fmt.Fprintln(in.out, in.text.T("cli.help"))
	return err
}
