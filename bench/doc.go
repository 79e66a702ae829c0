// Package bench is a module of its own, so that peers used only for comparison
// stay out of the program's dependencies. See scripts/bench.sh.
package bench
