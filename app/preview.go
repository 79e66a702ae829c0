package app

// Layout is how a foreign file is to be read, as a person set it: whatever is left
// zero is found in the file itself. It is also what a saved profile of a source keeps.
type Layout struct {
	Format    string `json:"format,omitempty"`    // name of the heading map, e.g. "incident-manager"
	Encoding  string `json:"encoding,omitempty"`  // "utf-8", "windows-1251", "utf-16le", "utf-16be"
	Separator string `json:"separator,omitempty"` // one character
	Sheet     string `json:"sheet,omitempty"`     // of a workbook
	Heading   int    `json:"heading,omitempty"`   // line the headings stand on, the first being 1
	// Columns says what a heading means, by the heading's own words; an empty meaning
	// leaves the column out. Headings that are not named here are found as ever.
	Columns map[string]string `json:"columns,omitempty"`
}

// Preview is what a reader made out of a foreign file, before anything of it is
// imported. Layout holds what was found and what was set alike, so that it may be
// shown, changed and read with again.
type Preview struct {
	Layout  Layout          `json:"layout"`
	Sheets  []string        `json:"sheets,omitempty"` // of a workbook
	Formats []string        `json:"formats"`          // every format there is, Layout.Format among them where one fits
	Columns []PreviewColumn `json:"columns"`
	Fields  []string        `json:"fields"`            // meanings a column may have in this format
	Missing []string        `json:"missing,omitempty"` // meanings the format cannot do without and no column has
	Rows    []PreviewRow    `json:"rows"`
	List    *PreviewList    `json:"list,omitempty"` // of a reference list of the region
}

// PreviewList says what of a reference list the region has, over all of its rows, but no
// further than a table of the region can grow.
type PreviewList struct {
	Table   TableName `json:"table"`
	New     int       `json:"new"`
	Known   int       `json:"known"`
	Skipped int       `json:"skipped"`
	Bare    bool      `json:"bare"` // one column without a heading, which is shown with the name of the file or sheet
}

// PreviewColumn is one column of the file.
type PreviewColumn struct {
	Heading string `json:"heading"`
	Field   string `json:"field"` // its meaning, "" for a column that is left out
}

// PreviewRow is one row as the file holds it, and what is wrong with it.
type PreviewRow struct {
	Line  int      `json:"line"`
	Cells []string `json:"cells"` // one for each of the columns
	// Problems are reasons ("skip." in the translation files) by column; a reason at -1
	// is of the row as a whole. A row with any is left out by an import.
	Problems map[int]string `json:"problems,omitempty"`
	Detail   string         `json:"detail,omitempty"` // as in the Skip of the row
}

// Skip gives what is wrong at a column, -1 being the row as a whole, to be said; ok is
// false where nothing is. Of several bad cells each is named by its own value, of at most
// so many characters.
func (r *PreviewRow) Skip(col, most int) (s Skip, ok bool) {
	s = Skip{Line: r.Line, Reason: r.Problems[col], Detail: r.Detail}
	if len(r.Problems) > 1 && col >= 0 && col < len(r.Cells) {
		s.Detail = Cut(r.Cells[col], most)
	}
	return s, s.Reason != ""
}

// Importer reads foreign files. Its methods are called on worker goroutines.
type Importer interface {
	// Look reads the first rows. A file that no format fits is no error where a table
	// can be made out: Layout.Format is empty then.
	Look(path string, how Layout) (*Preview, error)
	// Open reads the whole, piece by piece.
	Open(path string, how Layout) (Batches, error)
	// WriteSkipped writes the rows that were left out to a new file, a workbook or a
	// CSV by the ending of its name: the number of the line and why, headed by the two
	// headings, and the cells as they stand. Errors: CodeFileExists, CodeNoFolder,
	// CodeDiskFull beside those of Open.
	WriteSkipped(path string, how Layout, to string, left []Skip, headings [2]string, why func(Skip) string) error
}
