// Package ui is the window of «Отклик»: screens, own widgets, theme, keyboard.
//
// The map of the package:
//
//	theme.go    palette of both looks and the Fyne theme made of it
//	live.go     Live, the only door between background work and the screen
//	window.go   Window: the shell, the contract of a screen, switching
//	rail.go     the left rail: navigation with counts, state of the exchange
//	menu.go     the main menu, which is also the list of shortcuts
//	button.go, chip.go, entry.go, field.go, panel.go … own widgets, one idea a file
//	chart*.go   a picture of package report under mouse and keyboard; sparks.go: tiny ones
//	pages*.go   the Pages screen: the ways of looking at them, the card, letters, lists
//	appeals*.go the Appeals screen: filter, list, detail, reply, look-alikes
//	reports*.go the Reports screen: documents as they go out, and the schedules
//	hotspots.go the hot spots screen
//	analytics.go the screen of figures: what is asked (_ask, _dates, _filter), where it is
//	            asked (_bar), cards and their pages (_card, _cards, _pane, _table), what they
//	            show (_speed, _flow, _places, _audience, _figures), what they say (_words)
//	            and lead to (_open)
//	appeals_select.go, appeals_bulk.go many at once: the selection, what is done with it
//	undo.go     the way back from the last action
//	locked.go   what a window shows whose workstation was revoked
//	away.go     what it shows while its person is away; the passphrase
//	door.go     the window that asks for the passphrase at the start
//	appeals_files.go attachments: chips, opening, saving, choosing
//	drop.go     files dropped on the window or pasted into an answer
//	paste_table.go a pasted table becomes new appeals
//	tick.go     a point to be ticked
//	settings.go the Settings screen
//	dialog*.go  questions asked over a screen
//
// It may know: the use cases (app.Desk), words (assets), charts (report),
// documents of figures (bulletin), spreadsheets (exchange) and Fyne. It may not know: where data is kept, how it
// travels, the Fyne package app. No call of the desk that reads or writes the
// store happens on the UI goroutine: Live takes it away and brings the answer
// back.
package ui
