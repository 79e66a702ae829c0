package ui

import (
	"fmt"
	"image"
	"image/color"
	"io"
	"slices"
	"time"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// beat is how often the UI goroutine is asked whether it is free.
const beat = 4 * time.Millisecond

// heldLong is one frame of sixty a second: who types notices longer holds.
const heldLong = 16 * time.Millisecond

// Stalls measures in the program itself how long the UI goroutine is held, and how
// long a search takes from the last key to the list on the screen. A window that
// gets one in its options runs it; it takes notes on the UI goroutine only.
//
// What holds the UI goroutine is told apart: «callbacks» is the code of this
// package, and what it calls, each time it runs there, and «processor» what they
// take of it, whatever else the machine is doing; «waits» is how long a
// function posted every few milliseconds had to wait for its turn, whoever was
// at work: a callback, or the driver painting a frame.
type Stalls struct {
	// Drawn, where it is not nil, is told on the UI goroutine of each list that was
	// searched for once it is on the screen, with the number of letters of the
	// question.
	Drawn func(letters int, at time.Time)

	callbacks, works, waits, searches []time.Duration

	begun   bool      // somebody has typed
	words   string    // of the question that is being typed
	key     time.Time // the last one; zero where its list is on the screen
	painted bool      // the frame with the list was begun
	sign    *canvas.Raster
}

// watch begins with a window; schedule posts to the UI goroutine. It gives a
// schedule for the window's own functions, which notes how long they take.
func (s *Stalls) watch(live *Live, schedule func(func())) {
	if s == nil {
		return
	}
	live.schedule = func(f func()) {
		schedule(func() {
			defer s.hold()()
			f()
		})
	}
	live.beat(beat, schedule, func(posted time.Time) {
		now := time.Now()
		s.waits = append(s.waits, now.Sub(posted))
		if s.painted { // and the frame is over, or this would not run
			s.painted = false
			s.drawn(now)
		}
	})
}

// hold notes how long it takes until what it gives is called.
func (s *Stalls) hold() (done func()) {
	if s == nil {
		return func() {}
	}
	began, worked := time.Now(), threadTime()
	return func() {
		s.callbacks = append(s.callbacks, time.Since(began))
		s.works = append(s.works, threadTime()-worked)
	}
}

// typed notes a key that changed the question. With the first of them the
// measuring begins: what the start of the program takes is no matter of typing.
func (s *Stalls) typed(words string) {
	if s == nil {
		return
	}
	if !s.begun {
		s.begun, s.callbacks, s.works, s.waits = true, nil, nil, nil
	}
	s.words, s.key, s.painted = words, time.Now(), false
}

// listed notes that the list of a question was given to the driver; the sign is
// painted anew in the same frame.
func (s *Stalls) listed(words string) {
	if s != nil && words == s.words && !s.key.IsZero() {
		s.sign.Refresh()
	}
}

func (s *Stalls) drawn(now time.Time) {
	if s.key.IsZero() {
		return
	}
	s.searches = append(s.searches, now.Sub(s.key))
	s.key = time.Time{}
	if s.Drawn != nil {
		s.Drawn(utf8.RuneCountInString(s.words), now)
	}
}

// marker is a pixel nobody sees, which the driver asks for when it paints it.
func (s *Stalls) marker() fyne.CanvasObject {
	pixel := image.NewUniform(color.Transparent)
	s.sign = canvas.NewRaster(func(int, int) image.Image {
		s.painted = !s.key.IsZero()
		return pixel
	})
	s.sign.Resize(fyne.NewSquareSize(1))
	return s.sign
}

// Report writes what was measured.
func (s *Stalls) Report(to io.Writer) error {
	for _, one := range []struct {
		name string
		of   []time.Duration
	}{{"callbacks", s.callbacks}, {"processor", s.works}, {"waits", s.waits}, {"key to list", s.searches}} {
		if len(one.of) == 0 {
			continue
		}
		sorted := slices.Sorted(slices.Values(one.of))
		at := func(share float64) float64 {
			return float64(sorted[int(share*float64(len(sorted)-1))]) / float64(time.Millisecond)
		}
		first, _ := slices.BinarySearch(sorted, heldLong+1)
		if _, err := fmt.Fprintf(to, "%-11s  n %6d  median %6.1f  p99 %6.1f  longest %6.1f ms  over %d ms: %d\n",
			one.name, len(sorted), at(0.5), at(0.99), at(1), heldLong.Milliseconds(), len(sorted)-first); err != nil {
			return err
		}
	}
	return nil
}
