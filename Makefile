# estateledger: everything a person types. `make help` lists it.
SHELL := /bin/bash
.DEFAULT_GOAL := help

# One static binary, and the same compiled packages for tests and for the binary; no C compiler needed.
export CGO_ENABLED := 0

.PHONY: help run test torture bench demo-reset screenshots build fmt prepare

help: ## list what can be typed
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: prepare ## install what is missing, build, start the database and the service (Ctrl-C ends both)
	@exec bin/estateledger serve

test: ## formatting, vet, staticcheck, Go tests on a real PostgreSQL, browser tests
	@scripts/test.sh

torture: ## kill service and database for TORTURE_MINUTES (5); ends with acknowledged, lost and doubled
	@scripts/torture.sh

bench: ## measure against the goals of docs/performance.md; prints one RATIO line per goal
	@scripts/install.sh postgres-debian
	@scripts/build.sh
	@exec bin/estateledger bench

demo-reset: prepare ## throw the demo data away and load it afresh (refuses a database that is no demo)
	@exec bin/estateledger demo reset

screenshots: ## pictures of every page, desktop and phone, into screenshots/
	@scripts/screenshots.sh

build: ## build bin/estateledger with pages, assets, font and migrations inside
	@scripts/build.sh

fmt: ## format the Go code
	@gofmt -l -w $$(git ls-files '*.go')

# What `run` and `demo-reset` need before the binary can start.
prepare:
	@scripts/install.sh postgres
	@scripts/build.sh
