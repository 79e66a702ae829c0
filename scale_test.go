package main

import (
	"os"
	"path/filepath"
	"testing"

	"otklik/app"
)

func TestScaleIsRemembered(t *testing.T) {
	t.Setenv(scaleVariable, "")
	dir := t.TempDir()
	s := openScaler(dir)
	if v, fixed := s.Scale(); v != 1 || fixed {
		t.Errorf("begins with %v, %v", v, fixed)
	}
	if err := s.SetScale(1.5); err != nil {
		t.Fatal(err)
	}
	if got := os.Getenv(scaleVariable); got != "1.5" {
		t.Errorf("the toolkit is told %q", got)
	}
	t.Setenv(scaleVariable, "")
	if v, fixed := openScaler(dir).Scale(); v != 1.5 || fixed || os.Getenv(scaleVariable) != "1.5" {
		t.Errorf("the next start has %v, %v and tells %q", v, fixed, os.Getenv(scaleVariable))
	}
	if err := s.SetScale(3); app.CodeOf(err) != app.CodeBadArgument {
		t.Errorf("a scale of 3: %v", err)
	}
}

func TestScaleOfTheEnvironmentGoesFirst(t *testing.T) {
	t.Setenv(scaleVariable, "1.2")
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "otklik.scale"), []byte("2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if v, fixed := openScaler(dir).Scale(); v != 1.2 || !fixed {
		t.Errorf("%v, %v", v, fixed)
	}
}

func TestScaleThatMakesNoSense(t *testing.T) {
	for _, text := range []string{"", "large", "0", "-1", "50", "NaN"} {
		t.Setenv(scaleVariable, "")
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "otklik.scale"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if v, _ := openScaler(dir).Scale(); v != 1 || os.Getenv(scaleVariable) != "" {
			t.Errorf("%q is taken for %v", text, v)
		}
	}
}
