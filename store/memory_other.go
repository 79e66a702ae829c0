//go:build !linux

package store

func largePages([]byte) {}
