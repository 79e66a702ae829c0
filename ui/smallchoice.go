package ui

import "slices"

// smallChoice is a quiet choice for a heading: the chosen words and a triangle.
type smallChoice struct {
	button  *orderButton
	options []option
	value   string
	chosen  func(value string)
}

func (w *Window) newSmallChoice(options []option, value string, chosen func(value string)) *smallChoice {
	c := &smallChoice{options: options, chosen: chosen}
	c.button = w.newOrderButton(c.open)
	c.set(value)
	return c
}

// set chooses without calling anybody.
func (c *smallChoice) set(value string) {
	c.value = value
	if at := slices.IndexFunc(c.options, func(o option) bool { return o.value == value }); at >= 0 {
		c.button.set(c.options[at].words)
	}
}

func (c *smallChoice) open() {
	w := c.button.window
	w.pick(c.options, c.value, below(c.button), 200, func(v string) {
		c.set(v)
		c.chosen(v)
	}, c.button)
}
