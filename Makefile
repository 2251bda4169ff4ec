# Souk on one machine. `make help` lists the targets; the first two commands are `make up` and `make test`.

SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

SERVICES := user catalog inventory order payment notification analytics storefront
PLUGINS := $(patsubst components/plugins/%/Cargo.toml,%,$(wildcard components/plugins/*/Cargo.toml))
WASM := $(addprefix souk-,$(SERVICES)) $(PLUGINS)
# What `souk up` starts.
BINARIES := souk-cli souk-runtime souk-relay souk-mailer
# Components that only the runtime's tests use.
TEST_COMPONENTS := $(shell sed -n 's/^name = "\(.*\)"/\1/p' $(wildcard host-tools/tests/runtime-components/*/Cargo.toml))
# Crates whose tests need no running shop (some start a Postgres or Redis of their own).
UNIT := $(WASM) souk-core souk-host souk-art souk-local souk-cli souk-shopify-csv souk-demo souk-relay souk-mailer souk-otlp souk-testkit souk-bench
NATIVE := souk-core souk-host souk-art souk-local souk-cli souk-shopify-csv souk-demo souk-relay souk-mailer souk-otlp souk-testkit \
	souk-runtime souk-tests souk-bench

CARGO_WASM := --profile wasm --target wasm32-wasip2 --target-dir target/wasm
# The plug-in that is written in Python.
PROMOTION_SINGLE := target/wasm/wasm32-wasip2/wasm/promotion_single.wasm
# The built shop, which the storefront carries in it.
FRONTEND := frontend/dist/index.html
FRONTEND_MODULES := frontend/node_modules/.package-lock.json
FRONTEND_SOURCES := $(shell find frontend \( -name node_modules -o -name dist -o -name generated -o -name e2e \) -prune -o \
	-type f ! -name '*.test.*' ! -name '*.md' -print) $(wildcard docs/openapi/*.json)
SOUK := target/release/souk
packages = $(addprefix -p ,$(1))
# $(call try,COMMAND,WHAT FAILED AND WHAT TO DO): one closing line when a step fails.
try = $(1) || { echo "make: $(2)" >&2; exit 1; }

UP_FLAGS := $(if $(PORT),--port $(PORT)) $(if $(RUNTIME),--runtime $(RUNTIME)) $(if $(PRODUCTS),--products $(PRODUCTS)) \
	$(if $(filter 1 yes true,$(DETACH)),--detach)

.PHONY: help up down build native frontend frontend-dev wasm wasm-storefront plugins-python wasm-test-components setup servers python test-tools \
	test test-unit test-integration test-browser screenshots test-crash test-runtime api-fuzz verify-deploy cluster-setup monitoring-deploy app-deploy app-status rollback bench monitoring-local audit lint fmt seed verify reset clean

help: ## list the targets
	@echo "usage: make TARGET [PORT=9080] [DETACH=1] [RUNTIME=spin] [PRODUCTS=N]"
	@sed -n 's/^\([a-z%-]*\):.*## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 26

up: setup servers native wasm ## build and start everything; Ctrl-C stops it (DETACH=1: in the background)
	@$(SOUK) up $(UP_FLAGS)

down: ## stop a shop that was started with DETACH=1
	@if [ -x $(SOUK) ]; then $(SOUK) down; else echo "nothing runs"; fi

build: setup native wasm ## build the tools and all components

native: ## build the runtime, relay, mailer and the souk command
	@$(call try,cargo build --release $(call packages,$(BINARIES)),the tools do not build: see the compiler's message above)

frontend: $(FRONTEND) ## build the shop in the browser, when it changed

$(FRONTEND): $(FRONTEND_MODULES) $(FRONTEND_SOURCES)
	@cd frontend && $(call try,npm run --silent build,the frontend does not build: see the message above)
	@touch $@

$(FRONTEND_MODULES): frontend/package-lock.json frontend/package.json frontend/.npmrc
	@scripts/setup frontend
	@cd frontend && $(call try,npm ci --loglevel error,npm could not install the frontend's packages: see the message above)
	@touch $@

frontend-dev: $(FRONTEND_MODULES) ## the shop on http://localhost:3000 with hot reload, against the one on 9080
	@cd frontend && npm run --silent dev

wasm: $(FRONTEND) ## build all components
	@$(call try,cargo build $(CARGO_WASM) $(call packages,$(WASM)),the components do not build: see the compiler's message above)

plugins-python: $(PROMOTION_SINGLE) ## build the plug-in that is written in Python

$(PROMOTION_SINGLE): $(wildcard components/plugins/promotion-single/*.py) wit/checkout/checkout.wit scripts/plugin-python
	@scripts/plugin-python components/plugins/promotion-single promotions-plugin $@

wasm-test-components: ## build the components of the runtime's tests
	@$(call try,cargo build $(CARGO_WASM) $(call packages,$(TEST_COMPONENTS)),the test components do not build: see the compiler's message above)

wasm-storefront: $(FRONTEND)
	@cargo build $(CARGO_WASM) -p souk-storefront

wasm-%: ## build one component, as in wasm-order or wasm-tax-eu-vat
	@cargo build $(CARGO_WASM) -p $(if $(filter $*,$(SERVICES)),souk-)$*

setup: ## install what is missing to build
	@scripts/setup build

servers:
	@scripts/setup servers

python:
	@scripts/setup python

test-tools:
	@scripts/setup test

test: test-unit verify-deploy test-integration test-browser test-crash ## run every test

test-unit: setup servers python test-tools $(FRONTEND) ## rules, parsers and each service's SQL
	cargo test --release $(call packages,$(UNIT))
	cd frontend && npm run --silent test
	python3 -B -m unittest discover --start-directory components/plugins/promotion-single

test-integration: servers build wasm-test-components plugins-python ## the runtime's cases, and the whole shop on real servers
	cargo test --release -p souk-runtime
	cargo test --release -p souk-tests -- --skip crash_

test-browser: servers build test-tools ## shop and back office in a real browser, beside a shop of their own
	@cargo build --release -p souk-tests --bin with-shop
	target/release/with-shop --seed --variable address_limit=100000 npm --prefix frontend run --silent e2e

screenshots: servers build test-tools ## take pictures of the main pages into docs/screenshots
	@cargo build --release -p souk-tests --bin with-shop
	@target/release/with-shop --seed npm --prefix frontend run --silent screenshots

test-crash: servers build ## kill -9 under load, restart, verify
	cargo test --release -p souk-tests --test crash -- crash_

test-runtime: setup servers wasm-test-components ## the runtime's cases alone (RUNTIME=spin: on the spin on PATH)
	RUNTIME=$(RUNTIME) cargo test --release -p souk-runtime --test cases

verify-deploy: servers test-tools ## check what a cluster would read, with the tools that read it; needs no cluster (CHECK=helm: that check alone)
	@scripts/verify-deploy $(CHECK)

api-fuzz: servers build python ## 2,000 generated calls to each service, judged by its OpenAPI document (API=orders: that one)
	@cargo build --release -p souk-tests --bin with-shop
	@target/release/with-shop --seed --accounts 40 --variable address_limit=100000 scripts/api-fuzz $(API)

# A cluster: ENV=dev (k3d on this machine) or ENV=prod (KUBE_CONTEXT names it). docs/deploy.md tells the whole story.
cluster-setup: ## make a cluster ready (ENV=dev: make it, too): SpinKube, CloudNativePG, KEDA
	@scripts/cluster/setup

monitoring-deploy: ## install Prometheus, Grafana, Tempo, alerts and dashboards in the cluster
	@scripts/cluster/monitoring

app-deploy: ## deploy Souk to the cluster and wait for it (ENV=prod: TAG=VERSION)
	@scripts/cluster/deploy

app-status: ## show what of Souk runs in the cluster
	@scripts/cluster/status

rollback: ## go back to the release before, or to REVISION=N
	@scripts/cluster/rollback

bench: servers build ## measure the shop on this machine and write docs/benchmarks.md
	@scripts/setup bench
	cargo run --release -p souk-bench

monitoring-local: ## run Prometheus with Souk's rules against `make up` (PORT: the shop's)
	@SOUK_PORT=$(PORT) scripts/monitoring-local

audit: ## check licences, advisories and sources of all dependencies (cargo-deny)
	@scripts/audit

lint: setup $(FRONTEND) ## rustfmt, clippy, ESLint, Prettier and types, warnings denied
	cd frontend && npm run --silent check
	cargo fmt --all --check
	cargo clippy --release --all-targets $(call packages,$(NATIVE) $(filter souk-%,$(WASM))) -- -D warnings
	cargo clippy $(CARGO_WASM) $(call packages,$(WASM) $(TEST_COMPONENTS)) -- -D warnings

fmt: ## format all code
	@cargo fmt --all

seed: ## load the demo shop into a running one (PRODUCTS=100000: as many products)
	@$(SOUK) seed $(if $(PRODUCTS),--products $(PRODUCTS))

verify: ## check every promise of a running shop
	@$(SOUK) verify

reset: down ## stop the shop and delete its data; what was built stays
	@target=$$(readlink .souk/pg || true); case "$$target" in /var/lib/souk/*) rm -rf "$$target" ;; esac
	@rm -rf .souk

clean: reset ## delete data and everything that was built
	@rm -rf target frontend/dist frontend/node_modules frontend/src/api/generated
