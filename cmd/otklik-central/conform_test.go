package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestConform(t *testing.T) {
	data := t.TempDir()
	r := start(t, data)
	code := func(more ...string) string {
		args := append([]string{"enrol", "--data", data, "--name", "Проверка"}, more...)
		return strings.TrimSpace(command(t, args...))
	}
	var out bytes.Buffer
	args := []string{"conform", "http://" + r.address, "--code", code() + "," + code() + "," + code("--municipalities", "г. Канаш, г. Шумерля")}
	if err := run(t.Context(), args, &out, io.Discard, time.Now); err != nil {
		t.Errorf("%v\n%s", err, out.String())
	}
	if !strings.HasSuffix(out.String(), " passed, 0 failed\n") {
		t.Errorf("said\n%s", out.String())
	}
	portal := httptest.NewServer(http.NotFoundHandler())
	defer portal.Close()
	out.Reset()
	args = []string{"conform", portal.URL, "--code", "ABCD-EFGH"}
	if err := run(t.Context(), args, &out, io.Discard, time.Now); err == nil || !strings.Contains(out.String(), "0 passed, ") {
		t.Errorf("another program passes: %v\n%s", err, out.String())
	}
	for _, args := range [][]string{{"conform"}, {"conform", "--code", "X"}, {"conform", portal.URL}} {
		if err := run(t.Context(), args, io.Discard, io.Discard, time.Now); err == nil {
			t.Errorf("%v went through", args)
		}
	}
}
