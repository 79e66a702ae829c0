package open311

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"otklik/app"
	"otklik/central"
)

// Prefix is where everything of the endpoint stands. Under Prefix + "test/" it checks
// requests and keeps nothing of them.
const Prefix = "/open311/"

// patience is how long what is asked waits for its turn.
const patience = 2 * time.Second

// Config of an Endpoint. Server, Storage, Region, URL and Contact are needed.
type Config struct {
	Server  *central.Server
	Storage central.Storage // of the server
	Actor   central.Actor   // the author of what comes; no ID: "open311"
	Region  *app.Region     // its services, until its tables are changed
	Keys    []string        // api_key of those who may hand requests in; none: nobody may
	// Jurisdiction is the only jurisdiction_id that is known; "": any is as good.
	Jurisdiction string
	URL          string // of the server for the public, without Prefix: "https://example.org"
	Contact      string // for developers, also about a key; shown in discovery
	// PerSecond bounds what is asked without a key, of all together; 0: 20.
	PerSecond rate.Limit
	// MaxPicture bounds a picture, in bytes, and is no more than the server takes of a
	// file; 0: 5 MiB.
	MaxPicture int64
	Now        func() time.Time // nil: the system's clock
	Log        *slog.Logger     // nil: nothing is logged
}

// Endpoint answers GeoReport v2. Run belongs to it: what a crash left in the inbox is
// read there.
type Endpoint struct {
	Config
	began time.Time
	keys  [][32]byte
	asked *rate.Limiter
	wake  chan struct{}
}

// New sets an endpoint up.
func New(c Config) *Endpoint {
	if c.Actor.ID == "" {
		c.Actor = central.Actor{ID: "open311", Name: "Open311"}
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.PerSecond == 0 {
		c.PerSecond = 20
	}
	if c.MaxPicture == 0 {
		c.MaxPicture = 5 << 20
	}
	e := &Endpoint{Config: c, began: c.Now(), asked: rate.NewLimiter(c.PerSecond, int(c.PerSecond)+1), wake: make(chan struct{}, 1)}
	for _, k := range c.Keys {
		if k != "" {
			e.keys = append(e.keys, sha256.Sum256([]byte(k)))
		}
	}
	return e
}

// Run reads what is left in the inbox until the context ends.
func (e *Endpoint) Run(ctx context.Context) {
	for {
		if err := e.readAll(ctx); err != nil && ctx.Err() == nil {
			e.Log.Error("open311", "work", "read", "err", err.Error())
		}
		select {
		case <-ctx.Done():
			return
		case <-e.wake:
		case <-time.After(10 * time.Second): // another node wakes nobody here
		}
	}
}

// may says whether the key is one of those that may hand requests in.
func (e *Endpoint) may(key string) bool {
	sum, ok := sha256.Sum256([]byte(key)), 0
	for _, k := range e.keys {
		ok |= subtle.ConstantTimeCompare(k[:], sum[:])
	}
	return ok == 1
}

// ServeHTTP answers under Prefix.
func (e *Endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path, under := strings.CutPrefix(r.URL.Path, Prefix)
	path, trial := strings.CutPrefix(path, "test/")
	path, inXML := strings.CutSuffix(path, ".xml")
	path, inJSON := strings.CutSuffix(path, ".json")
	out := reply{w: w, json: inJSON && !inXML}
	if !under || inXML == inJSON {
		out.fail(wrong(http.StatusNotFound, "такого адреса нет; он кончается на .xml или .json"))
		return
	}
	if r.Method == http.MethodPost && path == "requests" {
		e.post(out, r, trial)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		out.fail(wrong(http.StatusMethodNotAllowed, "здесь только читают: GET"))
		return
	}
	if !e.turn(r.Context()) {
		w.Header().Set("Retry-After", "1")
		out.fail(wrong(http.StatusTooManyRequests, "слишком много запросов, повторите позже"))
		return
	}
	a, err := e.get(r, path)
	if err != nil {
		e.fail(out, "get", err)
		return
	}
	out.send(http.StatusOK, a)
}

// turn waits until one more may be answered, false where too many wait. Who asks for one
// definition after another, as apps do that learn the services, is held up and not
// refused.
func (e *Endpoint) turn(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return e.asked.Wait(ctx) == nil // at once where the turn would come later
}

// get answers what is read.
func (e *Endpoint) get(r *http.Request, path string) (a answer, err error) {
	query := r.URL.Query()
	if path != "discovery" { // which is of all jurisdictions
		if err := e.jurisdiction(query.Get("jurisdiction_id")); err != nil {
			return a, err
		}
	}
	err = e.Storage.View(r.Context(), func(tx central.Reader) error {
		v, err := e.view(tx)
		if err != nil {
			return err
		}
		what, id, single := strings.Cut(path, "/")
		switch {
		case path == "discovery":
			a = v.discovery()
		case path == "services":
			a = answer{serviceList{Services: v.services.list}, v.services.list}
		case path == "requests":
			a, err = v.requests(query)
		case single && what == "services":
			a, err = v.definition(id)
		case single && what == "requests":
			a, err = v.request(id)
		case single && what == "tokens":
			a, err = v.token(id)
		default:
			err = wrong(http.StatusNotFound, "такого адреса нет")
		}
		return err
	})
	return a, err
}

// jurisdiction refuses one that is not known.
func (e *Endpoint) jurisdiction(id string) error {
	if id != "" && e.Jurisdiction != "" && id != e.Jurisdiction {
		return wrong(http.StatusNotFound, "неизвестная территория (jurisdiction_id)")
	}
	return nil
}

// view looks at the region with the tables that were changed since.
func (e *Endpoint) view(tx central.Reader) (v view, err error) {
	at := e.began
	var changed []app.Table
	for _, name := range []app.TableName{app.TableTopics, app.TableMunicipalities, app.TableExecutors} {
		t, ok, err := tx.Table(name)
		if err != nil {
			return v, err
		}
		if ok {
			changed = append(changed, t)
			if t.At.After(at) {
				at = t.At
			}
		}
	}
	region := e.Region.With(changed)
	return view{Endpoint: e, tx: tx, services: servicesOf(region), region: region, changed: at}, nil
}

// discovery tells where the endpoints are, and by its changeset whether services have
// changed.
func (v view) discovery() answer {
	at := strings.TrimSuffix(v.URL, "/") + strings.TrimSuffix(Prefix, "/")
	changed := v.changed.UTC().Format(time.RFC3339)
	formats := formats{"text/xml", "application/json"}
	d := discovery{
		Changeset: changed, Contact: v.Contact, KeyService: v.Contact,
		Endpoints: endpoints{
			{Specification: specification, URL: at, Changeset: changed, Type: "production", Formats: formats},
			{Specification: specification, URL: at + "/test", Changeset: changed, Type: "test", Formats: formats},
		},
	}
	return answer{d, d}
}
