package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestDataStaysBesideAPortableProgram(t *testing.T) {
	dir := t.TempDir()
	program := filepath.Join(dir, "otklik")
	if folder, ok := besidePortable(program); ok {
		t.Errorf("without the mark: %s", folder)
	}
	if err := os.WriteFile(filepath.Join(dir, portableMark), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if folder, ok := besidePortable(program); !ok || folder != filepath.Join(dir, "data") {
		t.Errorf("with the mark: %q, %v", folder, ok)
	}
}
