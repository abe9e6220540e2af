# Needs Python 3.11+ and make; everything else is fetched into .venv. Try `make`.
PYTHON ?= python3
PORT ?= 8000
ROWS ?= 1000000
ROUNDS ?= 15
DATABASES ?= sqlite postgresql
ARGS ?=

VENV ?= .venv
PY := $(VENV)/bin/python
PIP := -m pip --disable-pip-version-check
# A lock names everything there is to install, so that nothing is left to look up.
INSTALL := $(PIP) install --quiet --no-deps --require-hashes -r
CHECK := $(PIP) check
UV := uv==0.13.9
LOCK := $(PY) -m uv pip compile pyproject.toml --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate -q

# One stamp for each lock, so that an install happens once for each state of it.
RUNTIME := $(VENV)/installed-runtime
DEV := $(VENV)/installed-dev
BENCH := $(VENV)-bench/installed
INJECTION := $(VENV)-injection/installed
LOCKER := $(VENV)/installed-$(UV)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test unit coverage e2e lint bench bench-import bench-pictures tasks injection slow races kills faults lock environments clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(RUNTIME)  ## serve the console with the sample catalogue (PORT=8000)
	@$(PY) -m dashboard serve --sample --port $(PORT) $(ARGS)

test: $(DEV)  ## the verdict: the unit suite in its short form, then the browser suite
	$(MAKE) unit ARGS=--short
	$(MAKE) e2e

unit: $(DEV)  ## the unit suite (ARGS="-k login" a part, ARGS=--short less, ARGS=--postgresql over PostgreSQL)
	$(PY) -m pytest unit -n 2 $(ARGS)

# Measuring takes half as long again, so the verdict does without.
coverage: $(DEV)  ## the unit suite with branch coverage, which has to reach the bound in pyproject.toml
	$(PY) -m pytest unit -n 2 --cov=dashboard

e2e: $(DEV)  ## the browser suite; finds or fetches a browser first (ARGS="-k login" runs a part)
	$(PY) -m e2e.browser
	$(PY) -m pytest e2e $(ARGS)

lint: $(DEV)  ## ruff, mypy --strict, the import layers, the scripts, the styles and the words
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy --strict dashboard
	$(VENV)/bin/lint-imports --no-logo
	$(VENV)/bin/oxlint --deny-warnings dashboard/static
	$(PY) -m unit.styles
	$(PY) -m unit.plain_words

bench: $(RUNTIME) $(BENCH)  ## our console beside three others (ROWS=1000000 ROUNDS=15 DATABASES="sqlite postgresql")
	$(VENV)-bench/bin/python -m bench --rows $(ROWS) --rounds $(ROUNDS) --databases $(DATABASES) $(ARGS)

bench-import: $(RUNTIME) $(BENCH)  ## our import and its undo beside three others (ROWS=1000000 ARGS="--peer-rows 10000")
	$(VENV)-bench/bin/python -m bench.imports --rows $(ROWS) --databases $(DATABASES) $(ARGS)

bench-pictures: $(RUNTIME)  ## how long a picture of 24 megapixels takes, and in how much memory (ARGS="--rounds 7")
	$(PY) -m bench.pictures $(ARGS)

tasks: $(DEV)  ## the clicks, keys and texts of ten tasks of a day, now and before (ARGS="--only typo")
	@$(PY) -m bench.tasks $(ARGS)

injection: $(DEV) $(INJECTION)  ## let sqlmap loose on the lists; takes minutes
	$(PY) -m e2e.injection $(VENV)-injection/bin/sqlmap

slow: $(DEV)  ## pages beside 500 slow clients of each kind; takes minutes (ARGS="--clients 100 --seconds 5")
	$(PY) -m e2e.slow_clients $(ARGS)

kills: $(DEV)  ## kill workers a hundred times amid their jobs, over both databases; takes minutes
	$(PY) -m pytest unit/jobs/test_killed.py unit/importing/test_killed.py unit/files/test_killed.py -n 2 --kills $(ARGS)

races: $(DEV)  ## two and six people at once on every route that writes, over both databases
	$(PY) -m pytest unit/races -n 2 --crowd $(ARGS)

faults: $(DEV)  ## put seeded faults into scripts and styles and see the suite notice them (ARGS="'the ring is thin'" one of them)
	$(PY) -m pytest e2e -n0 --project chromium --project phone --faults $(ARGS)

lock: $(LOCKER)  ## lock the dependencies again (ARGS=--upgrade takes newer ones)
	$(LOCK) $(ARGS) --output-file requirements/runtime.lock
	$(LOCK) $(ARGS) --group test --constraints requirements/runtime.lock --output-file requirements/dev.lock
	$(subst pyproject.toml,--group pyproject.toml:bench,$(LOCK)) $(ARGS) --output-file requirements/bench.lock
	$(subst pyproject.toml,--group pyproject.toml:injection,$(LOCK)) $(ARGS) --output-file requirements/injection.lock

environments: $(RUNTIME) $(DEV) $(BENCH) $(INJECTION)  ## install every lock, each into an environment of its own

clean:  ## remove .venv and those beside it, caches and reports; instance/ stays, it holds data
	rm -rf $(VENV) $(VENV)-bench $(VENV)-injection .coverage .coverage.* htmlcov test-results build dist
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -type d -name __pycache__ -prune -exec rm -rf {} +

$(VENV)/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)

$(RUNTIME): requirements/runtime.lock | $(VENV)/bin/pip
	$(PY) $(INSTALL) requirements/runtime.lock
	@$(PY) $(CHECK)
	@touch $@

# The dev lock holds everything the runtime lock does, so it stamps both.
$(DEV): requirements/dev.lock requirements/runtime.lock | $(VENV)/bin/pip
	$(PY) $(INSTALL) requirements/dev.lock
	@$(PY) $(CHECK)
	@touch $(RUNTIME) $@

# The other consoles have a place of their own: SQLAdmin wants an older WTForms than ours.
$(BENCH): requirements/bench.lock | $(VENV)/bin/pip
	$(VENV)/bin/python -m venv $(VENV)-bench
	$(VENV)-bench/bin/python $(INSTALL) requirements/bench.lock
	@$(VENV)-bench/bin/python $(CHECK)
	@touch $@

$(INJECTION): requirements/injection.lock | $(VENV)/bin/pip
	$(VENV)/bin/python -m venv $(VENV)-injection
	$(VENV)-injection/bin/python $(INSTALL) requirements/injection.lock
	@$(VENV)-injection/bin/python $(CHECK)
	@touch $@

$(LOCKER): | $(VENV)/bin/pip
	$(PY) $(PIP) install --quiet $(UV)
	@touch $@
