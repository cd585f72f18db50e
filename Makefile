# Two commands for a newcomer: `make demo` and `make test`. Each sets up all that it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CONTRACT := tests/api/http/test_http_contract.py

.PHONY: demo test serve soak bench check lock docs clean

demo: $(VENV)/.run
	$(BIN)/python -m api.cli demo

serve: $(VENV)/.run
	$(BIN)/python -m api.cli serve --data data --port 8000

# The contract of the API is walked beside the rest: it is half a server's work and takes as long.
test: $(VENV)/.dev
	$(BIN)/python -m pytest $(CONTRACT) > $(VENV)/contract.log 2>&1 & beside=$$!; \
	$(BIN)/python -m pytest --ignore=$(CONTRACT); rest=$$?; \
	wait $$beside; contract=$$?; cat $(VENV)/contract.log; test $$rest -eq 0 -a $$contract -eq 0

soak: $(VENV)/.dev
	OVERGANG_ROUNDS=20 $(BIN)/python -m pytest

bench: $(VENV)/.dev
	$(BIN)/python -m tests.bench.all

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m workflows.machines.generate --check

docs: $(VENV)/.dev
	$(BIN)/python -m workflows.machines.generate

$(VENV)/.run: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Overgang needs Python 3.11 or newer")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	printf '#!/bin/sh\nPYTHONPATH="%s" exec "%s/$(BIN)/python" -m api.cli "$$@"\n' "$(CURDIR)" "$(CURDIR)" > $(BIN)/overgang
	chmod +x $(BIN)/overgang
	touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

# Needs uv; writes no registry addresses.
lock:
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-annotate --python-version 3.11 \
	  --custom-compile-command "make lock" pyproject.toml -o requirements.lock
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-annotate --python-version 3.11 \
	  --custom-compile-command "make lock" --extra postgres --extra report --extra dev -c requirements.lock pyproject.toml \
	  -o requirements-dev.lock

clean:
	rm -rf $(VENV) .hypothesis .pytest_cache .mypy_cache .ruff_cache
