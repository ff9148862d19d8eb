# Everything runs in .venv, made on first use from the exact pins of constraints.txt. Needs Python 3.11 or 3.12.
PYTHON ?= $(shell for p in python3.11 python3.12 python3; do $$p -c "" 2>/dev/null && command -v $$p && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
export DO_NOT_TRACK := 1
export PATH := $(CURDIR)/.venv/bin:$(PATH)

.PHONY: help weights demo test test-all lint format typecheck repro results benchmarks lock clean

help:  ## show the targets
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*##/\t/'

.venv/made:
	@"$(PYTHON)" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' || \
	  { echo "Python 3.11 or 3.12 is needed, $$("$(PYTHON)" --version) was found; name one: make PYTHON=python3.12 …"; exit 2; }
	"$(PYTHON)" -m venv .venv
	@touch $@

.venv/runs: .venv/made pyproject.toml constraints.txt
	$(PIP) install --quiet --progress-bar off -c constraints.txt torch torchvision -e .
	@touch $@

.venv/develops: .venv/runs
	$(PIP) install --quiet --progress-bar off -c constraints.txt -e '.[dev]'
	@touch $@

weights: .venv/runs  ## fetch the pretrained networks the embedded default uses; those that are there are checked
	$(BIN)/python -m spg_vton weights fetch lpips-alex squeezenet openpose-mobilenet

demo: .venv/runs weights  ## render people, train the three stages, evaluate, print the results
	$(BIN)/python -m kedro run
	$(BIN)/python -m spg_vton results

test: .venv/develops  ## the test suite, without its long runs
	$(BIN)/python -m spg_vton weights fetch
	$(BIN)/python -m pytest

test-all: test  ## and what takes minutes: whole pipelines, kills, DVC
	$(BIN)/python -m pytest -m slow

lint: .venv/develops  ## style, format and the layers of the library
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/lint-imports

format: .venv/develops  ## mend style and format
	$(BIN)/python -m ruff check --fix .
	$(BIN)/python -m ruff format .

typecheck: .venv/develops  ## mypy on src
	$(BIN)/python -m mypy

repro: .venv/runs weights  ## what `dvc repro` runs, with the tools of .venv
	$(BIN)/python -m dvc repro

results: .venv/runs  ## copy the last run's results to docs/results and write the README's table from them
	$(BIN)/python tools/copy_results.py

benchmarks: .venv/develops weights  ## measure speed and memory and write docs/performance.md
	$(BIN)/python benchmarks/run_all.py

lock: .venv/made  ## resolve the dependencies anew and write constraints.txt
	$(BIN)/python tools/lock.py

clean:  ## remove what runs made, but no raw data of yours
	rm -rf data/01_raw/rendered data/02_intermediate data/03_primary data/05_model_input data/06_models data/07_model_output data/08_reporting mlflow.db mlartifacts
