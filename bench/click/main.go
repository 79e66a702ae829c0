// Command click measures, from outside and as an X client, how long a program
// takes from a click on a row of its list to the first changed pixel of the
// detail beside it. The programs are measured in turns, over rounds of clicks;
// medians and the ratio of the first to the last are printed.
//
// Each argument is one program: X of the rows, Y of the first, height of a row,
// and the rectangle to watch (x, y, width, height), then the command.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"
)

const (
	clicks = 20
	rows   = 8 // visible ones that are clicked in turn
	steady = 700 * time.Millisecond
	limit  = 20 * time.Second
)

// target is one program and where to click and look.
type target struct {
	x, y, row int
	watch     [4]int
	command   []string
	d         []time.Duration
}

func parse(arg string) (target, error) {
	f := strings.Fields(arg)
	if len(f) < 8 {
		return target{}, fmt.Errorf("%q: want 7 numbers and a command", arg)
	}
	var n [7]int
	for i := range n {
		v, err := strconv.Atoi(f[i])
		if err != nil {
			return target{}, err
		}
		n[i] = v
	}
	return target{x: n[0], y: n[1], row: n[2], watch: [4]int(n[3:]), command: f[7:]}, nil
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	x, err := xgb.NewConn()
	if err != nil {
		return err
	}
	defer x.Close()
	if err := xtest.Init(x); err != nil {
		return err
	}
	s := screen{x, xproto.Setup(x).DefaultScreen(x).Root}
	fmt.Println("| Program | median of 20, ms | slowest, ms | ratio to the last |")
	fmt.Println("|---|---|---|---|")
	var targets []target
	for _, arg := range args {
		t, err := parse(arg)
		if err == nil {
			err = s.measure(&t)
		}
		if err != nil {
			return err
		}
		targets = append(targets, t)
	}
	last := median(targets[len(targets)-1].d)
	for _, t := range targets {
		m := median(t.d)
		fmt.Printf("| %s | %.1f | %.1f | %.2f |\n", filepath.Base(t.command[0]),
			milliseconds(m), milliseconds(slices.Max(t.d)), float64(m)/float64(last))
	}
	return nil
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func median(d []time.Duration) time.Duration {
	s := slices.Sorted(slices.Values(d))
	return (s[len(s)/2-1] + s[len(s)/2]) / 2
}

// screen is the display under measurement.
type screen struct {
	x    *xgb.Conn
	root xproto.Window
}

// measure starts the program, clicks and ends it.
func (s screen) measure(t *target) error {
	cmd := exec.Command(t.command[0], t.command[1:]...)
	if err := cmd.Start(); err != nil {
		return err
	}
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}()
	if err := s.opened(t.watch); err != nil {
		return err
	}
	for i := range clicks {
		before, err := s.look(t.watch)
		if err != nil {
			return err
		}
		y := t.y + (i%rows+1)*t.row
		s.fake(xproto.MotionNotify, 0, t.x, y)
		time.Sleep(100 * time.Millisecond) // the hover has been drawn
		began := time.Now()
		s.fake(xproto.ButtonPress, 1, 0, 0)
		s.fake(xproto.ButtonRelease, 1, 0, 0)
		for {
			now, err := s.look(t.watch)
			if err != nil {
				return err
			}
			if !bytes.Equal(now, before) {
				t.d = append(t.d, time.Since(began))
				break
			}
			if time.Since(began) > limit {
				return fmt.Errorf("%s: click %d changed nothing", t.command[0], i)
			}
		}
		time.Sleep(steady)
	}
	return nil
}

// opened waits until there is something on the screen and it stays the same.
func (s screen) opened(watch [4]int) error {
	var last []byte
	since := time.Now()
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		now, err := s.look(watch)
		if err != nil {
			return err
		}
		if !bytes.Equal(now, last) || len(bytes.Trim(now, "\x00")) == 0 {
			last, since = now, time.Now()
		}
		if time.Since(since) > 2*steady {
			return nil
		}
	}
	return errors.New("nothing steady was drawn")
}

func (s screen) fake(kind, detail byte, x, y int) {
	xtest.FakeInput(s.x, kind, detail, 0, s.root, int16(x), int16(y), 0)
}

func (s screen) look(r [4]int) ([]byte, error) {
	reply, err := xproto.GetImage(s.x, xproto.ImageFormatZPixmap, xproto.Drawable(s.root),
		int16(r[0]), int16(r[1]), uint16(r[2]), uint16(r[3]), ^uint32(0)).Reply()
	if err != nil {
		return nil, err
	}
	return reply.Data, nil
}
