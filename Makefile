# Needs Python 3.11 or newer and make; installs everything else into this folder.
PYTHON ?= python3
RUN := .venv/bin/python
DATA ?=
SIZE ?= 1
PORT ?= 8000
SCALE ?= 1
BENCH ?=

.DEFAULT_GOAL := help
.PHONY: help install install-dev demo demo-check test lint types bench messages servers-stop lock clean

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | awk -F'|' '{ printf "make %-14s %s\n", $$1, $$2 }'

install: ## Install what running needs
	@$(PYTHON) salesys/operations/installation.py demo

install-dev: ## Install what testing needs, too
	@$(PYTHON) salesys/operations/installation.py dev

demo: install ## Start everything with data to look at; Ctrl+C stops it. DATA=FOLDER SIZE=1 LANG=ru PORT=8000
	@$(RUN) -m salesys.operations.demo --data "$(DATA)" --size "$(SIZE)" --port "$(PORT)" --language "$(LANG)"

demo-check: install ## Start the demo, sign in as every role, stop it
	@$(RUN) -m salesys.operations.demo --data "$(DATA)" --size "$(SIZE)" --port "$(PORT)" --language "$(LANG)" --check

test: install-dev ## Lint, type-check and run every test, in a browser too
	@$(RUN) -m tests.everything

lint: install-dev ## Style, imports, templates, security
	@$(RUN) -m tests.everything lint

types: install-dev ## mypy, strict
	@$(RUN) -m tests.everything types

bench: install-dev ## Measure bulk work beside the machine's limit. BENCH=name SCALE=0.1
	@$(RUN) -m bench $(BENCH) --scale $(SCALE)

messages: install-dev ## Collect the texts to translate and compile the translations
	@$(RUN) -m salesys.shell.translations
	@$(RUN) -m salesys.operations.messages

servers-stop: ## Stop the embedded PostgreSQL and Valkey
	@$(RUN) manage.py servers stop

lock: install-dev ## Lock the newest versions that pyproject.toml allows
	@$(RUN) -m uv pip compile --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q \
		pyproject.toml -o requirements/runtime.txt
	@$(RUN) -m uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q \
		pyproject.toml --extra demo -c requirements/runtime.txt -o requirements/demo.txt
	@$(RUN) -m uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q \
		pyproject.toml --extra demo --extra dev -c requirements/demo.txt -o requirements/dev.txt

clean: ## Stop the servers and remove what was made, the data in var/ among it
	@if [ -x $(RUN) ]; then $(RUN) manage.py servers stop; fi
	@rm -rf .venv node_modules static/vendor staticfiles var .mypy_cache .ruff_cache .pytest_cache htmlcov .coverage .coverage.*
