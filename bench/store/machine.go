package main

import (
	"bytes"
	"cmp"
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// dropCaches has the system forget the pages of files: of all where it may be asked
// to, of those in the folder otherwise.
func dropCaches(folder string) error {
	unix.Sync()
	if os.WriteFile("/proc/sys/vm/drop_caches", []byte("1"), 0) == nil {
		return nil
	}
	return filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		return unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED)
	})
}

// libraries whose versions belong to the figures.
var libraries = []string{
	"go.etcd.io/bbolt", "github.com/mattn/go-sqlite3", "modernc.org/sqlite", "github.com/blevesearch/bleve/v2",
}

// machine names what the figures were made on.
func (b *bench) machine() (string, error) {
	cpu, memory := "", ""
	if info, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		cpu = field(info, "model name")
	}
	if info, err := os.ReadFile("/proc/meminfo"); err == nil {
		var kb int
		_, _ = fmt.Sscan(field(info, "MemTotal"), &kb)
		memory = fmt.Sprintf("%d GiB of memory", (kb+1<<19)>>20)
	}
	build, _ := debug.ReadBuildInfo()
	var versions []string
	for _, d := range build.Deps {
		if slices.Contains(libraries, d.Path) {
			versions = append(versions, d.Path+" "+d.Version)
		}
	}
	for _, driver := range []string{"sqlite3", "sqlite"} {
		db, err := sql.Open(driver, ":memory:")
		if err != nil {
			return "", err
		}
		var v string
		if err := db.QueryRow("SELECT sqlite_version()").Scan(&v); err != nil {
			return "", err
		}
		if err := db.Close(); err != nil {
			return "", err
		}
		name := map[string]string{"sqlite3": "mattn", "sqlite": "modernc"}[driver]
		versions = append(versions, fmt.Sprintf("SQLite %s in %s", v, name))
	}
	return fmt.Sprintf("%d processors (%s), %s, %s, %s %s/%s; %s", runtime.NumCPU(), cmp.Or(cpu, "not named"), memory,
		fileSystem(b.dir), runtime.Version(), runtime.GOOS, runtime.GOARCH, strings.Join(versions, ", ")), nil
}

func field(info []byte, name string) string {
	for line := range bytes.Lines(info) {
		if key, value, ok := strings.Cut(string(line), ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// fileSystem a folder is on: the mount with the longest way to it.
func fileSystem(folder string) string {
	mounts, err := os.ReadFile("/proc/self/mounts")
	if err != nil {
		return "file system not named"
	}
	best, found := -1, ""
	for line := range bytes.Lines(mounts) {
		f := strings.Fields(string(line))
		if len(f) < 3 || len(f[1]) <= best {
			continue
		}
		if rel, err := filepath.Rel(f[1], folder); err == nil && rel != ".." && !strings.HasPrefix(rel, "../") {
			best, found = len(f[1]), f[2]
		}
	}
	return found
}

// quantile of any order, by the nearest rank.
func quantile(values []float64, q float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[int(q*float64(len(sorted)-1)+0.5)]
}
