package report

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
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
