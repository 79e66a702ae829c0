# Two commands are all a newcomer needs: `make run` and `make test`. Both
# install what they lack from the distribution's packages and say so.

GO        ?= go
DATA      ?=
TOOLS     := mvdan.cc/gofumpt@v0.12.0 honnef.co/go/tools/cmd/staticcheck@v0.8.2 golang.org/x/vuln/cmd/govulncheck@v1.9.0
PACKAGES  := gcc pkg-config libgl1-mesa-dev libgl1-mesa-dri xorg-dev libwayland-dev libxkbcommon-dev
TESTING   := xvfb xauth xdotool x11-xkb-utils imagemagick x11-utils postgresql poppler-utils libreoffice-calc-nogui

# What packages are made with, and what they are tried with.
PACKERS   := github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.45.0 github.com/tc-hib/go-winres@v0.3.3 github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.9.0
PACKING   := gcc-mingw-w64-x86-64 nsis librsvg2-bin icoutils zip jq
TRYING    := debootstrap desktop-file-utils appstream systemd rpm xvfb xdotool imagemagick x11-utils jq

# encoding/json over the engine of encoding/json/v2: the same results in two
# thirds of the time. Go 1.27 has it by default; without it all works, slower.
export GOEXPERIMENT := jsonv2

.PHONY: run build test lint bench typing kill interop simulate damage fuzz shots dist dist-check packages testing clean

run: build
	./bin/otklik --server demo $(if $(DATA),--data $(DATA))

build: packages
	$(GO) build -o bin/otklik .
	$(GO) build -o bin/otklik-central ./cmd/otklik-central

# Everything, with the race detector, the window under Xvfb included.
test: packages testing
	$(GO) vet ./...
	$(GO) test -race -timeout 30m ./...

lint: packages
	@for t in $(TOOLS); do GOBIN=$(CURDIR)/bin $(GO) install $$t; done
	@out=$$(bin/gofumpt -l .); test -z "$$out" || { echo "gofumpt would change: $$out"; exit 1; }
	$(GO) vet ./...
	bin/staticcheck ./...
	@scripts/vulnerabilities.sh bin/govulncheck

# Timings, each beside a peer or a limit in the same run. See docs/bench.md and,
# for the store with a million appeals, docs/benchmarks.md.
bench: packages testing
	scripts/bench.sh

# Typing in the search line of a window over a million appeals; STORE is a folder
# with the database of bench/store, made anew where none is given.
STORE ?=
typing: packages testing
	scripts/typing.sh $(STORE)

# kill -9 in the middle of imports, of exchanges (of the client and of the server
# as often) and of either of two nodes, so many times each. `make test` does 5.
KILLS ?= 200
kill: packages testing
	OTKLIK_KILLS=$(KILLS) $(GO) test -count=1 -timeout 3h -run 'Killed' -v ./e2e

# Uploads against tus-js-client and @tus/server from npm, which bench/tus names.
interop: packages
	OTKLIK_INTEROP=1 $(GO) test -count=1 -timeout 10m -run 'Interop' -v ./sync

# The exchange under simulated misfortune, one run a seed. `make test` plays the
# first 500; OTKLIK_SEED=n shows one of them event by event.
SEEDS ?= 10000
simulate:
	OTKLIK_SEEDS=$(SEEDS) $(GO) test -count=1 -timeout 24h -run 'TestSeeds' -v ./simulate

# Damages of a working file, each opened and looked through. `make test` does 2,000.
DAMAGES ?= 20000
damage:
	OTKLIK_DAMAGES=$(DAMAGES) $(GO) test -count=1 -timeout 24h -run 'DamagedDisk' -v ./store

# Every fuzz target, TIME each; LIKE=PART of a name narrows them.
fuzz: packages
	scripts/fuzz.sh

# Screenshots of the screens in all looks, and at scale 1.5, into docs/screens.
shots: build testing
	scripts/shots.sh docs/screens

# Every package of this commit into dist/, with checksums and bills of materials.
dist: packages
	@scripts/packages.sh $(PACKING)
	@for t in $(PACKERS); do GOBIN=$(CURDIR)/bin $(GO) install $$t; done
	scripts/dist.sh

# The packages of dist/ tried on a clean Debian; AGAIN=1 makes them once more in
# another folder, too, and compares every byte.
dist-check:
	@scripts/packages.sh $(TRYING)
	scripts/dist-check.sh

packages:
	@scripts/packages.sh $(PACKAGES)

testing:
	@scripts/packages.sh $(TESTING)

clean:
	rm -rf bin
