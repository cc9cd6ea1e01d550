# Bokvar. `make demo` shows it, `make test` proves it; building needs Go, make and a C compiler.
SHELL := /bin/bash
TAGS  := sqlite_fts5
GO    ?= go
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X main.version=$(VERSION)
export CGO_ENABLED := 1

.PHONY: build bundle demo test check unit fuzz modules types browser pictures bench bench-app soak tools vulnerabilities sbom clean

build: bundle ## leaves the binary at bin/bokvar
	$(GO) build -tags $(TAGS) -trimpath -ldflags "$(LDFLAGS)" -o bin/bokvar ./cmd/bokvar

bundle: ## the app, into static/dist
	$(GO) generate ./static

demo: build ## a fictional town, ready to use
	./bin/bokvar demo $(ARGS)

test: tools build check types unit fuzz browser ## everything, on a fresh machine

tools: ## what a fresh machine lacks
	./.ci/tools

check:
	@out=$$(gofmt -l $$(git ls-files '*.go')); if [ -n "$$out" ]; then echo "gofmt would change:"; echo "$$out"; exit 1; fi
	$(GO) vet -tags $(TAGS) ./...
	$(GO) tool staticcheck -tags $(TAGS) ./...

modules: ## developer tools from npm: type check, axe
	cd static && npm ci --no-audit --no-fund --loglevel=error

types: modules ## type check and front-end tests
	cd static && npm run --silent check && npm test --silent

unit: ## race-tested Go tests, without browsers
	$(GO) test -race -timeout 45m -tags $(TAGS) $$($(GO) list -tags $(TAGS) ./... | grep -v /internal/apptest)
	$(GO) test -tags $(TAGS) -count=1 -run Simulation ./sync/server

fuzz: ## every fuzz target for some seconds: make fuzz FUZZTIME=1m
	GO=$(GO) ./.ci/fuzz $(or $(FUZZTIME),3s)

browser: build modules ## the story and the kill tests, in real browsers, one for each two cores, two at least and three at most: make browser BROWSERS=3
	$(GO) test -tags $(TAGS) -count=1 -timeout 70m -parallel $(or $(BROWSERS),$(shell n=$$(nproc 2>/dev/null || echo 2); echo $$((n < 6 ? 2 : 3)))) -v ./internal/apptest 2>&1 | grep --line-buffered -Ev '^=== (RUN|PAUSE|CONT)'; exit $${PIPESTATUS[0]}

pictures: build ## docs/screenshots, as the README shows them
	BOKVAR_BINARY=$(CURDIR)/bin/bokvar $(GO) run ./internal/apptest/pictures -dir docs/screenshots

bench: build
	./bin/bokvar bench $(ARGS)

bench-app: build ## the phone figures: a phone slowed four times, offline
	BOKVAR_BINARY=$(CURDIR)/bin/bokvar $(GO) run ./internal/apptest/benchapp

soak: build modules ## random peers and faults, as many as wanted: make soak SEEDS=20000 ROUNDS=10 (a round: 30 kills of the server in bursts, 14 at other work, 8 power cuts; 30 of Chromium, 10 of Firefox)
	BOKVAR_SEEDS=$(or $(SEEDS),20000) $(GO) test -tags $(TAGS) -count=1 -timeout 10h -run Simulation -v ./sync/server
	BOKVAR_ROUNDS=$(or $(ROUNDS),10) $(GO) test -tags $(TAGS) -count=1 -timeout 10h -run 'NetworkFaults|Killed|PowerCuts' -v ./internal/apptest

vulnerabilities: ## known weaknesses of what is used; fails also when nobody could be asked: BOKVAR_VULNDB=file:///… is a copy of the Go database
	./.ci/vulnerabilities

sbom: build ## what of others is inside, as CycloneDX
	@./bin/bokvar sbom

clean:
	rm -rf bin static/dist/assets
