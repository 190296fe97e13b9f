# `make help` lists the targets. Everything installs into .venv; nothing outside this folder is touched but by apt in `make test`.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory --no-builtin-rules
export UV_PYTHON_DOWNLOADS := never
# Without bytecode on the disk every start would make it again, which takes longer than the start itself.
export PYTHONDONTWRITEBYTECODE :=
export PORT ?= 8000
export PYTHON ?= python3

BIN := .venv/bin
WITHOUT ?=
ARGS ?=
PO := $(shell find src -name '*.po' 2>/dev/null)
MO := $(PO:.po=.mo)
PY := $(shell find src -name '*.py' -not -path '*/tests/*' 2>/dev/null)
UV_COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header $(ARGS)

.PHONY: help run install install-test test test-fast check fmt messages lock bench clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

run: install ## install, build the sample district once and serve it on http://127.0.0.1:8000 (PORT=8080 changes that)
	@exec $(BIN)/lianxin up

install:
	@scripts/install.sh run
	@$(MAKE) --silent .venv/.lianxin-messages .venv/.lianxin-bytecode

install-test:
	@scripts/install.sh test
	@$(MAKE) --silent .venv/.lianxin-messages .venv/.lianxin-bytecode

ifneq ($(MO),)
$(MO) &: $(PO)
	@$(BIN)/python scripts/messages.py compile
	@touch -c $(MO)
endif

.venv/.lianxin-messages: $(MO)
	@touch $@

.venv/.lianxin-bytecode: $(PY)
	@$(BIN)/python -m compileall -q -j 2 -x '/tests/' src >/dev/null || true
	@touch $@

test: install-test ## pass the whole suite on SQLite, on PostgreSQL and in a browser (WITHOUT="postgresql browser" leaves parts out)
	@$(BIN)/python scripts/test_needs.py --without "$(WITHOUT)"
	@$(BIN)/python scripts/run_tests.py --without "$(WITHOUT)" -- $(ARGS)

test-fast: install-test ## pass the suite on SQLite only, without the browser (ARGS="-k venue" chooses)
	@$(BIN)/python -m pytest -n 2 -m "not browser and not full_build" $(ARGS)

check: install-test ## lint, types, layers, schema, migrations, messages, licences
	@$(BIN)/python scripts/checks.py $(ARGS)

fmt: install-test ## put code and templates into the house's format
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format .

messages: install-test ## collect new texts into the .po files and compile them
	@$(BIN)/python scripts/messages.py extract
	@$(BIN)/python scripts/messages.py compile

lock: install ## solve the requirements again (ARGS=--upgrade takes newer versions)
	@$(UV_COMPILE) -o requirements/tools.txt requirements/tools.in
	@$(UV_COMPILE) -o requirements/run.txt requirements/run.in
	@$(UV_COMPILE) -o requirements/test.txt requirements/test.in

bench: install-test ## measure what the program costs, into bench/results (ARGS="search" chooses)
	@$(BIN)/python -m bench $(ARGS)

clean: ## remove the environment and what tools left; var/ with the data stays
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build dist
	@find src tests bench scripts -name __pycache__ -type d -prune -exec rm -rf {} +
	@find src -name '*.mo' -delete
