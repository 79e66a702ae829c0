package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"otklik/app"
)

// scaleVariable is where the toolkit looks for the scale.
const scaleVariable = "FYNE_SCALE"

// The scale of the interface goes so far down and up.
const (
	leastScale = 0.8
	mostScale  = 2.0
)

// scaler keeps the scale in a file of its own: it is needed before the database
// can be opened, at the door already.
type scaler struct {
	path  string
	fixed bool // the person's environment has set it

	mu  sync.Mutex
	now float64
}

// openScaler reads the scale and hands it to the toolkit. A file that says
// nothing usable is as good as none.
func openScaler(data string) *scaler {
	s := &scaler{path: filepath.Join(data, "otklik.scale"), now: 1}
	if v, err := strconv.ParseFloat(os.Getenv(scaleVariable), 64); err == nil {
		s.now, s.fixed = v, true
		return s
	}
	if text, err := os.ReadFile(s.path); err == nil {
		if v, err := strconv.ParseFloat(strings.TrimSpace(string(text)), 64); err == nil && v >= leastScale && v <= mostScale {
			s.now = v
			_ = os.Setenv(scaleVariable, written(v)) // fails for names with = only
		}
	}
	return s
}

// Scale implements ui.Scaler.
func (s *scaler) Scale() (scale float64, fixed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now, s.fixed
}

// SetScale implements ui.Scaler. The file takes its name when it is whole.
func (s *scaler) SetScale(scale float64) error {
	if scale < leastScale || scale > mostScale {
		return app.Fail(app.CodeBadArgument, written(scale), written(leastScale)+"–"+written(mostScale))
	}
	part := s.path + ".part"
	if err := os.WriteFile(part, []byte(written(scale)+"\n"), 0o600); err != nil {
		return app.Fail(app.CodeNoFolder, filepath.Dir(s.path)).Because(err)
	}
	if err := os.Rename(part, s.path); err != nil {
		return app.Fail(app.CodeNoFolder, filepath.Dir(s.path)).Because(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = scale
	return os.Setenv(scaleVariable, written(scale))
}

func written(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
