package main

import (
	"context"
	"fmt"

	"otklik/app"
	"otklik/assets"
	"otklik/keys"
	"otklik/store"
)

// progress tells on the error output, where it disturbs no figures, how much is
// done.
func (in *invocation) progress() (told func(done, of int64), end func()) {
	last, begun := int64(-1), false
	told = func(done, of int64) {
		if share := min(done*100/max(of, 1), 100); share != last {
			last, begun = share, true
			fmt.Fprintf(in.errOut, "\r%3d %%", share)
		}
	}
	return told, func() {
		if begun {
			fmt.Fprint(in.errOut, "\r     \r")
		}
	}
}

// tellRecovery says what opening the data folder came to.
func (st *station) tellRecovery() {
	if r := st.store.Upkeep().Recovery; r != nil {
		fmt.Fprintln(st.in.errOut, st.in.text.Recovered(*r, st.desk.Now()))
	}
}

// runBackup makes a backup: beside the database, or where --out says.
func runBackup(ctx context.Context, in *invocation) (err error) {
	if len(in.args) > 0 {
		return app.Fail(app.CodeBadArgument, in.args[0], "otklik backup [--out FILE] [--data DIR]")
	}
	st, err := openExisting(in)
	if err != nil {
		return err
	}
	defer func() { err = first(err, st.close()) }()
	if in.file == "" {
		if err := st.store.Backup(ctx); err != nil {
			return err
		}
		in.println("cli.backed_up", in.dbPath())
		return nil
	}
	told, end := in.progress()
	err = st.store.BackupTo(ctx, in.file, told)
	end()
	if err == nil {
		in.println("cli.backed_up", in.file)
	}
	return err
}

// runRestore puts a backup in the place of the database.
func runRestore(ctx context.Context, in *invocation) (err error) {
	if len(in.args) != 1 {
		return app.Fail(app.CodeBadArgument, "restore", "otklik restore [--data DIR] FILE")
	}
	_, terms, err := assets.Region()
	if err != nil {
		return err
	}
	vault, err := in.openVault(keys.Open(in.data))
	if err != nil {
		return err
	}
	passphrase, err := in.passphrase(vault)
	if err != nil {
		return err
	}
	box, err := vault.Open(passphrase)
	if err != nil {
		return err
	}
	told, end := in.progress()
	s, aside, err := store.Restore(ctx, in.dbPath(), box, terms, store.Options{}, in.args[0], told)
	end()
	if err != nil {
		return err
	}
	defer func() { err = first(err, s.Close()) }()
	waiting, err := s.Waiting()
	if err != nil {
		return err
	}
	fmt.Fprintln(in.out, in.text.N("cli.restored", waiting.Pending))
	if aside != "" {
		in.println("cli.set_aside", aside)
	}
	return nil
}

// runCompact gives the disk back what the database does not use.
func runCompact(ctx context.Context, in *invocation) (err error) {
	if len(in.args) > 0 {
		return app.Fail(app.CodeBadArgument, in.args[0], "otklik compact [--data DIR]")
	}
	st, err := openExisting(in)
	if err != nil {
		return err
	}
	defer func() { err = first(err, st.close()) }()
	told, end := in.progress()
	before, after, err := st.store.Compact(ctx, told)
	end()
	if err == nil {
		in.println("cli.compacted", in.text.Decimal(float64(before)/(1<<20), 1), in.text.Decimal(float64(after)/(1<<20), 1))
	}
	return err
}

// runCheck proves that the store is sound.
func runCheck(ctx context.Context, in *invocation) (err error) {
	st, err := openExisting(in)
	if err != nil {
		return err
	}
	defer func() { err = first(err, st.close()) }()
	if err := st.index(ctx); err != nil {
		return err
	}
	told, end := in.progress()
	report, err := st.store.CheckUntil(ctx, func(done, of int) { told(int64(done), int64(of)) })
	end()
	if err != nil {
		return err
	}
	if in.json {
		err = in.printJSON(report)
	} else {
		in.println("cli.checked", report.Appeals, report.Pages, report.Days, report.Pending)
		for _, p := range report.Problems {
			fmt.Fprintln(in.out, "-", p)
		}
	}
	if len(report.Problems) > 0 {
		return app.Fail(app.CodeDamagedStore, in.dbPath())
	}
	return err
}

// openExisting opens the data folder where there is something in it.
func openExisting(in *invocation) (*station, error) {
	if !store.There(in.dbPath()) {
		return nil, app.Fail(app.CodeNoFile, in.dbPath())
	}
	return openStation(in)
}
