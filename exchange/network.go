package exchange

import "otklik/app"

// addressOf reads a link as files write one, where nothing is written as "0", too.
func addressOf(v string) (a app.PageAddress, ok bool) {
	if isNothing(v) {
		return app.PageAddress{}, false
	}
	return app.AddressOf(v)
}
