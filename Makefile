# `make` alone prints this help. Everything installs into .venv and var, once.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8000
PY := .venv/bin/python
SOURCES := config leaders orders fulfillment tests benchmarks docs install manage.py
TEMPLATES = $(shell find templates -name '*.html')

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo day test lint audit fmt bench bench-orders bench-routing reliability pictures paper-pictures messages

help: ## print this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: setup ## play the demo town's day and serve it: DATA=DIR, PORT=8000
	@exec $(PY) -m config.embedded demo --port $(PORT) $(if $(DATA),--data "$(DATA)")

day: setup ## play the day bundle DATA=DIR into a fresh database and write OUT=DIR; SOLVER_SECONDS=, SEED=
	@test -n "$(DATA)" && test -n "$(OUT)" || { echo "usage: make day DATA=DIR OUT=DIR"; exit 2; }
	@exec $(PY) -m config.embedded day --data "$(DATA)" --out "$(OUT)" \
	  $(if $(SOLVER_SECONDS),--solver-seconds $(SOLVER_SECONDS)) $(if $(SEED),--seed $(SEED))

test: setup-dev ## run the gates and every test; PYTEST_ARGS='…' runs just those tests
	@$(PYTHON) -m install browser
ifdef PYTEST_ARGS
	$(PY) -m pytest $(PYTEST_ARGS)
else
	@$(MAKE) --no-print-directory gates
	$(PY) -m pytest -m "not alone" --numprocesses auto --maxprocesses 4 --dist loadfile
	$(PY) -m pytest -m alone
endif

lint: setup-dev ## ruff, mypy, import contracts, template format
	@$(MAKE) --no-print-directory gates

# Every gate runs, so that one call shows everything that is wrong.
.PHONY: gates gate-ruff gate-format gate-imports gate-templates gate-types
gates:
	@$(MAKE) --no-print-directory --keep-going \
	  gate-ruff gate-format gate-imports gate-templates gate-types
gate-ruff:
	.venv/bin/ruff check $(SOURCES)
gate-format:
	.venv/bin/ruff format --check $(SOURCES)
gate-imports:
	.venv/bin/lint-imports
gate-templates:
	@echo djade --check templates
	@$(if $(TEMPLATES),.venv/bin/djade --check --target-version 5.2 $(TEMPLATES))
gate-types:
	.venv/bin/mypy $(SOURCES)

audit: setup-dev ## ask the advisory services about every pinned package (docs/security.md)
	.venv/bin/pip-audit --strict --disable-pip --require-hashes -r requirements-dev.txt
	npm audit

fmt: setup-dev ## format Python and templates
	.venv/bin/ruff check --fix --exit-zero $(SOURCES)
	.venv/bin/ruff format $(SOURCES)
	-$(if $(TEMPLATES),.venv/bin/djade --target-version 5.2 $(TEMPLATES))

bench: setup-dev ## run the benchmarks (benchmarks/README.md)
	@exec $(PY) -m benchmarks $(BENCH_ARGS)

bench-routing: setup-dev ## gaps and costs of every engine: ENGINES='pyvrp best' SECONDS='10 60' FAMILIES='CVRP DAY'
	@exec $(PY) -m benchmarks.routing.run $(if $(FAMILIES),--families $(FAMILIES)) \
	  $(if $(ENGINES),--engines $(ENGINES)) $(if $(SECONDS),--seconds $(SECONDS)) \
	  $(if $(PATIENCE),--patience $(PATIENCE))

bench-orders: setup-dev ## prepaid orders a second, beside pgbench on the same statements: SECONDS=30
	@exec $(PY) -m benchmarks.orders.run --seconds $(or $(SECONDS),30)

reliability: setup-dev ## the promises of docs/reliability.md at full size; PARTS='P1 P5' runs just those
	@exec $(PY) -m benchmarks.reliability $(PARTS)

paper-pictures: setup-dev ## retake the pictures of every paper and label (docs/papers.md); DATA=DIR
	@exec $(PY) -m docs.paper_pictures $(if $(DATA),--data "$(DATA)")

pictures: setup-dev ## retake the README's pictures from a running demo: LEADER=, PASSWORD=, PORT=
	@exec $(PY) -m docs.pictures --url http://127.0.0.1:$(PORT) --leader "$(LEADER)" --password "$(PASSWORD)"

messages: setup ## collect the texts, merge translations (FRAGMENT='a.json b.json'), compile
	@$(PY) -m config.messages update $(FRAGMENT)

setup: .venv/packages.stamp static/vendor/.stamp locale/zh_Hans/LC_MESSAGES/django.mo ## install what running needs

setup-dev: .venv/packages-dev.stamp setup ## install what testing needs, too

# The development lock contains the other one, so it counts for both.
.venv/packages-dev.stamp: requirements-dev.txt requirements.txt
	@$(PYTHON) -m install packages requirements-dev.txt
	@touch .venv/packages.stamp $@

.venv/packages.stamp: requirements.txt
	@$(PYTHON) -m install packages $(if $(wildcard .venv/packages-dev.stamp),requirements-dev.txt,$<)
	@touch $@

static/vendor/.stamp: package-lock.json install/vendor.py
	@$(PYTHON) -m install front-end
	@touch $@

locale/zh_Hans/LC_MESSAGES/django.mo: locale/zh_Hans/LC_MESSAGES/django.po | .venv/packages.stamp
	@$(PY) -m config.messages compile
