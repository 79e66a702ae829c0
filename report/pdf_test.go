package report

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// forms are the writers of documents by the ends of their files' names.
var forms = map[string]func(io.Writer, *Document) error{
	"pdf": WritePDF, "xlsx": WriteXLSX, "png": WritePNG, "svg": WriteSVG, "txt": WriteText,
}

// inForm writes the document; OTKLIK_FORMS names a folder to look at it in.
func inForm(t *testing.T, form string, d *Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := forms[form](&b, d); err != nil {
		t.Fatalf("%s: %v", form, err)
	}
	if dir := os.Getenv("OTKLIK_FORMS"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, d.Name+"."+form), b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

func TestEqualDocumentsMakeEqualFiles(t *testing.T) {
	for form := range forms {
		if form == "xlsx" {
			continue // excelize lists the kinds of its parts in any order
		}
		if !bytes.Equal(inForm(t, form, sampleDocument(40)), inForm(t, form, sampleDocument(40))) {
			t.Errorf("%s differs from itself", form)
		}
	}
}

// poppler runs one of its programs over the document, which stands where FILE does.
func poppler(t *testing.T, d *Document, program string, arguments ...string) string {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		t.Skipf("%s of poppler-utils is not installed", program)
	}
	file := filepath.Join(t.TempDir(), "document.pdf")
	if err := os.WriteFile(file, inForm(t, "pdf", d), 0o600); err != nil {
		t.Fatal(err)
	}
	arguments[slices.Index(arguments, "FILE")] = file
	out, err := exec.Command(program, arguments...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v: %s", program, err, out)
	}
	return string(out)
}

// spoken are all words and numbers of a document, as its forms show them.
func spoken(d *Document, blocks []Block) (out []string) {
	values := func(row []Value) {
		for _, v := range row {
			out = append(out, d.mark(v))
		}
	}
	for _, b := range blocks {
		switch b := b.(type) {
		case *Figures:
			for _, f := range b.Items {
				out = append(out, f.Name, d.mark(f.Value))
				out = append(out, f.Notes...)
			}
		case *Table:
			out = append(out, b.Title, b.Note)
			for _, c := range b.Columns {
				out = append(out, c.Title)
			}
			for _, row := range b.Rows {
				values(row)
			}
			values(b.Total)
		case *Chart:
			out = append(out, b.Title, b.Note)
		case *Prose:
			out = append(out, b.Text)
		case *Beside:
			out = append(out, spoken(d, b.Blocks)...)
		}
	}
	return out
}

func TestPDFCanBeSearched(t *testing.T) {
	d := sampleDocument(60)
	text := poppler(t, d, "pdftotext", "FILE", "-")
	said := map[string]bool{}
	for _, w := range strings.Fields(text) {
		said[w] = true
	}
	all := append(spoken(d, d.Blocks), d.Title, d.Period, d.Centre, d.AsOf, "Страница 2 из 3", "медиана", "ВКонтакте", "12 ч")
	for _, s := range append(all, d.Method...) {
		for _, w := range strings.Fields(s) {
			if !said[w] {
				t.Errorf("%q of %q is not to be found", w, s)
			}
		}
	}
}

func TestPDFHoldsItsFonts(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(poppler(t, sampleDocument(9), "pdffonts", "FILE")), "\n")[2:]
	if len(lines) != 2 {
		t.Errorf("fonts: %q", lines)
	}
	for _, l := range lines {
		if f := strings.Fields(l); !slices.Equal(f[len(f)-5:len(f)-2], []string{"yes", "no", "yes"}) {
			t.Errorf("%q is not embedded with its characters", l)
		}
	}
	// fpdf does not tag the name, therefore "no"; that only the letters used are there
	// the size says.
	if n := len(inForm(t, "pdf", sampleDocument(9))); n > len(regularTTF)/4 {
		t.Errorf("%d bytes", n)
	}
}

// Pages as a printer sees them: the margins white, something between them.
func TestPDFPagesAreWhole(t *testing.T) {
	for name, d := range map[string]*Document{"upright": sampleDocument(60), "broad": broadDocument()} {
		t.Run(name, func(t *testing.T) {
			var pages int
			for r := strings.NewReader(poppler(t, d, "pdftoppm", "-r", "36", "-gray", "FILE")); r.Len() > 0; pages++ {
				var w, h, most int
				if _, err := fmt.Fscanf(r, "P5\n%d %d\n%d\n", &w, &h, &most); err != nil {
					t.Fatal(err)
				}
				pix := make([]byte, w*h)
				if _, err := io.ReadFull(r, pix); err != nil {
					t.Fatal(err)
				}
				ink := 0
				for i, p := range pix {
					x, y := i%w, i/w
					if p == 255 {
						continue
					}
					if ink++; x < 26 || y < 12 || x > w-18 || y > h-12 {
						t.Fatalf("page %d: ink at %d, %d of %d×%d", pages+1, x, y, w, h)
					}
				}
				if ink < 500 {
					t.Errorf("page %d is empty", pages+1)
				}
			}
			if want := len(setPages(d, false)); pages != want {
				t.Errorf("%d pages, want %d", pages, want)
			}
		})
	}
}

func TestPDFSaysWhatItIs(t *testing.T) {
	d := sampleDocument(9)
	file := string(inForm(t, "pdf", d))
	for _, want := range []string{"/Lang (ru)", "/CreationDate (D:20261123080000)", "/URI (https://vk.com/lesnoy)"} {
		if !strings.Contains(file, want) {
			t.Errorf("%s is not there", want)
		}
	}
	if n := strings.Count(file, "/URI ("); n != 1 {
		t.Errorf("%d links", n)
	}
	info := poppler(t, d, "pdfinfo", "FILE")
	for _, want := range []string{d.Title, d.Centre, d.Period, "595.28 x 841.89 pts (A4)"} {
		if !strings.Contains(info, want) {
			t.Errorf("%q is not in\n%s", want, info)
		}
	}
}
