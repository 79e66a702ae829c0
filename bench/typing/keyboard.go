package main

import (
	"fmt"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"
)

// keyboard presses keys of the display as a person would.
type keyboard struct {
	x     *xgb.Conn
	root  xproto.Window
	codes map[xproto.Keysym]byte
}

func newKeyboard() (*keyboard, error) {
	x, err := xgb.NewConn()
	if err != nil {
		return nil, err
	}
	if err := xtest.Init(x); err != nil {
		return nil, err
	}
	setup := xproto.Setup(x)
	first := setup.MinKeycode
	all, err := xproto.GetKeyboardMapping(x, first, byte(setup.MaxKeycode-first)+1).Reply()
	if err != nil {
		return nil, err
	}
	k := &keyboard{x: x, root: setup.DefaultScreen(x).Root, codes: map[xproto.Keysym]byte{}}
	per := int(all.KeysymsPerKeycode)
	for i := range len(all.Keysyms) / per {
		if sym := all.Keysyms[i*per]; sym != 0 && k.codes[sym] == 0 {
			k.codes[sym] = byte(int(first) + i)
		}
	}
	return k, nil
}

// focus gives the keyboard to the largest window there is.
func (k *keyboard) focus() error {
	tree, err := xproto.QueryTree(k.x, k.root).Reply()
	if err != nil {
		return err
	}
	largest, area := k.root, 0
	for _, w := range tree.Children {
		if g, err := xproto.GetGeometry(k.x, xproto.Drawable(w)).Reply(); err == nil && int(g.Width)*int(g.Height) > area {
			largest, area = w, int(g.Width)*int(g.Height)
		}
	}
	return xproto.SetInputFocusChecked(k.x, xproto.InputFocusParent, largest, xproto.TimeCurrentTime).Check()
}

func (k *keyboard) letter(r rune) error { return k.press(keysym(r)) }

func (k *keyboard) chord(all ...string) error {
	var syms []xproto.Keysym
	for _, name := range all {
		syms = append(syms, names[name])
	}
	return k.press(syms...)
}

// press presses keys together and lets go of them.
func (k *keyboard) press(syms ...xproto.Keysym) error {
	for _, sym := range syms {
		if k.codes[sym] == 0 {
			return fmt.Errorf("no key gives the symbol %#x: is the layout ru?", sym)
		}
		k.fake(xproto.KeyPress, k.codes[sym], 0, 0)
	}
	for i := len(syms) - 1; i >= 0; i-- {
		k.fake(xproto.KeyRelease, k.codes[syms[i]], 0, 0)
	}
	k.x.Sync()
	return nil
}

func (k *keyboard) click(x, y int) {
	k.fake(xproto.MotionNotify, 0, x, y)
	k.fake(xproto.ButtonPress, 1, 0, 0)
	k.fake(xproto.ButtonRelease, 1, 0, 0)
	k.x.Sync()
}

func (k *keyboard) fake(kind, detail byte, x, y int) {
	xtest.FakeInput(k.x, kind, detail, 0, k.root, int16(x), int16(y), 0)
}
