package trial

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// realRows reads the real appeals beside the repository.
func realRows(t testing.TB) []Row {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the package")
		}
		dir = filepath.Dir(dir)
	}
	f, err := os.Open(filepath.Join(dir, "..", "shared", "data", "appeals", "appeals_300.csv"))
	if err != nil {
		t.Skip("real data is absent: shared/data/appeals/appeals_300.csv")
	}
	defer f.Close()
	rows, err := Read(f)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestModelBeatsTheBaselines is the cross-validation of docs/benchmarks-topics.md
// with fewer seeds.
func TestModelBeatsTheBaselines(t *testing.T) {
	all, err := Run(realRows(t), 5, []uint64{1, 2})
	if err != nil {
		t.Fatal(err)
	}
	of := map[string]Scores{}
	for _, s := range all {
		of[s.Method] = s
		top1, top3 := s.Over(func(s Score) float64 { return s.Top1 }), s.Over(func(s Score) float64 { return s.Top3 })
		t.Logf("%-9s top-1 %.3f, top-3 %.3f, off by %.3f", s.Method, top1.Mean, top3.Mean, s.Over(Score.Error).Mean)
	}
	for _, baseline := range []string{Majority, Nearest} {
		for name, figure := range map[string]func(Score) float64{
			"top-1": func(s Score) float64 { return s.Top1 }, "top-3": func(s Score) float64 { return s.Top3 },
		} {
			if ours, theirs := of[Model].Over(figure).Mean, of[baseline].Over(figure).Mean; ours <= theirs {
				t.Errorf("%s: %.3f of the model, %.3f of %s", name, ours, theirs, baseline)
			}
		}
	}
}

func TestNearlyTheSameTextsStayTogether(t *testing.T) {
	rows := []Row{
		{Text: "На улице Лесной не горят фонари третью неделю"},
		{Text: "В больнице нет талонов к терапевту"},
		{Text: "На улице Лесной не горят фонари четвёртую неделю!"},
		{Text: "На улице Лесной не горят фонари четвёртую неделю, помогите"},
	}
	got := clusters(rows)
	if len(got) != 2 || !slices.Equal(got[0], []int{0, 2, 3}) {
		t.Fatalf("%v", got)
	}
	for seed := range uint64(10) {
		parts := folds(got, 2, seed)
		for _, p := range parts {
			if slices.Contains(p, 0) != slices.Contains(p, 2) || slices.Contains(p, 0) != slices.Contains(p, 3) {
				t.Errorf("seed %d: %v", seed, parts)
			}
		}
	}
}

func TestFoldsHoldEveryRowOnce(t *testing.T) {
	var one [][]int
	for i := range 103 {
		one = append(one, []int{i})
	}
	var all []int
	for _, p := range folds(one, 5, 7) {
		if len(p) < 20 || len(p) > 21 {
			t.Errorf("a part of %d", len(p))
		}
		all = append(all, p...)
	}
	slices.Sort(all)
	if len(slices.Compact(all)) != 103 {
		t.Error("a row is missing or stands in two parts")
	}
}
