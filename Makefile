# The two commands people need are `make run` and `make test`; CI runs the second one.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP_OPTIONS ?=

.PHONY: run setup dev check test fix clean
.DEFAULT_GOAL := run

run: $(VENV)/.run  ## set everything up, then start the bot
	@$(BIN)/selfiebot run

setup: $(VENV)/.run

$(VENV)/.run: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "selfiebot needs Python 3.11 or newer; this is " + sys.version.split()[0])'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing selfiebot into $(VENV) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check $(PIP_OPTIONS) -e .
	@$(BIN)/selfiebot setup
	@touch $@

dev: $(VENV)/.dev

$(VENV)/.dev: pyproject.toml | $(VENV)/.run
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check $(PIP_OPTIONS) -e ".[dev]"
	@touch $@

check: $(VENV)/.dev  ## format, lint, types, borders
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check  ## check, then every test
	$(BIN)/pytest -q

fix: $(VENV)/.dev  ## what can be mended by itself
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) build *.egg-info
