# Helpdesk. `make help` lists what there is.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= auto

.DEFAULT_GOAL := help
.PHONY: help install run test check format bench chaos demo lock clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

$(BIN)/helpdesk: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Helpdesk needs Python 3.11 or newer; this is %d.%d. Try: make PYTHON=python3.11 run" % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q api bot core
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(BIN)/helpdesk
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

install: $(BIN)/helpdesk ## Make .venv with the pinned dependencies

run: $(BIN)/helpdesk ## Run the desk: database, migrations, API and bot (Ctrl-C stops it)
	@exec $(BIN)/helpdesk up

chaos: $(VENV)/.dev ## Kill everything at random while mail comes in, then look whether each is in its place
	$(BIN)/python -m bench.chaos

demo: $(BIN)/helpdesk ## Tell the main story on a throw-away desk
	@exec $(BIN)/helpdesk demo

test: $(VENV)/.dev ## Run the whole suite against a real PostgreSQL, in parallel
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

check: $(VENV)/.dev ## Style, types and architecture
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.dev ## Put the code into its form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.dev ## Measure throughput, latency and memory
	$(BIN)/python -m bench

lock: $(VENV)/.dev ## Pin the dependencies anew (versions and hashes)
	$(BIN)/python -m pip install --quiet pip-tools
	$(BIN)/pip-compile --quiet --strip-extras --generate-hashes --allow-unsafe --no-header --no-emit-index-url --no-emit-find-links --no-emit-options --no-annotate --build-deps-for editable -o requirements.lock pyproject.toml
	$(BIN)/pip-compile --quiet --strip-extras --generate-hashes --allow-unsafe --no-header --no-emit-index-url --no-emit-find-links --no-emit-options --no-annotate --build-deps-for editable --extra dev -c requirements.lock -o requirements-dev.lock pyproject.toml

clean: ## Remove what was built (never any data)
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
