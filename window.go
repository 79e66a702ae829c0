package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"runtime"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	fyneapp "fyne.io/fyne/v2/app"

	"otklik/app"
	"otklik/assets"
	"otklik/keys"
	"otklik/ui"
)

// runWindow opens the window; the exchange starts behind it.
func runWindow(ctx context.Context, in *invocation) (err error) {
	if len(in.args) > 0 {
		return app.Fail(app.CodeBadArgument, in.args[0], "otklik help")
	}
	if runtime.GOOS == "linux" && os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		return app.Fail(app.CodeNoDisplay)
	}
	if os.Getenv("WAYLAND_DISPLAY") == "" {
		_ = os.Unsetenv("WAYLAND_DISPLAY") // set and empty, it would be taken for a display
	}
	began := time.Now()
	if err := os.MkdirAll(in.data, 0o700); err != nil {
		return app.Fail(app.CodeNoFolder, in.data).Because(err)
	}
	kept := openLog(in.data)
	defer func() { err = first(err, kept.Close()) }()
	log.Println("otklik", assets.Version)
	drawing := openGraphics(in.data)
	if err := drawing.check(ctx); err != nil {
		return err
	}
	crash, err := watchCrashes(in.data)
	if err != nil {
		return err
	}
	keeper := keys.Open(in.data)
	vault, err := in.openVault(keeper)
	if err != nil {
		return err
	}
	var st *station
	defer func() {
		if st != nil {
			err = first(err, st.close())
		}
	}()
	if !vault.NeedsPassphrase() {
		if st, err = in.open(keeper, vault, ""); err != nil {
			return err
		}
	}

	fyneapp.SetMetadata(fyne.AppMetadata{
		ID: "ru.otklik.desk", Name: "Отклик", Version: assets.Version, Build: 1,
		Icon:       fyne.NewStaticResource("icon.svg", assets.Icon),
		Migrations: map[string]bool{"fyneDo": true},
	})
	scale := openScaler(in.data)
	a := fyneapp.New()
	a.SetIcon(fyne.NewStaticResource("icon.svg", assets.Icon))
	var stalls *ui.Stalls
	if os.Getenv("OTKLIK_STALLS") != "" { // see docs/bench.md
		stalls = &ui.Stalls{}
		defer func() { err = first(err, stalls.Report(in.errOut)) }()
	}
	show := func() {
		options := ui.Options{
			Desk: st.desk, Version: assets.Version, Language: in.lang, Theme: in.theme,
			Importer: importer{st.desk}, Carrier: st, Keyholder: st, Scaler: scale,
			Changes: map[string]string{"en": changes, "ru": assets.Changes()},
			Crash:   crash, Sample: st.place() == serverDemo,
			OnReady: drawing.drawn,
		}
		if st.place() == serverLocal {
			options.Join = st.Join
		} else {
			st.desk.Connect(st.link) // before the window, which asks for its state
		}
		options.Stalls = stalls
		if in.timed {
			// For the benchmark of the cold start, which measures from outside.
			options.OnReady = func() {
				drawing.drawn()
				fmt.Fprintln(in.out, "ready", time.Since(began).Milliseconds(), "ms")
				a.Quit()
			}
		}
		w := ui.New(a, options)
		st.start(ctx)
		w.Show()
	}
	enter := func() {
		if st.place() != "" {
			show()
			return
		}
		ui.NewFirst(a, ui.FirstOptions{
			Language: ui.Language(st.desk, in.lang), Theme: in.theme, Scaler: scale, Region: st.desk.Region().Name,
			Sample: st.workOnSample, Local: st.workLocally, Join: st.Join,
			Chosen: func(language string) {
				if err := st.desk.SaveSetting("language", language); err != nil {
					fmt.Fprintln(in.errOut, in.text.Sentence(err))
				}
				show()
			},
		}).Show()
	}
	if st != nil {
		enter()
	} else {
		ui.NewDoor(a, ui.DoorOptions{
			Language: in.lang, Theme: in.theme, Scaler: scale, Opened: enter,
			Open: func(passphrase string) error {
				opened, err := in.open(keeper, vault, passphrase)
				if err == nil {
					st = opened
				}
				return err
			},
		}).Show()
	}
	stop := context.AfterFunc(ctx, func() { fyne.Do(a.Quit) })
	defer stop()
	return runLoop(a)
}

// runLoop runs the event loop. A display that does not answer, or has no
// OpenGL, makes the toolkit panic; people get a sentence instead.
func runLoop(a fyne.App) (err error) {
	defer func() {
		r := recover()
		if r == nil {
			return
		}
		cause, ok := r.(error)
		if !ok || !strings.Contains(cause.Error(), "GLFW") {
			panic(r)
		}
		err = app.Fail(app.CodeNoDisplay).Because(cause)
	}()
	a.Run()
	return nil
}
