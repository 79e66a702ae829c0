package report

import "otklik/app"

// overSteps is the axis of time of steps that stand in order, to the ends of the first
// and the last.
func overSteps(steps []app.StepFigures) axis {
	from := steps[0].Period.From
	return days(from, max(from, steps[len(steps)-1].Period.To))
}

// middle is where a step stands on the axis of time.
func middle(s app.StepFigures) float64 {
	return float64(s.Period.From) + float64(s.Period.To-s.Period.From)/2
}

// unbroken splits stretches of steps where one does not follow the other: a step that
// is not even listed is a gap as well.
func unbroken(steps []app.StepFigures, stretches [][]int) [][]int {
	var out [][]int
	for _, s := range stretches {
		begin := 0
		for j := 1; j < len(s); j++ {
			a, b := steps[s[j-1]].Period, steps[s[j]].Period
			// Of thinned steps those between may be a few days longer than these two.
			between := (s[j] - s[j-1] - 1) * (max(a.Days(), b.Days()) + 3)
			if int(b.From-a.To)-1 > between {
				out = append(out, s[begin:j])
				begin = j
			}
		}
		out = append(out, s[begin:])
	}
	return out
}
