package main

import (
	"io"
	"os"
	"runtime/debug"
	"time"

	"otklik/app"
	exchange "otklik/sync"
)

// Names of the settings that say how the server is reached. A flag replaces
// what was kept; an empty value of it takes the setting back.
const (
	settingCA        = "network.ca"         // PEM
	settingProxy     = "network.proxy"      // URL, or exchange.ProxyDirect
	settingPlainHTTP = "network.plain_http" // "yes" or ""
	settingKnownTime = "network.known_time" // RFC 3339, exchange.Network.Known
)

// maxCA bounds a file of authorities.
const maxCA = 1 << 20

// network gives the way to the server: what the flags say, otherwise what was
// kept. The flags are kept once they made sense.
func (st *station) network() (*exchange.Transport, error) {
	if st.way != nil {
		return st.way, nil
	}
	said, err := st.in.networkFlags()
	if err != nil {
		return nil, err
	}
	settings := map[string]string{}
	for _, name := range []string{settingCA, settingProxy, settingPlainHTTP, settingKnownTime} {
		value, given := said[name]
		if !given {
			if value, err = st.store.Setting(name); err != nil {
				return nil, err
			}
		}
		settings[name] = value
	}
	known := builtAt()
	if told, err := time.Parse(time.RFC3339, settings[settingKnownTime]); err == nil && told.After(known) {
		known = told
	}
	way, err := exchange.NewTransport(exchange.Network{
		CA: []byte(settings[settingCA]), Proxy: settings[settingProxy],
		PlainHTTP: settings[settingPlainHTTP] != "", Now: time.Now, Known: known,
	})
	if err != nil {
		return nil, err
	}
	for name, value := range said {
		if err := st.store.SaveSetting(name, value); err != nil {
			return nil, err
		}
	}
	st.way = way
	st.links.Through(way.Web())
	return way, nil
}

// networkFlags gives the settings the flags speak of.
func (in *invocation) networkFlags() (map[string]string, error) {
	said := map[string]string{}
	if in.given["ca"] {
		pem, err := readCA(in.ca)
		if err != nil {
			return nil, err
		}
		said[settingCA] = pem
	}
	if in.given["proxy"] {
		said[settingProxy] = in.proxy
	}
	if in.given["insecure-http"] {
		said[settingPlainHTTP] = ""
		if in.plainHTTP {
			said[settingPlainHTTP] = "yes"
		}
	}
	return said, nil
}

// readCA reads the file itself, since it may be gone at the next start.
func readCA(path string) (string, error) {
	if path == "" {
		return "", nil
	}
	f, err := os.Open(path)
	if err != nil {
		return "", app.Fail(app.CodeNoFile, path).Because(err)
	}
	defer f.Close()
	pem, err := io.ReadAll(io.LimitReader(f, maxCA))
	if err != nil {
		return "", app.Fail(app.CodeNoFile, path).Because(err)
	}
	if len(pem) == 0 {
		return "", app.Fail(app.CodeBadCA)
	}
	return string(pem), nil
}

// keepKnownTime remembers the time a server told, so that the next start judges
// certificates by it even when the clock has been set back. A day is exact
// enough and spares writing.
func (st *station) keepKnownTime() error {
	if st.way == nil {
		return nil
	}
	kept, err := st.store.Setting(settingKnownTime)
	if err != nil {
		return err
	}
	told := st.way.Known()
	if last, err := time.Parse(time.RFC3339, kept); err == nil && told.Sub(last) < 24*time.Hour {
		return nil
	}
	if told.IsZero() {
		return nil
	}
	return st.store.SaveSetting(settingKnownTime, told.UTC().Format(time.RFC3339))
}

// builtAt is the time of the commit this program was built from, zero where it
// is not known.
func builtAt() time.Time {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return time.Time{}
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.time" {
			at, _ := time.Parse(time.RFC3339, s.Value) // zero where it is of no use
			return at
		}
	}
	return time.Time{}
}
