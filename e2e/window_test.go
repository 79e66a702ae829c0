package e2e

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"otklik/app"
)

// display is an X server of its own.
type display struct {
	t    testing.TB
	name string
}

// newDisplay starts it and ends it with the test.
func newDisplay(t testing.TB) *display {
	t.Helper()
	for _, tool := range []string{"Xvfb", "xdotool"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed; `make test` installs it", tool)
		}
	}
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	// Without -noreset the server starts anew when its last client leaves. Here
	// that is xdotool looking for the window, and the program that comes at that
	// moment finds no display.
	cmd := exec.Command("Xvfb", "-displayfd", "3", "-noreset", "-screen", "0", "1366x768x24", "-nolisten", "tcp")
	cmd.ExtraFiles = []*os.File{write}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = write.Close()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	// The whole line: Xvfb writes its end apart from the number, and dies where
	// nobody reads it.
	number, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb: %v", err)
	}
	return &display{t: t, name: ":" + strings.TrimSpace(number)}
}

// window starts the program on the display and waits until it can be used.
func (d *display) window(args ...string) *exec.Cmd {
	d.t.Helper()
	cmd := exec.Command(filepath.Join(bin, "otklik"), args...)
	cmd.Env = append(os.Environ(), "DISPLAY="+d.name, "LIBGL_ALWAYS_SOFTWARE=1", "FYNE_SCALE=1")
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	eventually(d.t, 60*time.Second, "the window opens", func() bool {
		out, err := d.xdotool("search", "--onlyvisible", "--name", "Отклик")
		if err != nil || out == "" {
			return false
		}
		_, err = d.xdotool("windowfocus", strings.Fields(out)[0])
		return err == nil
	})
	return cmd
}

func (d *display) xdotool(args ...string) (string, error) {
	cmd := exec.Command("xdotool", args...)
	cmd.Env = append(os.Environ(), "DISPLAY="+d.name)
	out, err := cmd.Output()
	return string(out), err
}

func (d *display) keys(args ...string) {
	d.t.Helper()
	if _, err := d.xdotool(args...); err != nil {
		d.t.Fatalf("xdotool %v: %v", args, err)
	}
	time.Sleep(400 * time.Millisecond)
}

func quit(t testing.TB, cmd *exec.Cmd) {
	t.Helper()
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	ends(t, cmd)
}

// TestAnswerWithTheLinkCut is the main job: an appeal is answered in the window
// while the server is gone, the program is closed and opened again, the server
// comes back, and the answer is there.
func TestAnswerWithTheLinkCut(t *testing.T) {
	d := newDisplay(t)
	c := newCentral(t)
	code, watch := c.code("Оператор 2"), c.code("Оператор 1")
	c.start()
	data := t.TempDir()
	otklik(t, "import", "--data", data, table(t, 1, 3))
	otklik(t, "sync", "--once", "--data", data, "--server", c.url(), "--code", code)
	if r := check(t, data); r.Pending != 0 {
		t.Fatalf("%d operations wait before the link is cut", r.Pending)
	}
	see := observe(t, c.url(), watch)
	ids := see.ids()
	c.kill()

	// The first row is chosen when the window opens; Ctrl+R goes to the reply.
	win := d.window("--data", data)
	time.Sleep(3 * time.Second)
	d.keys("key", "ctrl+r")
	const answer = "Repaired this morning, thank you."
	d.keys("type", "--delay", "30", answer)
	d.keys("key", "ctrl+Return")
	d.keys("key", "ctrl+Return") // past the checklist
	time.Sleep(2 * time.Second)
	quit(t, win)
	if r := check(t, data); r.Pending == 0 {
		d.shot(t)
		t.Fatal("nothing waits: the answer was not taken")
	}

	win = d.window("--data", data)
	c.start()
	eventually(t, 60*time.Second, "the answer is on the server", func() bool {
		for id := range ids {
			a, err := see.appeal(id)
			if err != nil {
				return false
			}
			if e, ok := a.Reply(); ok && e.Text == answer && e.By == "Оператор 2" && a.Status == app.StatusClosed {
				return true
			}
		}
		return false
	})
	quit(t, win)
	if r := check(t, data); r.Pending != 0 || r.Refused != 0 {
		t.Errorf("in the end %+v", r)
	}
}

// TestTypingSurvivesAKill: the program is killed while an answer is being typed; what
// was typed until half a second before is there when it is started again.
func TestTypingSurvivesAKill(t *testing.T) {
	d := newDisplay(t)
	c := newCentral(t)
	code, watch := c.code("Оператор 2"), c.code("Оператор 1")
	c.start()
	data := t.TempDir()
	otklik(t, "import", "--data", data, table(t, 1, 3))
	otklik(t, "sync", "--once", "--data", data, "--server", c.url(), "--code", code)
	see := observe(t, c.url(), watch)
	ids := see.ids()

	win := d.window("--data", data)
	time.Sleep(3 * time.Second)
	d.keys("key", "ctrl+r")
	const typed, last = "We have repaired it this morning, thank you", " and more and more and more."
	d.keys("type", "--delay", "40", typed)
	time.Sleep(draftMost)
	if _, err := d.xdotool("type", "--delay", "40", last); err != nil { // and no pause after it
		t.Fatal(err)
	}
	if err := win.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = win.Wait()

	win = d.window("--data", data)
	time.Sleep(3 * time.Second)
	d.keys("key", "ctrl+r")
	d.keys("key", "ctrl+Return")
	d.keys("key", "ctrl+Return") // past the checklist
	eventually(t, 60*time.Second, "the answer is on the server", func() bool {
		for id := range ids {
			a, err := see.appeal(id)
			if err != nil {
				return false
			}
			if e, ok := a.Reply(); ok {
				if !strings.HasPrefix(e.Text, typed) || !strings.HasPrefix(typed+last, e.Text) {
					t.Fatalf("of %q the program kept %q", typed+last, e.Text)
				}
				t.Logf("of %d letters typed without a pause before the kill %d were kept", len(last), len(e.Text)-len(typed))
				return true
			}
		}
		return false
	})
	quit(t, win)
}

// draftMost is how much of typing may be lost with the program.
const draftMost = 600 * time.Millisecond

// shot leaves a picture of the display for whoever looks into a failure.
func (d *display) shot(t testing.TB) {
	t.Helper()
	name := filepath.Join(os.TempDir(), "otklik-e2e-failure.png")
	cmd := exec.Command("import", "-window", "root", name)
	cmd.Env = append(os.Environ(), "DISPLAY="+d.name)
	if cmd.Run() == nil {
		fmt.Fprintln(os.Stderr, "screenshot:", name)
	}
}
