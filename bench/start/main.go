// Command start measures, from outside, how long programs take from being
// started to their line "ready", in turns, and prints medians and the ratio of
// the first to the last.
package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

const rounds = 20

func main() {
	commands := [][]string{}
	for _, line := range os.Args[1:] {
		commands = append(commands, strings.Fields(line))
	}
	times := make([][]time.Duration, len(commands))
	for range rounds {
		for i, c := range commands {
			d, err := start(c)
			if err != nil {
				fmt.Fprintln(os.Stderr, c[0], err)
				os.Exit(1)
			}
			times[i] = append(times[i], d)
		}
	}
	fmt.Println("| Program | median of 20, ms | slowest, ms | ratio to the last |")
	fmt.Println("|---|---|---|---|")
	last := median(times[len(times)-1])
	for i, c := range commands {
		m := median(times[i])
		fmt.Printf("| %s | %d | %d | %.2f |\n", c[0][strings.LastIndexByte(c[0], '/')+1:],
			m.Milliseconds(), slices.Max(times[i]).Milliseconds(), float64(m)/float64(last))
	}
}

func median(d []time.Duration) time.Duration {
	s := slices.Sorted(slices.Values(d))
	return (s[len(s)/2-1] + s[len(s)/2]) / 2
}

func start(command []string) (time.Duration, error) {
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return 0, err
	}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	lines := bufio.NewScanner(out)
	took := time.Duration(0)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "ready") {
			took = time.Since(began)
		}
	}
	if err := cmd.Wait(); err != nil {
		return 0, err
	}
	if took == 0 {
		return 0, fmt.Errorf("never said it was ready")
	}
	return took, nil
}
