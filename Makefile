# Thin targets over Go programs and scripts. `make run` needs Go and make only;
# what the tests need besides is checked by scripts/need.sh.

BUILD := bin/build
NPM_MODULES := internal/compat/node_modules/.package-lock.json
FUNCTION_MODULES := examples/function-node/node_modules/.package-lock.json
FRAMEWORK_MODULES := $(patsubst %,%/node_modules/.package-lock.json,internal/compat/frameworks examples/nextjs examples/nuxt examples/sveltekit)
# Runtimes beside Node: 350 MB, and so only for test-all.
RUNTIMES := internal/compat/runtimes/node_modules/.package-lock.json
# The parts of test: one that fails does not keep the others from running.
TESTS := test-go test-wasm test-js test-wasm-browser test-browser test-frameworks
# The packages that the browser build is made of.
WASM_PACKAGES := . ./wasm ./internal/ascii ./internal/browser ./internal/caller ./internal/jsonobj ./internal/moment ./internal/tabs ./internal/userjwt
# The services, which a Go program in a browser may use; the browser build has none.
WASM_PACKAGES += ./services/... ./internal/args ./internal/service
WASM_ENV := GOOS=js GOARCH=wasm

.DEFAULT_GOAL := help
.PHONY: help build tools wasm js examples run test test-all test-go test-wasm test-js test-wasm-browser test-browser test-frameworks test-runtimes \
	check check-go check-wasm check-generated check-types staticcheck size fuzz bench clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' $(MAKEFILE_LIST) | while IFS='	' read -r name text; do \
		printf '  %-16s %s\n' "$$name" "$$text"; done

build: wasm js ## make the browser build in js/dist and the binary bin/isojot
	@echo '== gather the files of the page in cmd/isojot/assets'
	@$(BUILD) assets $(RESULTS)
	@echo '== compile the server to bin/isojot'
	@go build -trimpath -ldflags='-s -w' -o bin/isojot ./cmd/isojot

tools:
	@[ -e bin/isojot ] || echo '== the first build takes a minute or two'
	@echo '== compile the build tools to bin/build'
	@go build -C internal/build -o ../../bin/build .

wasm: tools ## compile the browser program to js/dist/isojot.wasm
	@echo '== compile the browser program to js/dist/isojot.wasm, and compress it'
	@$(BUILD) wasm $(RESULTS)

js: tools ## bundle the npm package to js/dist
	@echo '== bundle the npm package to js/dist'
	@$(BUILD) js $(RESULTS)

examples: $(FUNCTION_MODULES) ## make the functions in examples/ ready to run (needs Node.js too)
	go build -C examples/function-go -o function-go .

# Who wants to run it is told what it waits for, and no sizes.
run: RESULTS := >/dev/null
run: build ## serve the demo page, and a function for it, on http://127.0.0.1:7519 (ARGS=flags of bin/isojot serve)
	@echo '== compile the function of the page to bin/whoami'
	@go build -C examples/function-go -o ../../bin/whoami .
	bin/isojot serve --dev --function whoami=command:bin/whoami $(ARGS)

test: ## run all tests but those of the large runtimes, and list at the end what failed
	@MAKE='$(MAKE)' scripts/targets.sh $(TESTS)

test-all: ## run all tests: with Bun, Deno and workerd, too
	@MAKE='$(MAKE)' scripts/targets.sh $(TESTS) test-runtimes

test-runtimes: need-node-chromium-firefox-webkit build $(NPM_MODULES) $(RUNTIMES) ## test the npm package in every runtime, Bun, Deno and workerd too
	npm --prefix internal/compat run test-runtimes

# TEST_POSTGRES: without PostgreSQL its tests fail, where otherwise they are skipped.
test-go: need-cc-git-node-postgres ## test every Go module natively, with the race detector, on SQLite and PostgreSQL
	TEST_POSTGRES=require scripts/modules.sh go test -race -count=1 -timeout 30m ./...
	TEST_POSTGRES=require go test -count=1 -timeout 10m ./internal/harness

test-wasm: need-node ## test the browser program's packages under Node.js
	go run ./internal/testpeer/run env $(WASM_ENV) go test -count=1 -exec='$(CURDIR)/scripts/wasm-exec.sh' $(WASM_PACKAGES)

test-js: need-node build ## test the npm package under Node.js
	bin/isojot exec -- node --test js/test/*.test.mjs

test-wasm-browser: need-node-chromium $(NPM_MODULES) ## test the root package's Go tests in headless Chromium
	$(WASM_ENV) go test -c -o bin/isojot.test.wasm .
	go run ./internal/testpeer/run node internal/compat/gotest.mjs bin/isojot.test.wasm

test-browser: need-node-chromium-firefox-webkit build examples $(NPM_MODULES) ## test the whole in browsers and with the official SDKs
	npm --prefix internal/compat test

test-frameworks: need-node-chromium build $(NPM_MODULES) $(FRAMEWORK_MODULES) ## test bundlers, and the examples of Next.js, Nuxt and SvelteKit in headless Chromium
	npm --prefix internal/compat run test-frameworks

check: tools check-go check-wasm check-generated check-types ## format, vet, staticcheck, import guard, generated files, types, size
	$(BUILD) guard
	$(BUILD) size --check

check-go: staticcheck
	scripts/gofmt.sh
	scripts/modules.sh go vet ./...
	scripts/modules.sh $(CURDIR)/bin/staticcheck ./...

check-wasm: staticcheck
	$(WASM_ENV) go vet $(WASM_PACKAGES)
	$(WASM_ENV) bin/staticcheck $(WASM_PACKAGES)
	$(WASM_ENV) go vet -C examples/go-wasm ./...

check-generated: need-git
	scripts/generated.sh
	scripts/tracked.sh

check-types: $(NPM_MODULES)
	for project in js/test internal/compat/types $(wildcard internal/compat/types/tsconfig.*.json); do \
		internal/compat/node_modules/.bin/tsc -p $$project || exit 1; done

size: tools ## print the browser program's size beside an empty and a hello program
	$(BUILD) size

fuzz: ## fuzz every fuzz target for 60 s (FUZZTIME)
	scripts/fuzz.sh $(or $(FUZZTIME),60s)

bench: ## benchmark the server: requests, start, memory, lists (LISTS=-rows 1000000), beside a floor and PocketBase (BENCH=-seconds 5), fair shares, slow clients (CROWD=-senders 400)
	go test -run '^$$' -bench . -benchmem ./server
	go run -C internal/bench . footprint
	go run -C internal/bench . lists $(LISTS)
	go run -C internal/bench . $(BENCH)
	go run -C internal/bench . fair
	mkdir -p bin && go build -o bin/isojot ./cmd/isojot
	go run -C internal/bench . crowd $(CROWD)

clean: ## remove what the targets made
	rm -rf bin js/dist examples/function-go/function-go internal/compat/node_modules internal/compat/frameworks/node_modules internal/compat/runtimes/node_modules
	rm -rf $(foreach dir,node_modules .next .nuxt .output .svelte-kit build,examples/*/$(dir))
	find cmd/isojot/assets -mindepth 1 ! -name placeholder.txt -delete

# A native program even where GOOS says otherwise, which `go tool` is not.
staticcheck:
	go build -C internal/build -o ../../bin/staticcheck honnef.co/go/tools/cmd/staticcheck

# Their dates say when they were installed.
%/node_modules/.package-lock.json: %/package.json %/package-lock.json | need-node
	cd $* && npm ci
	touch $@

# need-node-chromium checks for node and chromium, and so on.
need-%:
	@scripts/need.sh $(subst -, ,$*)
