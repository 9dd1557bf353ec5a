# Two commands do everything: "make test" runs all tests, "make check" what else CI checks.
SHELL := /bin/bash
GO ?= go
TOOL = $(GO) tool -modfile=tools/go.mod
export CGO_ENABLED ?= 0

.PHONY: build test check generate tools-race tools-browser fuzz bench clean

build: ## the program
	$(GO) build -trimpath -o bin/muster ./cmd/muster

test: tools-race tools-browser ## all tests, with the race detector
	CGO_ENABLED=1 $(GO) test -race -shuffle=on -timeout 20m ./...
	$(GO) test -count=1 -run TestDemo ./internal/evaluate
	$(GO) test -count=1 ./internal/source/all ./internal/linkage ./internal/pack

check: ## formatting, vet, static analysis, generated files, module files
	@out=$$($(TOOL) gofumpt -l $$(git ls-files '*.go' | grep -v _templ.go)); if [ -n "$$out" ]; then echo "gofumpt: run make generate, or gofumpt -w on:"; echo "$$out"; exit 1; fi
	$(GO) vet ./...
	@out=$$($(GO) fix -diff ./... 2>&1); if [ -n "$$out" ]; then echo "go fix would change:"; echo "$$out"; exit 1; fi
	$(TOOL) staticcheck ./...
	@if command -v golangci-lint >/dev/null; then golangci-lint run; else echo "golangci-lint is not installed: skipped, CI does without it too"; fi
	$(GO) mod tidy -diff
	@if grep -rn 'templ\.Raw' --include='*.templ' internal; then echo "templ.Raw is banned: it does not escape"; exit 1; fi
	@$(MAKE) --no-print-directory generate; if [ -n "$$(git status --porcelain -- '*_templ.go' docs)" ]; then git status --short -- '*_templ.go' docs; git diff --stat -- '*_templ.go' docs; echo "generated files are out of date: commit what make generate made"; exit 1; fi

generate: ## templ components and generated documentation
	$(TOOL) templ generate -path internal >/dev/null
	$(GO) run ./internal/gendocs

fuzz: ## ten seconds of every fuzz test
	@for p in $$(grep -rlE '^func Fuzz' --include='*_test.go' internal | xargs -n1 dirname | sort -u); do \
	  for f in $$(grep -hoE '^func Fuzz[A-Za-z0-9_]*' $$p/*_test.go | sed 's/func //'); do \
	    $(GO) test -run=^$$ -fuzz="^$$f$$" -fuzztime=10s ./$$p || exit 1; done; done

bench: ## benchmarks with their comparisons
	$(GO) test -run=^$$ -bench=. -benchmem ./internal/...

tools-race: # the race detector needs a C compiler
	@command -v gcc >/dev/null || command -v cc >/dev/null || { echo "installing gcc for the race detector"; .ci/install gcc libc6-dev; }

tools-browser: # the report is tested in a real browser
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || { echo "installing chromium for the report tests"; .ci/install chromium; }

clean:
	rm -rf bin
