package channel

import (
	"context"

	"otklik/app"
)

// Ask asks a line for pages without a server.
func Ask(ctx context.Context, l Line, c Counter, pages []app.Page) map[string]Counted {
	h, err := New([]Line{l}, Options{})
	if err != nil {
		panic(err)
	}
	return h.askAll(ctx, &l, c, pages)
}
