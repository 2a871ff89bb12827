# What a person types. Each target sets up what it needs, once; `make help` lists them.

PYTHON ?= python3
BIN := .venv/bin
CHECKED := src tests bench examples

.DEFAULT_GOAL := help
.PHONY: help setup packages demo test lint types format bench soak pins clean distclean

help: ## list these targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

setup: .venv/.ready ## make the virtual environment with every dependency

demo: setup ## place two real calls on this machine and watch them
	@sh scripts/debian_packages.sh espeak-ng
	$(BIN)/callwright demo

test: lint types packages ## everything that must hold: lint, types, tests
	$(BIN)/pytest -q -n 2 --dist loadfile

lint: setup ## style and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup ## strict types, also of the tests
	$(BIN)/mypy $(CHECKED)

format: setup ## let the formatter have its way
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

bench: setup packages ## measure; figures go to docs/performance.md
	@for program in bench/*.py; do echo "== $$program"; $(BIN)/python "$$program" || exit 1; done

packages: ## the Debian programs that the tests call: installed when root, else named
	@sh scripts/debian_packages.sh espeak-ng sipp baresip sox openssl initdb node-ws

soak: setup packages ## hundreds of kills under load on each store: some forty minutes
	KILL_ROUNDS=200 $(BIN)/pytest -q tests/journeys/test_kill.py
	CALLBACK_KILL_ROUNDS=100 $(BIN)/pytest -q tests/journeys/test_callback_kill.py
	CALLBACK_MONTHS=300 $(BIN)/pytest -q tests/scheduler/test_months.py

pins: setup ## write requirements.txt from what is installed now
	@sh scripts/pin_requirements.sh

clean: ## remove what the tools leave behind
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis demo-data build dist
	find src tests bench examples -name __pycache__ -prune -exec rm -rf {} +

distclean: clean ## remove the virtual environment as well
	rm -rf .venv

.venv/.ready: requirements.txt pyproject.toml scripts/setup_venv.sh
	@sh scripts/setup_venv.sh "$(PYTHON)"
