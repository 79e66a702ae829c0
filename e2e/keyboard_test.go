package e2e

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
)

// keyboard presses keys by their place and not by their letter, as hands do, and
// counts how often.
type keyboard struct {
	d       *display
	presses int
}

// russian gives the display the layout ЙЦУКЕН. It has to be there before the
// window is: the program learns the layout when it starts.
func (d *display) russian() *keyboard {
	d.t.Helper()
	if _, err := exec.LookPath("setxkbmap"); err != nil {
		d.t.Skip("setxkbmap is not installed; `make test` installs it")
	}
	cmd := exec.Command("setxkbmap", "-layout", "ru")
	cmd.Env = append(os.Environ(), "DISPLAY="+d.name)
	if out, err := cmd.CombinedOutput(); err != nil {
		d.t.Fatalf("setxkbmap: %v: %s", err, out)
	}
	return &keyboard{d: d}
}

// The rows of keys as they are printed in both layouts, and the code of the
// first key of each.
var rows = []struct {
	first          int
	latin, russian string
}{
	{10, "1234567890", "1234567890"},
	{24, "qwertyuiop[]", "йцукенгшщзхъ"},
	{38, "asdfghjkl;'", "фывапролджэ"},
	{52, "zxcvbnm,./", "ячсмитьбю."},
}

// names of keys that are the same in every layout.
var names = map[string]string{"Enter": "Return", "PgUp": "Prior", "PgDn": "Next", "Esc": "Escape", " ": "65"}

// code finds the key: a letter of either layout or a name.
func code(key string) string {
	if name, ok := names[key]; ok {
		return name
	}
	for _, row := range rows {
		for _, letters := range []string{row.latin, row.russian} {
			for i, r := range []rune(letters) {
				if string(unicode.ToLower([]rune(key)[0])) == string(r) && len([]rune(key)) == 1 {
					return strconv.Itoa(row.first + i)
				}
			}
		}
	}
	return key
}

// press presses keys one after the other: «Ctrl+W», «д», «Enter».
func (k *keyboard) press(keys ...string) {
	k.d.t.Helper()
	for _, key := range keys {
		k.presses++
		parts := strings.Split(key, "+")
		last := len(parts) - 1
		parts[last] = code(parts[last])
		k.d.keys("key", strings.ReplaceAll(strings.Join(parts, "+"), "Ctrl", "ctrl"))
	}
}

// write types the text itself, which is not counted.
func (k *keyboard) write(text string) {
	k.d.t.Helper()
	args := []string{"key", "--delay", "25"}
	for _, r := range text {
		key := code(string(r))
		if unicode.IsUpper(r) {
			key = "shift+" + key
		}
		args = append(args, key)
	}
	k.d.keys(args...)
}

// ends waits for a program that was told to quit.
func ends(t testing.TB, cmd *exec.Cmd) {
	t.Helper()
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	select {
	case err := <-done:
		if err != nil {
			t.Errorf("the window ended with %v", err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("the window does not end")
	}
}
