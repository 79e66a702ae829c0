package exchange

import (
	"os"
	"runtime"
	"strings"
	"testing"

	"otklik/app"
)

// TestMemory reads the file OTKLIK_BIG names and tells the most the process ever held:
//
//	OTKLIK_BIG=big.xlsx go test -run TestMemory -v ./exchange
func TestMemory(t *testing.T) {
	path := os.Getenv("OTKLIK_BIG")
	if path == "" {
		t.Skip("no large file: OTKLIK_BIG names one")
	}
	r, err := Open(path, testRegion(t), app.Layout{})
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for {
		b, err := r.Next()
		if err != nil {
			t.Fatal(err)
		}
		if b == nil {
			break
		}
		rows += len(b.Rows)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	status, _ := os.ReadFile("/proc/self/status") // none outside Linux
	for line := range strings.Lines(string(status)) {
		if strings.HasPrefix(line, "VmHWM") {
			t.Log(strings.TrimSpace(line))
		}
	}
	t.Logf("%d rows, %d MB asked of the system", rows, m.Sys>>20)
}
