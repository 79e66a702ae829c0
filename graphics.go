package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/go-gl/gl/v2.1/gl"
	"github.com/go-gl/glfw/v3.4/glfw"

	"otklik/app"
	"otklik/assets"
)

// graphicsCommand is the start of ourselves that tries whether a window can be
// drawn: the toolkit ends the process where it cannot.
const graphicsCommand = "graphics"

// graphicsWait is how long the trial may take; a driver that hangs gives no window
// either.
const graphicsWait = 15 * time.Second

// graphics remembers that a window was drawn on this computer with this display,
// so that the trial costs nothing at the next start.
type graphics struct{ path, here string }

func openGraphics(data string) graphics {
	host, _ := os.Hostname() // only tells computers apart
	here := []string{assets.Version, host}
	// SESSIONNAME tells a remote desktop from the console.
	for _, name := range []string{"DISPLAY", "WAYLAND_DISPLAY", "SESSIONNAME", "LIBGL_ALWAYS_SOFTWARE", "LIBGL_DRIVERS_PATH", "GALLIUM_DRIVER"} {
		here = append(here, os.Getenv(name))
	}
	return graphics{filepath.Join(data, "otklik.graphics"), strings.Join(here, "\n")}
}

// check tries whether a window can be drawn, unless the last start has drawn one.
// What was remembered is forgotten until this start has drawn one, too.
func (g graphics) check(ctx context.Context) error {
	last, _ := os.ReadFile(g.path) // none: the trial tells
	_ = os.Remove(g.path)
	if string(last) == g.here {
		return nil
	}
	self, err := os.Executable()
	if err != nil {
		return nil // the toolkit will tell
	}
	ctx, cancel := context.WithTimeout(ctx, graphicsWait)
	defer cancel()
	if out, err := exec.CommandContext(ctx, self, graphicsCommand).CombinedOutput(); err != nil {
		return noGraphics(fmt.Errorf("%w: %s", err, out))
	}
	return nil
}

// drawn remembers that a window was drawn. Where it cannot, the next start tries
// again.
func (g graphics) drawn() { _ = os.WriteFile(g.path, []byte(g.here), 0o600) }

func noGraphics(cause error) error {
	code := app.CodeNoGraphics
	if runtime.GOOS == "windows" {
		code = app.CodeNoGraphicsWin
	}
	return app.Fail(code).Because(cause)
}

// runGraphics makes a window nobody sees, as the toolkit will, and prints what
// draws it.
func runGraphics(_ context.Context, in *invocation) (err error) {
	runtime.LockOSThread()
	defer func() {
		if r := recover(); r != nil {
			err = noGraphics(fmt.Errorf("%v", r))
		}
	}()
	if err := glfw.Init(); err != nil {
		return noGraphics(err)
	}
	defer glfw.Terminate()
	glfw.WindowHint(glfw.Visible, glfw.False)
	glfw.WindowHint(glfw.ContextVersionMajor, 2)
	glfw.WindowHint(glfw.ContextVersionMinor, 1)
	w, err := glfw.CreateWindow(16, 16, "", nil, nil)
	if err != nil {
		return noGraphics(err)
	}
	w.MakeContextCurrent()
	if err := gl.Init(); err != nil {
		return noGraphics(err)
	}
	fmt.Fprintln(in.out, gl.GoStr(gl.GetString(gl.VERSION)), "·", gl.GoStr(gl.GetString(gl.RENDERER)))
	return nil
}
