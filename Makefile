# Every target sets up what it needs: Python 3.11 or newer, git and make are enough. `make help` lists the targets.
SHELL := /bin/bash
VENV := .venv
# The first one that really runs: a version manager's shim may stand for a version that is not there.
PYTHON ?= $(shell for each in python3 python3.13 python3.12 python3.11; do \
	$$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$each && break; done)
UV_VERSION := 0.13.9
UV := $(VENV)/bin/uv
RUN := $(VENV)/bin
STAMP := $(VENV)/.installed
MEMBERS := $(wildcard libs/*/pyproject.toml services/*/pyproject.toml)
SOURCES := libs services tests benchmarks scripts
ARGS ?=

export UV_PROJECT_ENVIRONMENT := $(VENV)
export UV_PYTHON_DOWNLOADS := never

PYLINT_ODOO := 10.0.12
DOCUTILS := 0.22.2

.PHONY: help install demo up eval test test-all lint lint-addon addon-readme real-odoo-check format check-members bench chaos compose-check clean
.DEFAULT_GOAL := help

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-15s %s\n", $$1, $$2}'

$(UV):
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and was not found. Set PYTHON=/path/to/python3.11"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(RUN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(STAMP): $(UV) uv.lock pyproject.toml $(MEMBERS)
	$(UV) sync --quiet --locked --all-packages --python $(RUN)/python
	@touch $(STAMP)

install: $(STAMP) ## Make the environment in .venv, nothing else

demo: install ## Start everything with simulators, play a conversation, show the chat page (ARGS=--once: play and exit)
	$(RUN)/odoo-ai demo $(ARGS)

up: install ## Start all services with the configuration in ./config
	$(RUN)/odoo-ai up $(ARGS)

eval: install ## Measure how well the assistant answers, on the shipped suites (ARGS="--failures dev": list what went wrong)
	$(RUN)/odoo-ai eval $(ARGS)

test: install ## All tests, with real nats-server, gateway and processes
	$(RUN)/pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

lint: install ## ruff, mypy strict, lock file, and what each member may import
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/mypy libs services tests benchmarks
	$(UV) lock --check

lint-addon: $(UV) ## The Odoo module: pylint-odoo for Odoo 18 and 19, and whether its README follows its fragments
	$(UV) tool run --quiet --from pylint==4.0.10 --with pylint-odoo==$(PYLINT_ODOO) pylint --rcfile=addons/.pylintrc addons/odoo_ai
	$(UV) run --quiet --no-project --with docutils==$(DOCUTILS) python scripts/addon_readme.py --check

addon-readme: $(UV) ## Write README.rst and index.html of the Odoo module from its readme fragments
	$(UV) run --quiet --no-project --with docutils==$(DOCUTILS) python scripts/addon_readme.py

real-odoo-check: install ## Show the Odoo module in a real Odoo with a browser (REAL_ODOO_TOOL=/path/to/tool)
	scripts/show_real_odoo.sh $(ARGS)

format: install ## Let ruff mend what it can
	$(RUN)/ruff check --fix .
	$(RUN)/ruff format .

check-members: install ## Install each member alone in its own environment and import all of it
	$(RUN)/python scripts/check_members.py

bench: install ## Measure the aims of the design, against a rival in the same run
	$(RUN)/python -m benchmarks $(ARGS)

chaos: install ## Kill, pause and break things under load, then check that nothing was lost, doubled or reordered
	$(RUN)/python -m benchmarks.chaos $(ARGS)

compose-check: install ## Really run docker-compose.yml on a local engine (needs root and Debian's packages)
	sudo=$$( [ "$$(id -u)" = 0 ] || echo sudo ); $$sudo bash deploy/compose_check/run.sh

clean: ## Remove the environment, data and logs
	rm -rf $(VENV) data logs .mypy_cache .ruff_cache .pytest_cache
