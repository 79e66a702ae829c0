package lists

import (
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"

	"otklik/assets"
	"otklik/exchange"

	"otklik/app"
)

// heldMost is how much more memory a list may take than a short one, in bytes: the
// library of workbooks gathers 16 MB before it turns to the disk.
var heldMost = map[exchange.Form]uint64{exchange.FormCSV: 6 << 20, exchange.FormJSON: 6 << 20, exchange.FormXLSX: 36 << 20}

// A long list is written as it is read: however many rows it has, few are in memory.
// OTKLIK_ROWS asks for more of them.
func TestALongListIsNotHeldInMemory(t *testing.T) {
	rows := 20_000
	if n, err := strconv.Atoi(os.Getenv("OTKLIK_ROWS")); err == nil {
		rows = n
	}
	d := desk(t, &shelf{appeals: []*app.Appeal{oneAppeal()}}, app.RoleOperator)
	texts := assets.Load("ru")
	table := Appeals(d, texts, make([]uint64, rows), Look{})
	for _, form := range []exchange.Form{exchange.FormCSV, exchange.FormXLSX, exchange.FormJSON} {
		path := filepath.Join(t.TempDir(), "l."+string(form))
		var before, now runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		most := uint64(0)
		done, err := Write(t.Context(), d, texts, Order{Path: path, Form: form}, table, func(n int) {
			if n%5_000 == 0 {
				runtime.GC()
				runtime.ReadMemStats(&now)
				most = max(most, now.HeapAlloc)
			}
		})
		if err != nil || done.Rows != rows {
			t.Fatalf("%s: %+v, %v", form, done, err)
		}
		runtime.ReadMemStats(&now)
		t.Logf("%s: %d rows, %d MB more at most, %d MB from the system", form, rows, (max(most, before.HeapAlloc)-before.HeapAlloc)>>20, now.Sys>>20)
		if most > before.HeapAlloc+heldMost[form] {
			t.Errorf("%s holds %d MB", form, (most-before.HeapAlloc)>>20)
		}
	}
}
