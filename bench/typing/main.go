// Command typing types questions into the search line of the program's window, over
// a store as bench/store makes it, and prints what the window has measured of
// itself: how long its UI goroutine was held, and how long it took from the last
// key of a question to its list; and, by the clock of the one who types, from the
// moment the key was pressed until the list was on the screen.
//
//	typing [-pause 80ms] [-archive 292] FOLDER
//
// The folder is the one with otklik.db. A display is needed, with the ru layout:
// setxkbmap ru.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	fyneapp "fyne.io/fyne/v2/app"
	"github.com/jezek/xgb/xproto"
	"github.com/oklog/ulid/v2"

	"otklik/app"
	"otklik/assets"
	_ "otklik/locale" // before Fyne
	"otklik/seal"
	"otklik/store"
	"otklik/ui"
)

// questions are typed one after the other.
var questions = strings.Fields(`дорога снег двор вода труба свет лифт подъезд крыша мусор площадка школа автобус остановка
	светофор асфальт тротуар отопление счётчик квитанция`)

func main() {
	window := flag.Bool("window", false, "be the window; of the process itself")
	pause := flag.Duration("pause", 80*time.Millisecond, "between two letters")
	archive := flag.Int("archive", 0, "how far down «Архив» stands in the column of queues, in pixels; 0: stay in the first queue")
	flag.Parse()
	do := func() error { return measure(flag.Arg(0), *pause, *archive) }
	if *window {
		do = func() error { return open(flag.Arg(0)) }
	}
	if err := do(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// open shows the window over the store until it is closed.
func open(folder string) (err error) {
	region, terms, err := assets.Region()
	if err != nil {
		return err
	}
	debug.SetMemoryLimit(220 << 20) // as the program does
	s, err := openStore(folder, terms)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	now := time.Date(2026, 11, 1, 0, 0, 0, 0, region.Location()) // where the appeals end
	desk := app.NewDesk(app.Outside{
		Store: s, Region: region, Terms: terms, Me: app.Identity{Name: "Оператор 1", Roles: []app.Role{app.RoleOperator}},
		Now: func() time.Time { return now }, NewID: func() string { return ulid.Make().String() },
	})
	fyneapp.SetMetadata(fyne.AppMetadata{ID: "ru.otklik.typing", Migrations: map[string]bool{"fyneDo": true}})
	a := fyneapp.New()
	stalls := &ui.Stalls{Drawn: func(letters int, at time.Time) { fmt.Println("drawn", letters, at.UnixMicro()) }}
	ui.New(a, ui.Options{
		Desk: desk, Theme: "light", Stalls: stalls, OnReady: func() { fmt.Println("ready") },
	}).Show()
	a.Run()
	return stalls.Report(os.Stderr)
}

func openStore(folder string, terms app.Terms) (*store.Store, error) {
	box, err := seal.NewBox(make([]byte, seal.KeyLen)) // as bench/store
	if err != nil {
		return nil, err
	}
	return store.Open(filepath.Join(folder, "otklik.db"), box, terms)
}

// ready indexes the words and reckons the terms of a store that an earlier version
// has made: until then a search finds a part.
func ready(folder string) error {
	_, terms, err := assets.Region()
	if err != nil {
		return err
	}
	s, err := openStore(folder, terms)
	if err != nil {
		return err
	}
	if s.NeedsReindex() {
		err = s.Reindex(context.Background(), nil)
	}
	if err == nil && s.NeedsReckoning() {
		err = s.Reckon(context.Background())
	}
	return errors.Join(err, s.Close())
}

// measure types and listens to what the window says.
func measure(folder string, pause time.Duration, archive int) error {
	if err := ready(folder); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	keys, err := newKeyboard()
	if err != nil {
		return err
	}
	cmd := exec.Command(self, "-window", folder)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	defer func() { _ = cmd.Process.Kill() }() // where it has not ended by then
	says := bufio.NewScanner(out)
	if !says.Scan() {
		return errors.New("the window did not open")
	}
	if err := keys.focus(); err != nil {
		return err
	}
	time.Sleep(2 * time.Second)
	if archive > 0 {
		keys.click(260, archive)
		time.Sleep(2 * time.Second)
	}
	var took []time.Duration
	for _, q := range questions {
		if err := keys.chord("Control_L", "f"); err != nil {
			return err
		}
		time.Sleep(300 * time.Millisecond)
		var pressed time.Time
		for _, letter := range q {
			time.Sleep(pause)
			pressed = time.Now()
			if err := keys.letter(letter); err != nil {
				return err
			}
		}
		at, err := drawn(says, len([]rune(q)))
		if err != nil {
			return err
		}
		took = append(took, at.Sub(pressed))
		time.Sleep(500 * time.Millisecond) // the card has come, too
		if err := keys.chord("Escape"); err != nil {
			return err
		}
		time.Sleep(700 * time.Millisecond)
	}
	if err := keys.chord("Control_L", "q"); err != nil {
		return err
	}
	_, _ = io.Copy(io.Discard, out)
	if err := cmd.Wait(); err != nil {
		return err
	}
	slices.Sort(took)
	ms := func(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
	fmt.Fprintf(os.Stderr, "%-11s  n %6d  median %6.1f  p99 %6.1f  longest %6.1f ms\n", "from press", len(took),
		ms(took[len(took)/2]), ms(took[(len(took)-1)*99/100]), ms(took[len(took)-1]))
	return nil
}

// drawn waits until the list of a question of so many letters is on the screen.
func drawn(says *bufio.Scanner, letters int) (time.Time, error) {
	for says.Scan() {
		f := strings.Fields(says.Text())
		if len(f) == 3 && f[0] == "drawn" && f[1] == strconv.Itoa(letters) {
			micro, err := strconv.ParseInt(f[2], 10, 64)
			return time.UnixMicro(micro), err
		}
	}
	return time.Time{}, errors.New("the window has ended")
}

// names of keys that are no letters, as X calls them.
var names = map[string]xproto.Keysym{"Control_L": 0xffe3, "Escape": 0xff1b, "f": 0x6c1, "q": 0x6ca}

// koi8 is the order in which X numbers Russian letters, from 0x6c0 on.
const koi8 = "юабцдефгхийклмнопярстужвьызшэщчъ"

func keysym(letter rune) xproto.Keysym {
	if letter == 'ё' {
		return 0x6a3
	}
	for i, r := range []rune(koi8) {
		if r == letter {
			return xproto.Keysym(0x6c0 + i)
		}
	}
	return 0
}
