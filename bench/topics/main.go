// Command topics measures how well and how fast topics are suggested: by
// cross-validation on real appeals beside baselines, and with a region of 50,000
// made-up appeals in the store. It writes Markdown.
//
//	topics appeals_300.csv
package main

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"log"
	"os"
	"runtime"
	"strings"
	"time"

	"otklik/topics/trial"
)

func main() {
	log.SetFlags(0)
	appeals := flag.Int("appeals", 50_000, "appeals of the made-up region")
	seeds := flag.Int("seeds", 10, "shuffles of the cross-validation")
	flag.Parse()
	if flag.NArg() != 1 {
		log.Fatal("usage: topics [-appeals n] [-seeds n] appeals_300.csv")
	}
	fmt.Printf("# Topics, found and suggested\n\nWritten by `bench/topics` on %s; %s.\n\n", time.Now().Format(time.DateOnly), machine())
	if err := accuracy(flag.Arg(0), *seeds); err != nil {
		log.Fatal(err)
	}
	if err := speed(*appeals); err != nil {
		log.Fatal(err)
	}
}

// names of the methods as the table has them.
var names = map[string]string{
	trial.Model:    "the model: complement naive Bayes",
	trial.Majority: "majority: the most frequent categories",
	trial.Nearest:  "nearest neighbour by the cosine",
	trial.Vote:     "vote of the seven nearest",
	trial.Rival:    "logistic regression, which was not chosen",
}

func accuracy(path string, seeds int) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	rows, err := trial.Read(f)
	if err != nil {
		return err
	}
	all := make([]uint64, seeds)
	for i := range all {
		all[i] = uint64(i + 1)
	}
	const parts = 5
	scores, err := trial.Run(rows, parts, all)
	if err != nil {
		return err
	}
	categories := map[string]int{}
	for _, r := range rows {
		categories[r.Category]++
	}
	fmt.Printf("## How well\n\n%d real appeals of %d categories, %d-fold cross-validation, %d shuffles. Words, their rarity, weights and sureness are learnt within a fold; texts with half of their stems in common stay in one. Mean ± standard deviation over shuffles (least … most).\n\n", len(rows), len(categories), parts, seeds)
	fmt.Println("| | first is right | among the first three | said and true differ by |\n|---|---|---|---|")
	for _, s := range scores {
		off := "–"
		if s.Method == trial.Model {
			off = percent(s.Over(trial.Score.Error))
		}
		fmt.Printf("| %s | %s | %s | %s |\n", names[s.Method], percent(s.Over(func(s trial.Score) float64 { return s.Top1 })), percent(s.Over(func(s trial.Score) float64 { return s.Top3 })), off)
	}
	fmt.Print("\nHow sure the model was, and how often it was right then, over all shuffles:\n\n| said | suggestions | said on the average | true |\n|---|---|---|---|\n")
	for _, s := range scores {
		if s.Method == trial.Model {
			reliability(s)
		}
	}
	return nil
}

func reliability(s trial.Scores) {
	var sum trial.Score
	for _, one := range s.Scores {
		for i, b := range one.Bins {
			sum.Bins[i].N += b.N
			sum.Bins[i].Sure += b.Sure
			sum.Bins[i].Right += b.Right
		}
	}
	for i, b := range sum.Bins {
		if b.N > 0 {
			fmt.Printf("| %d–%d %% | %d | %.0f %% | %.0f %% |\n", i*10, (i+1)*10, b.N, 100*b.Sure/float64(b.N), 100*b.Right/float64(b.N))
		}
	}
	fmt.Println()
}

func percent(f trial.Figure) string {
	return fmt.Sprintf("%.1f ± %.1f %% (%.1f … %.1f)", 100*f.Mean, 100*f.Deviation, 100*f.Least, 100*f.Most)
}

// machine names what the figures were made on.
func machine() string {
	cpu := ""
	if info, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range bytes.Lines(info) {
			if key, value, ok := strings.Cut(string(line), ":"); ok && strings.TrimSpace(key) == "model name" {
				cpu = strings.TrimSpace(value)
				break
			}
		}
	}
	load := "not known"
	if info, err := os.ReadFile("/proc/loadavg"); err == nil {
		load, _, _ = strings.Cut(string(info), " ")
	}
	return fmt.Sprintf("%d processors (%s), %s %s/%s, load by other work %s", runtime.NumCPU(), cmp.Or(cpu, "not named"), runtime.Version(), runtime.GOOS, runtime.GOARCH, load)
}
