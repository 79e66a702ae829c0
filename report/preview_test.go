package report

import "testing"

// What is previewed has the pages of the print, at the pixels asked for, and no more of
// them than memory is meant for.
func TestPreviewIsOfThePrint(t *testing.T) {
	d := sampleDocument(120)
	pages, of := Preview(d, 500, 2)
	if want := len(setPages(d, false)); of != want || of <= 2 || len(pages) != 2 {
		t.Fatalf("%d pages drawn of %d, printed are %d", len(pages), of, want)
	}
	for _, p := range pages {
		if b := p.Bounds(); b.Dx() != 500 || b.Dy() < 300 {
			t.Errorf("a page of %v", b)
		}
	}
	if pages, of = Preview(d, 300, 1000); len(pages) != of {
		t.Errorf("%d pages drawn of %d", len(pages), of)
	}
}
