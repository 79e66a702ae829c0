//go:build !linux

package store

import "os"

func largePages([]byte) {}

func readAhead(*os.File, int64, int64) {}

func giveBack(uintptr, int64) {}
