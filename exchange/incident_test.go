package exchange

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"otklik/app"
)

// incident is a row of an export with the given values; the others are plain.
func incident(t *testing.T, values map[string]string) *app.Batch {
	t.Helper()
	row := map[string]string{
		"Номер инцидента": "7", "Текст инцидента": "'Яма", "Дата создания": "2025-12-24 20:00:00",
		"Регион": "Омская область", "Отдел": "Администрация", "Текущий шаг инцидента": "В работе",
	}
	for k, v := range values {
		row[k] = v
	}
	var heads, cells []string
	for k, v := range row {
		heads, cells = append(heads, k), append(cells, v)
	}
	b, err := Read(bytes.NewReader(workbook(t, [][]string{heads, cells})), "выгрузка.xlsx", testRegion(t))
	if err != nil {
		t.Fatal(err)
	}
	check(t, b)
	return b
}

func TestIncidentTexts(t *testing.T) {
	for in, want := range map[string]string{
		"'Раз<br>два<BR />три":       "Раз\nдва\nтри",
		"''в кавычках'":              "'в кавычках'",
		"'[club12|Отдел], [id3|Имя]": "Отдел, Имя",
		"'[Фотография]<br>[a|b]":     "[Фотография]\n[a|b]",
		"-":                          "",
		"'":                          "",
		"'-":                         "",
	} {
		if got := plain(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

// The moment of the answer stands even where the duration says otherwise.
func TestIncidentMomentGoesBeforeDuration(t *testing.T) {
	b := incident(t, map[string]string{
		"Общее время первого ответа": "2025-12-26 20:30:00", "Общий текст первого ответа": "'Сделаем",
		"Время с даты создания инцидента до времени первого ответа": "0.5",
	})
	a := b.Rows[0].Appeal
	if d, ok := a.FirstResponse(); !ok || d != 48*time.Hour+30*time.Minute {
		t.Errorf("first response %v", d)
	}
	if len(a.Events) != 2 || a.Status != app.StatusAnswered {
		t.Errorf("%s, %d events", a.Status, len(a.Events))
	}
}

func TestIncidentHistory(t *testing.T) {
	const answered, routed, closed = "Общее время первого ответа", "Время назначения последнего исполнителя", "Дата окончания"
	done := "Текущий шаг инцидента"
	for name, c := range map[string]struct {
		values map[string]string
		events string
		status app.Status
	}{
		"new":                   {nil, "detected", app.StatusNew},
		"routed":                {map[string]string{routed: "2025-12-24 21:00:00"}, "detected routed", app.StatusRouted},
		"routed too early":      {map[string]string{routed: "2025-12-24 19:00:00"}, "detected", app.StatusNew},
		"routed after answer":   {map[string]string{routed: "2025-12-25 21:00:00", answered: "2025-12-25 20:00:00"}, "detected answered", app.StatusAnswered},
		"routed, answered":      {map[string]string{routed: "2025-12-24 21:00:00", answered: "2025-12-25 20:00:00"}, "detected routed answered", app.StatusAnswered},
		"closed":                {map[string]string{done: "Готово", closed: "2025-12-26 20:00:00", answered: "2025-12-25 20:00:00", "Итог": "Не решено"}, "detected answered closed", app.StatusClosed},
		"closed, not said when": {map[string]string{done: "Готово", answered: "2025-12-25 20:00:00"}, "detected answered closed", app.StatusClosed},
		"routed after closing":  {map[string]string{done: "готово", closed: "2025-12-25 20:00:00", routed: "2025-12-26 20:00:00"}, "detected closed", app.StatusClosed},
		"closed before answer":  {map[string]string{done: "Готово", closed: "2025-12-25 20:00:00", answered: "2025-12-26 20:00:00"}, "detected closed answered", app.StatusClosed},
		"answer, not said when": {map[string]string{"Общий текст первого ответа": "'Сделаем"}, "detected answered", app.StatusAnswered},
		"end of an open one":    {map[string]string{closed: "2025-12-25 20:00:00"}, "detected", app.StatusNew},
		"later answers":         {map[string]string{answered: "2025-12-25 20:00:00", "2ой ответ ПИ": "'ещё", "3ий ответ ПИ": "'ещё"}, "detected answered note note", app.StatusAnswered},
	} {
		a := incident(t, c.values).Rows[0].Appeal
		var types []string
		for _, e := range a.Events {
			types = append(types, string(e.Type))
		}
		if got := strings.Join(types, " "); got != c.events || a.Status != c.status {
			t.Errorf("%s: %s, %s; want %s, %s", name, got, a.Status, c.events, c.status)
		}
		if a.Executor != "Администрация" {
			t.Errorf("%s: executor %q", name, a.Executor)
		}
		if c.values["Итог"] != "" && a.Outcome != app.OutcomeNotSolved {
			t.Errorf("%s: outcome %q", name, a.Outcome)
		}
	}
}

func TestIncidentMoments(t *testing.T) {
	for name, c := range map[string]struct {
		values map[string]string
		want   time.Time
	}{
		"named region":   {nil, time.Date(2025, 12, 24, 14, 0, 0, 0, time.UTC)},
		"own region":     {map[string]string{"Регион": "-"}, time.Date(2025, 12, 24, 17, 0, 0, 0, time.UTC)},
		"number of days": {map[string]string{"Дата создания": "46015.833333333336"}, time.Date(2025, 12, 24, 14, 0, 0, 0, time.UTC)},
		"Russian order":  {map[string]string{"Дата создания": "24.12.2025 20:00"}, time.Date(2025, 12, 24, 14, 0, 0, 0, time.UTC)},
	} {
		b := incident(t, c.values)
		if len(b.Rows) != 1 {
			t.Errorf("%s: %v", name, b.Skipped)
			continue
		}
		if start, _ := b.Rows[0].Appeal.Start(); !start.At.Equal(c.want) {
			t.Errorf("%s: %v, want %v", name, start.At, c.want)
		}
	}
}

func TestIncidentSkips(t *testing.T) {
	for _, c := range []struct {
		values map[string]string
		want   app.Skip
	}{
		{map[string]string{"Номер инцидента": "-"}, app.Skip{Line: 2, Reason: "no_id"}},
		{map[string]string{"Дата создания": "вчера"}, app.Skip{Line: 2, Reason: "bad_date", Detail: "вчера"}},
		{map[string]string{"Дата создания": "-"}, app.Skip{Line: 2, Reason: "bad_date"}},
		{map[string]string{"Дата окончания": "скоро"}, app.Skip{Line: 2, Reason: "bad_date", Detail: "скоро"}},
	} {
		b := incident(t, c.values)
		if len(b.Skipped) != 1 || b.Skipped[0] != c.want {
			t.Errorf("skipped %v, want %v", b.Skipped, c.want)
		}
	}
}
