# Everything a person or a machine does with this tree; `make` alone lists it.

VENV := .venv/bin
QUICK = $(VENV)/python -m pytest -n auto --dist worksteal -q --hypothesis-profile quick -m "not slow and not long" -k "not postgresql"
# One more than there are processors: tests that wait for a server or a browser left a quarter of two idle.
WORKERS = $$(($$(nproc) + 1))
# More for the command a target ends in: make run ARGS="--port 8001", make test ARGS="-k lifecycle"
ARGS ?=
UV_COMPILE := $(VENV)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-header --no-emit-index-url

.DEFAULT_GOAL := help
.PHONY: help setup test-setup run test unit quick bench pictures readme-pictures routes data-map lint format lock upgrade clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install what is missing; .venv/bin/hub is there afterwards
	@.ci/setup

test-setup:
	@.ci/setup --tests

run: setup ## fill an empty hub with demo data and run it at http://127.0.0.1:8000
	@exec $(VENV)/hub up --demo $(ARGS)

test: lint ## install what is missing, lint, and run the whole suite
	$(VENV)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

unit: test-setup ## rules, schemas and services on SQLite, in some forty seconds
	$(QUICK) tests/domain tests/schemas tests/services $(ARGS)

quick: test-setup ## most of the suite in about a minute: all but faces, commands and PostgreSQL
	$(QUICK) --ignore tests/web --ignore tests/commands $(ARGS)

bench: test-setup ## measure beside a floor, on both databases: ARGS="submitting --rounds 3"
	@$(VENV)/python -m tests.bench $(ARGS)

pictures: test-setup ## make pictures of every page of a cardholder, into build/pictures: ARGS="-k negotiation"
	@$(VENV)/python -m pytest -q tests/browser/pictures/take.py $(ARGS)

readme-pictures: test-setup ## take the pictures of README anew, into docs/pictures
	@$(VENV)/python -m pytest -q tests/browser/pictures/readme.py $(ARGS)

routes: test-setup ## write who may call what into docs/routes.md
	@$(VENV)/python -m tests.web.route_table

data-map: test-setup ## write whose data is in which column into docs/data-map.md and docs/privacy.md
	@$(VENV)/python -m tests.storage.data_map_table
	@$(VENV)/python -m tests.storage.privacy_tables

lint: test-setup ## style, types, and who may import whom
	$(VENV)/ruff check
	$(VENV)/ruff format --check
	$(VENV)/mypy
	$(VENV)/lint-imports --no-logo

format: test-setup ## put the sources into the one style
	$(VENV)/ruff check --fix-only --quiet
	$(VENV)/ruff format

# Only uv is needed here: the rest of the set-up refuses a pyproject.toml that the locks do not fit.
$(VENV)/uv:
	@.ci/setup --tests

lock: $(VENV)/uv ## work pyproject.toml's dependencies into the two lock files
	$(UV_COMPILE) $(UPGRADE) pyproject.toml --group build -o requirements.txt
	$(UV_COMPILE) $(UPGRADE) --group dev -c requirements.txt -o requirements-dev.txt
	@! grep -n '://' requirements.txt requirements-dev.txt || { echo "a lock file names a host" >&2; exit 1; }

upgrade: UPGRADE := --upgrade
upgrade: lock ## the same, taking the newest versions that fit

clean: ## remove what can be made again; var/ stays
	rm -rf .venv build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find hub schemas storage tests -name __pycache__ -type d -prune -exec rm -rf {} +
