# Needs make and Python 3.11 or newer; everything else comes from here.
.DEFAULT_GOAL := help
SHELL := /bin/sh
ON ?= standalone
EXAMPLES ?= 5000
ARGS ?=
MINUTES ?= 3
SEEDS ?= 2000
CASES ?= 10000
RATE ?= 2
MEMBERS ?= 50000
PIP := .venv/bin/python -m pip --disable-pip-version-check
FILE := $(if $(filter cluster,$(ON)),--file docker-compose.cluster.yml)
COMPOSE := docker compose $(FILE) --env-file deploy/containers/development.env $(if $(FILE),--env-file deploy/cluster/addresses.env) --env-file .env
DATABASES := $(if $(FILE),postgres-1 postgres-2,postgres)
CREATE_DATABASES := $(if $(FILE),/etc/tamdid,/docker-entrypoint-initdb.d)/create-databases.sh
# Python compiles what is used, when it is first used; pip would compile everything.
INSTALL := $(PIP) --quiet install --no-deps --no-compile

# The tests start programs some hundred times, none of which should compile all modules again.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help run test compiled check types style rules packages tree cover simulate faults upgrade-drill restore-drill desk season payments money fuzz clients attack bench manifests profile contract pictures sbom demo up down clean lock

help: ## print this
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/runtime ## start everything in one process, with demonstration data
	@.venv/bin/python -m deploy.run all --demonstration

test: .venv/dev ## install what the tests need, check, and run them (ARGS="-k desk" narrows)
	@$(MAKE) --no-print-directory --jobs 2 packages check compiled
	@.venv/bin/python -m pytest --numprocesses $$(.venv/bin/python -c 'import os; print(min((os.cpu_count() or 1) + 2, 4))') $(ARGS)

# Once, while mypy leaves a core idle: the processes of a first run would each compile all tests and libraries at the same time.
compiled: .venv/dev
	@.venv/bin/python -m pytest --collect-only --quiet --numprocesses 0 >/dev/null 2>&1 || true

cover: .venv/dev ## the tests with branch coverage, programs started by them included
	@mkdir -p var/coverage
	@.venv/bin/python -m pytest --cov --cov-report=term-missing:skip-covered $(ARGS)

check: types style rules ## ruff, mypy, the import rules, the SQL of migrations, the Kubernetes manifests and the alert rules

types: .venv/dev
	@.venv/bin/mypy

style: .venv/dev
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check
	@.venv/bin/lint-imports
	@.venv/bin/python -m tests.migrations.lint
	@.venv/bin/python -m tests.deploy.kubernetes.check

rules: .venv/dev | $(filter packages,$(MAKECMDGOALS)) # promtool comes with them
	@.venv/bin/python -m tests.deploy.observability.alert_rules

packages: .venv/dev ## install RabbitMQ, PostgreSQL and Chromium for the tests where neither they nor Docker are there
	@.venv/bin/python -m tests.support.system_packages

tree: .venv/dev ## the folders of each room and the imports between them, held to their limits
	@.venv/bin/python -m tests.structure

simulate: .venv/dev ## run the real code on SEEDS seeded schedules of crashes, loss and reordering, then each mutant
	@.venv/bin/python -m tests.simulation --seeds $(SEEDS)
	@.venv/bin/python -m tests.simulation --mutants

faults: .venv/dev ## kill, cut off and freeze programs and servers for so many MINUTES; nothing is lost (SEED repeats a run; ON=cluster hits the containers of a cluster, as root)
	@test "$(ON)" = cluster || .venv/bin/python -m tests.support.system_packages broker database
	@.venv/bin/python -W ignore -m tests.faults --minutes $(MINUTES) $(if $(filter cluster,$(ON)),--on cluster) $(if $(SEED),--seed $(SEED))

upgrade-drill: .venv/dev ## run the last release under RATE renewals a second, replace each copy by this version and back; nothing fails or is lost
	@.venv/bin/python -m tests.support.system_packages broker database
	@.venv/bin/python -W ignore -m tests.drills.upgrade --rate $(RATE)

restore-drill: .venv/dev ## kill payment's and renewal's database under load, restore each to minutes before, reconcile; RPO and RTO with MEMBERS
	@.venv/bin/python -m tests.support.system_packages broker backup backed-up-database
	@.venv/bin/python -W ignore -m tests.drills.restore --members $(MEMBERS)

desk: .venv/dev ## decide 400 mixed requests among 5,000 members as one manager in Chromium, and 20 with the keyboard alone; counts clicks and keys
	@.venv/bin/python -m tests.support.system_packages browser
	@.venv/bin/python -W ignore -m tests.drills.desk

season: MEMBERS = 2000
season: .venv/dev ## tell 2,000 MEMBERS a season's facts in simulated time, with faults of all providers, kills, a rebuild and a restore; each once (SEED repeats a run)
	@.venv/bin/python -W ignore -m tests.season --members $(MEMBERS) $(if $(SEED),--seed $(SEED))

payments: .venv/dev ## run every failure case of a payment, and print the outcomes (ON=standalone or distributed)
	@test "$(ON)" != distributed || .venv/bin/python -m tests.support.system_packages broker database
	@.venv/bin/python -m tests.payments --on $(ON)

money: .venv/dev ## play EXAMPLES orders of approvals, payments, slips, refunds and statements of one member: each year charged once, each rial counted once
	@MONEY_EXAMPLES=$(EXAMPLES) .venv/bin/python -m pytest -q tests/services/payment/properties/test_money_in_any_order.py

fuzz: .venv/dev ## send CASES hostile requests to the JSON API as each role, held against OpenAPI, and to pages, of an instance for each core: no 5xx, no typed text in a log (SEED repeats a run)
	@.venv/bin/python -W ignore -m tests.fuzz --cases $(CASES) $(if $(SEED),--seed $(SEED))

clients: .venv/dev ## install clients that others have written (Python, Node) and let each do its job against a private instance (ARGS="cloudevents zarinpal" narrows)
	@.venv/bin/python -W ignore -m tests.outside_clients $(ARGS)

attack: .venv/dev ## attack broker, log, sign-in and pages of private instances, and print what was tried, held and seen
	@.venv/bin/python -m tests.support.system_packages broker database
	@.venv/bin/python -W ignore -m tests.attack $(ARGS)

bench: .venv/dev ## run the benchmarks against their goals, into bench/RESULTS.md (ARGS="--only append,relay --quick")
	@.venv/bin/python -m tests.support.system_packages broker database
	@.venv/bin/python -m bench $(ARGS)
	@.venv/bin/python -m bench.scale

manifests: .venv/runtime ## write the Kubernetes manifests of deploy/kubernetes/base anew
	@.venv/bin/python -m deploy.kubernetes

profile: .venv/dev ## where the CPU of whole renewals goes, as a flame graph in var/profile.svg (py-spy)
	@.venv/bin/python -W ignore -m bench.profiling

pictures: .venv/dev ## approve how every page looks now, after you have looked at them
	@.venv/bin/python -m tests.support.system_packages browser
	@.venv/bin/python -W ignore -m tests.clients.gateway.design.pictures

contract: .venv/dev ## record additions to the contract, and regenerate docs/events.md, docs/settings.md, docs/asyncapi.json and docs/openapi.json
	@.venv/bin/python -W ignore -m tests.contract.record

sbom: .venv/runtime ## write the bill of materials (CycloneDX) of the locks into var/sbom.cdx.json
	@mkdir -p var
	@.venv/bin/python -m deploy.sbom > var/sbom.cdx.json

demo: $(if $(filter distributed,$(ON))$(TRACE),.venv/dev,.venv/runtime) ## drive one renewal through pages and bank (ON=standalone, distributed or compose; FAULT=lost-redirect, sms-never-delivered, or any other, for the list; TRACE=1 shows the trace to the ledger)
	@test "$(ON)" != distributed || .venv/bin/python -m tests.support.system_packages broker database
	@.venv/bin/python -m tests.demo --on $(ON) $(if $(FAULT),--fault $(FAULT)) $(if $(TRACE),--trace)

up: .venv/runtime ## start everything as containers for development, with secrets made in var/compose (ON=cluster: three RabbitMQ nodes, PostgreSQL with a standby, two copies of each program, a proxy with TLS)
	@test -z "$(FILE)" || test -z "$$(docker ps --quiet --filter label=com.docker.compose.project=tamdid)" || \
	{ echo "The single server runs: run make down first (docs/operations.md says how to change to a cluster)." >&2; exit 1; }
	@.venv/bin/python -m deploy.containers.secrets $(if $(FILE),--cluster)
	$(COMPOSE) up --wait --detach $(DATABASES)
	@for node in $(DATABASES); do $(COMPOSE) exec --no-TTY --user postgres $$node bash $(CREATE_DATABASES) || exit 1; done
	@$(COMPOSE) config --services | grep -qx phone || $(COMPOSE) --profile "*" rm --stop --force phone
	$(COMPOSE) up --build --wait --detach
	@echo "Unless .env or the shell says TAMDID_DEVELOPMENT=false, this is a development instance: its bank is a sandbox."

down: ## stop the containers (their data stays in named volumes; ON=cluster)
	docker compose $(FILE) down

clean: ## delete all data of the standalone instance (not the containers', nor their secrets)
	@test ! -d var || find var -mindepth 1 -maxdepth 1 ! -name compose -exec rm -rf {} +

lock: .venv/made ## renew both lock files from pyproject.toml
	@$(INSTALL) --require-hashes --requirement requirements-dev.lock
	@.venv/bin/python -m uv pip compile $(LOCK) --upgrade --group build --output-file requirements.lock
	@.venv/bin/python -m uv pip compile $(LOCK) --upgrade --group dev --extra trace --constraints requirements.lock \
		--output-file requirements-dev.lock

LOCK := pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

# ---------------------------------------------------------------- the environment
# The newest Python that every dependency has been tried with comes first.
PYTHON ?= $(shell for name in python3.13 python3.12 python3.11 python3 python; do \
	"$$name" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo "$$name" && break; done)

.venv/made:
	@test -n "$(PYTHON)" || { echo "Needs Python 3.11 or newer with its venv module \
	(Debian and Ubuntu: apt install python3-venv)." >&2; exit 1; }
	@echo "Making .venv with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv --clear .venv
	@touch $@

# The locks are whole, and nothing beside them is resolved: a release that is newer than they are changes nothing.
.venv/runtime: requirements.lock pyproject.toml | .venv/made
	@echo "Installing what Tamdid needs into .venv"
	@$(INSTALL) --require-hashes --requirement requirements.lock
	@$(INSTALL) --no-build-isolation --editable .
	@test -e .venv/dev || $(CHECK)
	@touch $@

.venv/dev: requirements-dev.lock .venv/runtime
	@echo "Installing what its tests need into .venv"
	@$(INSTALL) --require-hashes --requirement requirements-dev.lock
	@$(CHECK)
	@touch $@

CHECK = found=$$($(PIP) check 2>&1) || { echo "$$found" >&2; echo "What is installed in .venv does not fit together. \
	If it says so in a new one too (rm -r .venv), a lock is not whole: make lock renews both." >&2; exit 1; }
