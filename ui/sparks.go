package ui

import (
	"context"
	"image"
	"time"

	"otklik/app"
	"otklik/report"
)

// sparks draws the tiny lines of a table's rows in the background, those on the
// screen only, and keeps them.
type sparks struct {
	window *Window
	ready  func() // more pictures have come
	kept   map[string]image.Image
	wanted map[string]app.Series
	busy   bool
	slot   Slot
}

// sparksKept bounds the memory of pictures; beyond it all are forgotten.
const sparksKept = 600

func newSparks(w *Window, ready func()) *sparks {
	return &sparks{window: w, ready: ready, kept: map[string]image.Image{}, wanted: map[string]app.Series{}}
}

// forget is called when the data has changed.
func (s *sparks) forget() {
	s.window.live.Drop(&s.slot)
	s.busy = false
	clear(s.kept)
	clear(s.wanted)
}

// of gives the picture of a row, nil until it has been drawn.
func (s *sparks) of(id string, series app.Series) image.Image {
	if img, ok := s.kept[id]; ok {
		return img
	}
	s.wanted[id] = series
	if !s.busy {
		s.busy = true
		// All rows of this refresh ask before the work begins.
		s.window.live.Later(10*time.Millisecond, s.work)
	}
	return nil
}

func (s *sparks) work() {
	if len(s.wanted) == 0 {
		s.busy = false
		return
	}
	todo := s.wanted
	s.wanted = map[string]app.Series{}
	l := report.Look{Width: sparkWidth, Height: sparkHeight, Scale: s.window.win.Canvas().Scale(), Palette: s.window.chartPalette()}
	s.window.live.Load(&s.slot, func(context.Context) (func(), error) {
		drawn := make(map[string]image.Image, len(todo))
		for id, series := range todo {
			drawn[id] = report.Sparkline(l, series)
		}
		return func() {
			if len(s.kept)+len(drawn) > sparksKept {
				clear(s.kept)
			}
			for id, img := range drawn {
				s.kept[id] = img
			}
			s.work()
			s.ready()
		}, nil
	})
}
