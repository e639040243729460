# `make demo` runs the main job, `make test` the tests; `make help` lists the rest. Needs Python 3.11 to 3.13 with venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INFERENCE := .venv-inference

.PHONY: help demo install ui test test-all inference lint format lock screenshots clean

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: $(VENV)/installed  ## sync the sample corpus, ask it one question, show what to type next
	@$(BIN)/dateline demo

install: $(VENV)/installed  ## make .venv from the hashed lock

ui: $(VENV)/installed  ## open the chat page
	@$(BIN)/dateline ui

test: $(VENV)/installed-dev lint  ## lint, types and every quick test; those of the page beside the others, in a browser of their own
	@$(BIN)/python -m pytest -m "not slow and browser" >.pytest-browser.txt 2>&1 & beside=$$!; \
		$(BIN)/python -m pytest -m "not slow and not browser"; others=$$?; \
		wait $$beside; page=$$?; cat .pytest-browser.txt; rm -f .pytest-browser.txt; exit $$((others ? others : page))

test-all: $(VENV)/installed-dev inference lint  ## the same, and the slow tests
	$(BIN)/python -m pytest

inference: $(INFERENCE)/installed  ## make .venv-inference, whose server of language models a slow test asks

lint: $(VENV)/installed-dev  ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/installed-dev  ## put the code in shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

screenshots: $(VENV)/installed-dev  ## pictures of the page's main states, into docs/images
	$(BIN)/python -m benchmarks.screenshots

PIN := uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.11
LOCK := $(PIN) --custom-compile-command "make lock" pyproject.toml

lock:  ## pin every dependency anew (needs uv)
	$(LOCK) -o requirements.lock
	$(LOCK) --group dev -c requirements.lock -o requirements-dev.lock
	{ sed -n '/^#/p;/^#/!q' tests/requirements-inference.txt; echo xllamacpp | $(PIN) --no-header --no-annotate -; } > $(INFERENCE).txt
	mv $(INFERENCE).txt tests/requirements-inference.txt

clean:  ## remove the environment and what tools left
	rm -rf $(VENV) $(INFERENCE) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
		{ echo "Dateline needs Python 3.11, 3.12 or 3.13: install one and type  make $(MAKECMDGOALS) PYTHON=python3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "Python's venv module is missing: install it (Debian and Ubuntu: apt install python3-venv) and type  make $(MAKECMDGOALS)"; exit 1; }
	@echo "Installing Dateline into $(VENV) (once; some minutes)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

$(INFERENCE)/installed: tests/requirements-inference.txt
	@$(PYTHON) -m venv $(INFERENCE)
	@$(INFERENCE)/bin/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes -r $<
	@touch $@
