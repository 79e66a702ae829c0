package bulletin

import (
	"time"

	"otklik/app"
	"otklik/assets"
	"otklik/report"
)

// missing stands for what is not known, which is not zero.
const missing = "—"

// Words are those of the forms of a document.
func Words(t *assets.Texts) report.DocumentWords {
	return report.DocumentWords{
		Page:   func(n, of int) string { return t.T("bulletin.page", n, of) },
		More:   func(n int) string { return t.N("bulletin.more_rows", n) },
		Method: t.T("bulletin.method"),
		Value:  func(v report.Value) string { return written(t, v) },
		Unit:   func(k report.ValueKind) string { return unit(t, k) },
		Sheet:  t.T("bulletin.sheet"),
	}
}

// written writes a value as people read it.
func written(t *assets.Texts, v report.Value) string {
	if v.None {
		return missing
	}
	switch v.Kind {
	case report.ValueCount:
		return t.Number(int64(v.Number))
	case report.ValueDecimal:
		return t.Decimal(v.Number, 1)
	case report.ValueShare:
		return t.Percent(v.Number, 1)
	case report.ValueChange:
		if v.Number > 0 {
			return "+" + t.Percent(v.Number, 1)
		}
		return t.Percent(v.Number, 1)
	case report.ValueSigned:
		return t.Signed(int64(v.Number))
	case report.ValueDuration:
		return t.Duration(time.Duration(v.Number) * time.Second)
	case report.ValueDay:
		return t.Date(app.Day(v.Number).In(time.UTC))
	}
	return v.Words
}

// unit is what a bare number of a spreadsheet is counted in.
func unit(t *assets.Texts, k report.ValueKind) string {
	switch k {
	case report.ValueDuration:
		return t.T("bulletin.unit.length")
	case report.ValueShare, report.ValueChange:
		return "%"
	}
	return ""
}

// change is by which part a number has changed; not known where there was nothing to
// change, which is no growth by any part.
func change(now, before float64) report.Value {
	if before == 0 {
		return report.None(report.ValueChange)
	}
	return report.Value{Kind: report.ValueChange, Number: now/before - 1}
}

// slower is the change of a length of time, in which more is worse.
func slower(now, before app.Summary, length func(app.Summary) time.Duration) report.Value {
	if now.N == 0 || before.N == 0 {
		return report.None(report.ValueChange)
	}
	v := change(float64(length(now)), float64(length(before)))
	switch {
	case v.None:
	case v.Number >= 0.0005:
		v.Tone = report.ToneBad
	case v.Number <= -0.0005:
		v.Tone = report.ToneGood
	}
	return v
}

func median(s app.Summary) time.Duration { return s.Median }

// length is a length of time of the summary, not known where nothing was answered.
func length(s app.Summary, of time.Duration) report.Value {
	if s.N == 0 {
		return report.None(report.ValueDuration)
	}
	return report.Duration(of)
}

// inTime is the share of those in time.
func inTime(s app.Summary) report.Value {
	share, ok := s.Share()
	if !ok {
		return report.None(report.ValueShare)
	}
	return report.Ratio(share)
}

// tone compares with a goal: less is good.
func tone(v, goal time.Duration) report.Tone {
	if v <= goal {
		return report.ToneGood
	}
	return report.ToneBad
}
