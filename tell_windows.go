package main

import "golang.org/x/sys/windows"

// tellPerson shows a sentence to somebody who has no terminal.
func tellPerson(sentence string) {
	words, err := windows.UTF16PtrFromString(sentence)
	if err != nil {
		return // the sentence is on standard error as well
	}
	title, _ := windows.UTF16PtrFromString("Otklik")
	_, _ = windows.MessageBox(0, words, title, windows.MB_OK|windows.MB_ICONERROR)
}
