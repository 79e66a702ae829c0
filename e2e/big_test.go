package e2e

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"otklik/app"
)

// enough is what an import may take of memory, whatever the size of the file.
const enough = 200 << 20

// TestBigFiles imports a CSV of 200 MB and a workbook of 50 MB into fresh folders, with
// no more memory to be had than an import may take: what the system keeps of files for
// the program is counted, too. It takes minutes and gigabytes of the disk, and root:
//
//	OTKLIK_BIG=1 go test -run TestBigFiles -timeout 2h -v ./e2e
func TestBigFiles(t *testing.T) {
	if os.Getenv("OTKLIK_BIG") == "" {
		t.Skip("minutes long: OTKLIK_BIG=1 asks for it")
	}
	for name, write := range map[string]func(testing.TB, string) int{"appeals.csv": bigCSV, "appeals.xlsx": bigWorkbook} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, name)
			rows := write(t, path)
			about, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command("sh", "-c", `echo $$ >"$0" && exec "$@"`, filepath.Join(cramped(t), "cgroup.procs"),
				filepath.Join(bin, "otklik"), "import", "--json", "--data", filepath.Join(dir, "data"), path)
			cmd.Stderr = os.Stderr
			out, err := cmd.Output()
			if err != nil {
				t.Fatalf("%v: out of memory, as it seems", err)
			}
			t.Logf("%d MB, %d rows, %s of processors", about.Size()>>20, rows, cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime())
			if r := printed[app.ImportReport](t, out); r.Read != rows || r.Added != rows {
				t.Errorf("of %d rows read %d, added %d", rows, r.Read, r.Added)
			}
		})
	}
}

// cramped makes a control group without more memory than enough; who needs more in it
// is killed.
func cramped(t testing.TB) string {
	t.Helper()
	name, limits := fmt.Sprintf("otklik-%d", os.Getpid()), map[string]string{ // version 1 of control groups, and 2
		"/sys/fs/cgroup/memory": "memory.limit_in_bytes", "/sys/fs/cgroup": "memory.max",
	}
	for root, limit := range limits {
		group := filepath.Join(root, name)
		if os.Mkdir(group, 0o755) != nil {
			continue
		}
		t.Cleanup(func() { _ = os.Remove(group) })
		if os.WriteFile(filepath.Join(group, limit), []byte(strconv.Itoa(enough)), 0o644) == nil {
			return group
		}
	}
	t.Skip("no control group with a limit of memory can be made here: root can, where the system has them")
	return ""
}

// babble makes rows of appeals of words that are used as often as those of people are:
// few of them always, most of them hardly ever.
type babble struct {
	r     *rand.Rand
	zipf  *rand.Zipf
	words []string
	rows  int
}

func newBabble() *babble {
	r := rand.New(rand.NewSource(1))
	s := &babble{r: r, words: make([]string, 60_000)}
	s.zipf = rand.NewZipf(r, 1.1, 8, uint64(len(s.words)-1))
	syllables := strings.Fields("до ро га во да све т ок ст ена мо ста тр у ба ко мму на льн ый хо лод но ям а кры ша дв ор ли фт му со р сн ег")
	for i := range s.words {
		var w strings.Builder
		for range 2 + r.Intn(4) {
			w.WriteString(syllables[r.Intn(len(syllables))])
		}
		s.words[i] = w.String()
	}
	return s
}

func (s *babble) say(words int) string {
	var b strings.Builder
	for i := range words {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(s.words[s.zipf.Uint64()])
	}
	return b.String()
}

var bigHeading = []string{"id", "Дата создания", "Текст обращения", "Категория", "Тема", "Исполнитель", "Адрес"}

func (s *babble) row() []string {
	s.rows++
	return []string{
		strconv.Itoa(s.rows), fmt.Sprintf("%02d.%02d.2025 %02d:%02d", 1+s.r.Intn(28), 1+s.r.Intn(12), s.r.Intn(24), s.r.Intn(60)),
		s.say(20 + s.r.Intn(40)), "Группа " + strconv.Itoa(s.r.Intn(30)), "Тема " + strconv.Itoa(s.r.Intn(300)),
		"Администрация " + strconv.Itoa(s.r.Intn(200)), "г. Чебоксары, ул. " + s.say(1) + ", " + strconv.Itoa(1+s.r.Intn(200)),
	}
}

func bigCSV(t testing.TB, path string) int {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	buf := bufio.NewWriter(f)
	w, s := csv.NewWriter(buf), newBabble()
	_ = w.Write(bigHeading) // errors stay with w
	for at := int64(0); at < 200<<20; {
		for range 1000 {
			_ = w.Write(s.row())
		}
		w.Flush()
		if at, err = f.Seek(0, io.SeekCurrent); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Error(), buf.Flush(), f.Close()); err != nil {
		t.Fatal(err)
	}
	return s.rows
}

func bigWorkbook(t testing.TB, path string) int {
	t.Helper()
	f := excelize.NewFile()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	s := newBabble()
	put := func(row []string) {
		cells := make([]any, len(row))
		for i, c := range row {
			cells[i] = c
		}
		if err := w.SetRow(fmt.Sprintf("A%d", s.rows+1), cells); err != nil {
			t.Fatal(err)
		}
	}
	put(bigHeading)
	for range 300_000 { // 50 MB and some, compressed
		put(s.row())
	}
	if err := errors.Join(w.Flush(), f.SaveAs(path), f.Close()); err != nil {
		t.Fatal(err)
	}
	return s.rows
}
