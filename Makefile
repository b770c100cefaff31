# The front door of Suffice. All that is needed is Python >= 3.11 with venv and pip, and make.
# `make` alone lists the targets; PYTHON=python3.12 chooses another Python for the environment.

.DEFAULT_GOAL := help
.NOTPARALLEL:
SHELL := /bin/sh

# The environment stands by itself: no other one, active or on the path, reaches into it.
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME

python := .venv/bin/python
environment := sh scripts/environment

.PHONY: help demo test lint bench verify docs clean

help:
	@echo "make demo    set up .venv and fit the data sets that ship with Suffice"
	@echo "make test    run the tests and measure their coverage"
	@echo "make lint    check style, types and the direction of imports"
	@echo "make bench   compare speed with the rivals that can be installed"
	@echo "make verify  run the long checks: calibration, hard problems, certificates"
	@echo "make docs    build the documentation into docs/_build/html"
	@echo "make clean   remove what was built, except .venv"

demo:
	@$(environment)
	@$(python) -m suffice.cli.demo

# Kernels are compiled once, before the workers start, so that they load them instead of each compiling its own.
test:
	@$(environment) test
	@$(python) -m suffice.kernels.warm
	@$(python) -m pytest -n auto --maxprocesses 8 --cov --cov-report=term-missing:skip-covered

# Every check runs, so that one call shows all that is wrong.
lint:
	@$(environment) lint
	@status=0; \
	$(python) -m ruff check . || status=1; \
	$(python) -m ruff format --check . || status=1; \
	$(python) -m mypy || status=1; \
	.venv/bin/lint-imports --no-logo || status=1; \
	exit $$status

bench:
	@$(environment)
	@$(environment) --optional bench
	@$(python) -m benchmarks

verify:
	@$(environment) test
	@$(python) -m verify

# Every page is read again: a page unchanged since a failed build would keep its warnings to itself.
docs:
	@$(environment) docs
	@$(python) -m sphinx --quiet --fail-on-warning --fresh-env docs docs/_build/html
	@echo "The documentation is in docs/_build/html/index.html"

clean:
	rm -rf build dist docs/_build dask-worker-space
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage .coverage.*
	find . -name .venv -prune -o -type d -name __pycache__ -prune -exec rm -rf {} +
