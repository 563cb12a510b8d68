# Two commands do everything: `make demo` and `make test`. Each sets up what it needs, once, and works offline afterwards.
SHELL := /bin/sh
VENV ?= .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
PY := $(BIN)/python
export REPURPOSE_HOME ?= $(CURDIR)/.repurpose
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Compiled modules are kept, whatever the shell says: without them every command starts a second and a half later.
unexport PYTHONDONTWRITEBYTECODE

# The first Python that is new enough and really starts.
FIND_PYTHON = for p in $(PYTHON) python3.11 python3.12 python3.13 python3 python; do \
	"$$p" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && { echo "$$p"; exit 0; }; done; \
	echo "Python 3.11, 3.12 or 3.13 is needed and none was found. Install one, or say: make PYTHON=/path/to/python3" >&2; exit 1

COUNT ?= 20
DAMAGED ?= 200
WATCHED ?= 200
UPLOAD ?= 1GB
CUTS ?= 100
BODIES ?= 10000
LOAD ?= 20
MESSAGES ?= 10000
MINUTES ?= 0

.PHONY: help setup demo site test check format lock bench bench-ingest chaos clean
help:
	@echo "make demo    make every version of the sample webinar and say where they lie"
	@echo "make test    format, lint, types and all tests"
	@echo "make check   the same without the slow tests"
	@echo "make setup   leave $(BIN)/repurpose ready"
	@echo "make site    build the site's script and style anew"
	@echo "make bench   speed beside peers, in the same run; MINUTES=4 takes only the beginning of each recording"
	@echo "make bench-ingest  how many views a second are written and acknowledged"
	@echo "make chaos   kill -9 at COUNT=$(COUNT) random moments, DAMAGED=$(DAMAGED) damaged files, WATCHED=$(WATCHED) dropped"
	@echo "             an upload of UPLOAD=$(UPLOAD) cut CUTS=$(CUTS) times, BODIES=$(BODIES) hostile requests, releases switched under LOAD=$(LOAD) s of load, MESSAGES=$(MESSAGES) told outside"

setup: $(VENV)/.runtime assets/web/dist/site.js
site: assets/web/dist/site.js
demo: $(VENV)/.runtime
	@$(BIN)/repurpose demo --out out
test: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder
check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder -m "not slow and not browser and not shared"
format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

$(PY):
	@python=$$($(FIND_PYTHON)) || exit 1; "$$python" -m venv $(VENV)

# The lock files pin every version with its hash; the package itself is installed as it lies here.
$(VENV)/.runtime: requirements.lock pyproject.toml | $(PY)
	@echo "Installing what Repurpose runs on (once; about 1.2 GB) ..."
	@$(PY) -m pip install --quiet --no-compile --require-hashes --requirement requirements.lock
	@$(PY) assets/web/build.py
	@$(PY) -m pip install --quiet --no-deps --no-build-isolation --editable .
	@$(BIN)/repurpose doctor
	@touch $@

# The site's script and style, anew after a change of their sources.
assets/web/dist/site.js: $(wildcard assets/web/src/*) assets/web/package-lock.json assets/web/build.mjs | $(VENV)/.runtime
	@$(PY) assets/web/build.py

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime assets/web/dist/site.js
	@echo "Installing what the tests run on (once) ..."
	@$(PY) -m pip install --quiet --no-compile --require-hashes --requirement requirements-dev.lock
	@touch $@

# Anew after a change of the dependencies in pyproject.toml.
LOCK = $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate pyproject.toml
lock: $(VENV)/.dev
	$(LOCK) --group build --output-file requirements.lock
	$(LOCK) --group build --group dev --constraint requirements.lock --output-file requirements-dev.lock

bench: $(VENV)/.dev
	$(PY) -m tests.bench.bench_words --minutes $(MINUTES)
	$(PY) -m tests.bench.bench_slides --minutes $(MINUTES)
	$(PY) -m tests.bench.bench_highlights
	$(PY) -m tests.bench.bench_cut --minutes $(MINUTES)
	$(PY) -m tests.bench.bench_run --minutes $(MINUTES)
	$(PY) -m tests.bench.bench_site --seconds $(LOAD)
	$(PY) -m tests.bench.bench_ingest --seconds $(LOAD)
	$(PY) -m tests.bench.bench_rules

bench-ingest: $(VENV)/.dev
	$(PY) -m tests.bench.bench_ingest

chaos: $(VENV)/.dev
	$(PY) -m tests.chaos.damaged --count $(DAMAGED)
	$(PY) -m tests.chaos.kills --count $(COUNT)
	$(PY) -m tests.chaos.watching --count $(WATCHED)
	$(PY) -m tests.chaos.uploads --bytes $(UPLOAD) --cuts $(CUTS) --kills $(COUNT)
	$(PY) -m tests.chaos.fuzz --count $(BODIES)
	$(PY) -m tests.chaos.releases --seconds $(LOAD)
	$(PY) -m tests.chaos.ingest --count $(COUNT)
	$(PY) -m tests.chaos.outbox --kills $(COUNT) --events $(MESSAGES)

clean:
	rm -rf out .repurpose .pytest_cache .mypy_cache .ruff_cache
