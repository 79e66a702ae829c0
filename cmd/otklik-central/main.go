package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"

	"otklik/app"
	"otklik/assets"
	"otklik/central"
)

// gcPercent lets the heap grow to five times what is alive before it is collected,
// where GOGC does not say otherwise. Little is alive: the data is in mapped pages or
// in a database.
const gcPercent = 400

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr, time.Now)
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
		os.Exit(2)
	case err != nil:
		fmt.Fprintln(os.Stderr, "otklik-central:", sentence(err))
		os.Exit(1)
	}
}

// run is the command without the process around it.
func run(ctx context.Context, args []string, out, logs io.Writer, now func() time.Time) error {
	if len(args) == 0 {
		return errors.New("say what to do: serve, enrol, scope, revoke, take, channels, open311, backup, restore, restored, conform or version")
	}
	log := slog.New(slog.NewJSONHandler(logs, nil))
	switch args[0] {
	case "serve":
		return serve(ctx, args[1:], log, now)
	case "enrol":
		return enrol(ctx, args[1:], out)
	case "scope":
		return restrict(ctx, args[1:])
	case "revoke":
		return revoke(ctx, args[1:])
	case "take":
		return take(ctx, args[1:], out)
	case "channels":
		return channelsCommand(ctx, args[1:], out, now)
	case "open311":
		return loadRequests(ctx, args[1:], out)
	case "backup":
		return backup(ctx, args[1:], out)
	case "restore":
		return restore(ctx, args[1:], out, now)
	case "restored":
		return restored(ctx, args[1:], out)
	case "conform":
		return runConform(ctx, args[1:], out, now)
	case "version":
		_, err := fmt.Fprintln(out, "otklik-central", assets.Built())
		return err
	}
	return fmt.Errorf("%q is not known: serve, enrol, scope, revoke, take, channels, open311, backup, restore, restored, conform or version", args[0])
}

// sentence says what went wrong in one line a person can act upon.
func sentence(err error) string {
	var e *app.Error
	if !errors.As(err, &e) || len(e.Args) == 0 {
		return strings.Join(strings.Fields(err.Error()), " ")
	}
	switch e.Code {
	case app.CodeLocked:
		return fmt.Sprintf("another process has %v open; stop it first", e.Args[0])
	case app.CodeDamagedStore:
		return fmt.Sprintf("%v cannot be read: it is damaged; put a backup in its place", e.Args[0])
	case app.CodeNewerStore:
		return fmt.Sprintf("%v was written by a newer version; install that one", e.Args[0])
	case app.CodeNoFile:
		return fmt.Sprintf("%v is not there or cannot be read", e.Args[0])
	case app.CodeNotFound:
		return fmt.Sprintf("%v is not known", e.Args[0])
	}
	return strings.Join(strings.Fields(err.Error()), " ")
}

// flags makes a set of flags that reports to the caller.
func flags(name string, out io.Writer) *flag.FlagSet {
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	f.SetOutput(out)
	return f
}

// open opens the storage and the server over it.
func open(ctx context.Context, at place, opts central.Options) (central.Storage, *central.Server, error) {
	storage, err := at.open(ctx)
	if err != nil {
		return nil, nil, err
	}
	region, _, err := assets.Region()
	if err == nil {
		opts.Region = region.Name
		var server *central.Server
		if server, err = central.New(storage, opts); err == nil {
			return storage, server, nil
		}
	}
	return nil, nil, errors.Join(err, storage.Close())
}

func enrol(ctx context.Context, args []string, out io.Writer) error {
	f := flags("enrol", os.Stderr)
	at := placeIn(f)
	name := f.String("name", "", "who works at the workstation, e.g. «Оператор 2»")
	roles := f.String("roles", "operator", "roles, separated by commas")
	places := f.String("municipalities", wholeRegion, placesHelp)
	if err := f.Parse(args); err != nil {
		return err
	}
	who, err := identity(*name, *roles, *places)
	if err != nil {
		return err
	}
	code, err := perform(ctx, *at, "enrol", enrolTask{who}, desk.enrol)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, code)
	return err
}

// restrict gives a device another scope.
func restrict(ctx context.Context, args []string) error {
	f := flags("scope", os.Stderr)
	at := placeIn(f)
	device := f.String("device", "", "ID of the device, as the log said at enrolment")
	places := f.String("municipalities", "", placesHelp)
	if err := f.Parse(args); err != nil {
		return err
	}
	municipalities, err := municipalitiesIn(*places)
	if err != nil {
		return err
	}
	_, err = perform(ctx, *at, "scope", scopeTask{*device, municipalities}, desk.restrict)
	return err
}

func revoke(ctx context.Context, args []string) error {
	f := flags("revoke", os.Stderr)
	at := placeIn(f)
	device := f.String("device", "", "ID of the device, as the log said at enrolment")
	if err := f.Parse(args); err != nil {
		return err
	}
	_, err := perform(ctx, *at, "revoke", revokeTask{*device}, desk.revoke)
	return err
}

// identity reads who a code is for.
func identity(name, roles, municipalities string) (app.Identity, error) {
	known := []app.Role{
		app.RoleOperator, app.RoleCurator, app.RoleCoordinator, app.RoleExecutor, app.RoleApprover, app.RoleManager,
	}
	who := app.Identity{Name: strings.TrimSpace(name)}
	if who.Name == "" {
		return who, errors.New("a name is missing: say who works at the workstation")
	}
	for _, r := range strings.Split(roles, ",") {
		role := app.Role(strings.TrimSpace(r))
		if !slices.Contains(known, role) {
			return who, fmt.Errorf("%q is not a role: %v", role, known)
		}
		who.Roles = append(who.Roles, role)
	}
	var err error
	who.Municipalities, err = municipalitiesIn(municipalities)
	return who, err
}

// wholeRegion is what the flag --municipalities says for all of them: to say
// nothing must not open everything.
const wholeRegion = "all"

const placesHelp = "municipalities whose appeals the workstation may see, separated by commas, or " + wholeRegion

// municipalitiesIn reads a scope; none is the whole region.
func municipalitiesIn(list string) (out []string, err error) {
	if list == wholeRegion {
		return nil, nil
	}
	region, _, err := assets.Region()
	if err != nil {
		return nil, err
	}
	for _, name := range strings.Split(list, ",") {
		name = strings.TrimSpace(name)
		if !slices.ContainsFunc(region.Municipalities, func(m app.Municipality) bool { return m.Name == name }) {
			return nil, fmt.Errorf("%q is not a municipality of the region: name them as its tables do, or say %s", name, wholeRegion)
		}
		out = append(out, name)
	}
	return out, nil
}
