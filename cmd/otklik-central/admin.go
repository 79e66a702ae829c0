package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"otklik/app"
	"otklik/central"
	"otklik/central/embedded"
	"otklik/sync/wire"
)

// adminFile, in the data folder, says how to reach the server that has the data
// open. Whoever can read it can read the data itself.
const adminFile = "admin.json"

// admin is the content of adminFile: a loopback address, which every system
// has, and a secret, since every person of the machine can reach that.
type admin struct {
	Address string `json:"address"`
	Token   string `json:"token"`
}

// Tasks of the administrator, that the server does where it runs and the command
// does itself where it does not.
type (
	enrolTask struct {
		Who app.Identity `json:"who"`
	}
	scopeTask struct {
		Device         string   `json:"device"`
		Municipalities []string `json:"municipalities"` // none: the whole region
	}
	revokeTask struct {
		Device string `json:"device"`
	}
	takeTask struct {
		From string `json:"from"` // absolute path
	}
	backupTask struct {
		To string `json:"to"` // absolute path
	}
)

// desk is where the tasks are done.
type desk struct {
	storage  central.Storage
	server   *central.Server
	channels *channels // nil: the command has named none
}

func (d desk) enrol(_ context.Context, t enrolTask) (code string, err error) {
	return d.server.IssueCode(t.Who)
}

func (d desk) restrict(_ context.Context, t scopeTask) (struct{}, error) {
	return struct{}{}, d.server.Restrict(t.Device, t.Municipalities)
}

func (d desk) revoke(_ context.Context, t revokeTask) (struct{}, error) {
	return struct{}{}, d.server.Revoke(t.Device)
}

func (d desk) take(ctx context.Context, t takeTask) (central.Taken, error) {
	file, err := readOutbox(t.From)
	if err != nil {
		return central.Taken{}, err
	}
	taken, err := d.server.Take(ctx, file)
	if errors.Is(err, wire.ErrOutboxSeal) || errors.Is(err, wire.ErrOutboxFormat) {
		err = fmt.Errorf("%w; nothing was taken from it", err)
	}
	return taken, err
}

func (d desk) backup(ctx context.Context, t backupTask) (embedded.Backup, error) {
	b, err := embedded.WriteBackup(ctx, d.storage, t.To)
	if err != nil {
		return b, err
	}
	return b, d.server.BackedUp(ctx, b.Head)
}

// refusal is what the server answers to a task it could not do.
type refusal struct {
	Code    app.Code `json:"code"`
	Args    []any    `json:"args"`
	Message string   `json:"message"`
}

// refused is a refusal without a code: the words of the server that did answer.
type refused string

func (r refused) Error() string { return string(r) }

// openDesk lets the administrator's commands in until it is closed.
func openDesk(data string, d desk, log *slog.Logger) (stop func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for the administrator: %w", err)
	}
	a := admin{Address: l.Addr().String(), Token: rand.Text()}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /enrol", at(a, d.enrol))
	mux.HandleFunc("POST /scope", at(a, d.restrict))
	mux.HandleFunc("POST /revoke", at(a, d.revoke))
	mux.HandleFunc("POST /take", at(a, d.take))
	mux.HandleFunc("POST /load", at(a, d.load))
	mux.HandleFunc("POST /backup", at(a, d.backup))
	mux.HandleFunc("POST /count", at(a, d.count))
	h := &http.Server{
		Handler: mux, ReadHeaderTimeout: headerTime, ReadTimeout: headerTime, MaxHeaderBytes: maxHeader,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	path := filepath.Join(data, adminFile)
	// Never the file of another start, whose mode could be any.
	if err := errors.Join(removeIfThere(path), writeJSON(path, a)); err != nil {
		return nil, errors.Join(fmt.Errorf("let the administrator in: %w", err), l.Close())
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = h.Serve(l) // ends with stop, which is all it could say
	}()
	return func() {
		_ = removeIfThere(path)
		// A backup under way is waited for: the storage is closed after this.
		_ = h.Shutdown(context.Background())
		<-ended
	}, nil
}

func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

func writeJSON(path string, v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return os.WriteFile(path, raw, 0o600)
}

// at answers a task of whoever knows the token.
func at[T, R any](a admin, do func(context.Context, T) (R, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), []byte("Bearer "+a.Token)) != 1 {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		var task T
		if err := json.NewDecoder(io.LimitReader(r.Body, 64<<10)).Decode(&task); err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		result, err := do(r.Context(), task)
		w.Header().Set("Content-Type", "application/json")
		if err != nil {
			answer := refusal{Message: err.Error()}
			if e := (*app.Error)(nil); errors.As(err, &e) {
				answer.Code, answer.Args = e.Code, e.Args
			}
			w.WriteHeader(http.StatusConflict)
			_ = json.NewEncoder(w).Encode(answer) // nobody is left to be told
			return
		}
		_ = json.NewEncoder(w).Encode(result)
	}
}

// ask has the running server do a task.
func ask[R any](ctx context.Context, data, name string, task any) (result R, err error) {
	path := filepath.Join(data, adminFile)
	raw, err := os.ReadFile(path)
	var a admin
	if err == nil {
		err = json.Unmarshal(raw, &a)
	}
	if err != nil {
		return result, fmt.Errorf("the server does not say how to reach it: %w", err)
	}
	body, err := json.Marshal(task)
	if err != nil {
		return result, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+a.Address+"/"+name, bytes.NewReader(body))
	if err != nil {
		return result, err
	}
	r.Header.Set("Authorization", "Bearer "+a.Token)
	// Of this machine, whatever the environment says about proxies. A backup of
	// much data takes its time: only the caller ends it.
	c := http.Client{Transport: &http.Transport{DialContext: (&net.Dialer{Timeout: 10 * time.Second}).DialContext}}
	defer c.CloseIdleConnections()
	reply, err := c.Do(r)
	if err != nil {
		return result, fmt.Errorf("the server does not answer: %w", err)
	}
	defer reply.Body.Close()
	decode := json.NewDecoder(reply.Body)
	switch reply.StatusCode {
	case http.StatusOK:
		return result, decode.Decode(&result)
	case http.StatusConflict:
		var no refusal
		if err := decode.Decode(&no); err != nil {
			return result, err
		}
		if no.Code == "" {
			return result, refused(no.Message)
		}
		return result, app.Fail(no.Code, no.Args...)
	}
	return result, fmt.Errorf("the server refused: %s", reply.Status)
}

// perform does a task with the data, or has the server do it that has it open.
func perform[T, R any](ctx context.Context, at place, name string, task T, do func(desk, context.Context, T) (R, error)) (result R, err error) {
	storage, server, err := open(ctx, at, central.Options{})
	if app.CodeOf(err) == app.CodeLocked {
		result, asked := ask[R](ctx, at.data, name, task)
		if said := refused(""); asked != nil && app.CodeOf(asked) == "" && !errors.As(asked, &said) {
			return result, fmt.Errorf("%s (%w)", sentence(err), asked)
		}
		return result, asked
	}
	if err != nil {
		return result, err
	}
	defer func() { err = errors.Join(err, storage.Close()) }()
	return do(desk{storage, server, nil}, ctx, task)
}
