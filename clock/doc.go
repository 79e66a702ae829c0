// Package clock reads the clocks of this machine: the wall clock, and one that
// runs from the start of the machine, through its sleep, and that nobody can
// set.
//
//	clock.go    Now, on every system
//	clock_….go  the clock since the start, and the name of that start
//	other.go    systems where neither is known: the wall clock is all there is
//
// It may know: package app, for the shape of what it reads. It may not know what
// the time is needed for.
package clock
