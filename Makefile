# `make help` lists the targets. Everything runs from .venv, which the first target that needs it makes.

SHELL   := /bin/bash
PYTHON  ?= python3
VENV    := .venv
BIN     := $(VENV)/bin
# Only from the command line: `clean` must not remove what some OUT of the environment names.
export OUT := results
ifeq ($(strip $(OUT)),)
$(error OUT is empty: name the folder for results, or leave it out)
endif
# As modules: the first line of pip's scripts names their folder, and a quote or a dollar in that breaks them.
ROBOT   := $(BIN)/python -m robot
PYTEST  = pytest --numprocesses $${WORKERS:-3} --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)
PABOT   := $(BIN)/python -m pabot.pabot --command $(BIN)/python -m robot --end-command
ROBOT_SOURCES  := suites resilience resources fuzz load deploy/smoke monitoring tools/check
PYTHON_SOURCES := reporting history libraries services stack faults fuzz resilience variables load benchmarks monitoring deploy docker tests
export PYTHONPATH := $(CURDIR)
export PATH := $(CURDIR)/$(BIN):$(value PATH)

# Recipes read the variables that users give as the shell's own ("$$OUT"), which no space, quote or dollar in them breaks.

# $(call logged,FOLDER,COMMAND): run it, and say where its log is. One that ends early leaves an older run's log there.
define logged
out=$(1); stamp() { stat --format='%i %.9Y' -- "$$out/log.html" 2>/dev/null; }; \
	before=$$(stamp); $(2); code=$$?; echo; \
	if [ "$$(stamp)" = "$$before" ]; then echo "This run has written no log: it ended before its first test."; \
	else echo "The log: $$(realpath -- "$$out/log.html")"; fi; exit $$code
endef

.PHONY: help run pabot quick test lint format unit coverage trace suites suites-pabot resilience faults dialects mutants fuzz flakes load load-artillery load-prove-leak bench bench-compare bench-prove \
        bench-growth bench-limits bench-overload bench-yardstick bench-floor bench-stack monitoring-tools \
        monitoring dashboards docs platforms lock stack-up stack-down clean
.DEFAULT_GOAL := help

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

$(VENV)/.run: requirements.txt
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "error: $(PYTHON) is not Python 3.11 or newer: install one, or name it: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@test -x $(BIN)/python || "$(PYTHON)" -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -r requirements.txt
	@touch $@

$(VENV)/.load: requirements-load.txt $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -r requirements-load.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.load
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -r requirements-dev.txt
	@touch $@

run: $(VENV)/.run ## prove the services on the embedded stack and say where the log is
	@$(call logged,"$$OUT",$(ROBOT) --outputdir "$$out" $(ROBOT_ARGS) suites/)

pabot: $(VENV)/.run ## the same in parallel processes
	@$(call logged,"$$OUT",$(PABOT) --processes "$${PROCESSES:-8}" --outputdir "$$out" $(ROBOT_ARGS) suites/)

quick: $(VENV)/.run ## the same without the tests that take longest: a verdict before you push
	@$(call logged,"$$OUT",$(ROBOT) --exclude long --outputdir "$$out" $(ROBOT_ARGS) suites/)

# Long tests have run alone then; beside others they run in the workflows, by `make suites-pabot`.
test: IN_PARALLEL := --exclude long
test: lint trace unit suites suites-pabot ## all that CI checks

lint: $(VENV)/.dev ## check Python and Robot sources, and say how many were read
	@$(BIN)/python tools/lint.py $(PYTHON_SOURCES) tools -- $(ROBOT_SOURCES)

format: $(VENV)/.dev ## write Python and Robot sources in the house's form
	@$(BIN)/ruff check --quiet --fix $(PYTHON_SOURCES) tools; $(BIN)/ruff format $(PYTHON_SOURCES) tools
	@$(BIN)/python -m robocop format $(ROBOT_SOURCES)

unit: $(VENV)/.dev ## tests of our own Python: WORKERS=3
	@$(BIN)/python -m $(PYTEST)

# Apart, because every service and every run that a test starts is traced too: it takes nearly twice as long.
coverage: $(VENV)/.dev ## the same, and which lines they reach, in every process; fails below 85 %
	@$(BIN)/python -m coverage erase
	@$(BIN)/python -m coverage run -m $(PYTEST)
	@$(BIN)/python -m coverage combine --quiet && $(BIN)/python -m coverage report

trace: $(VENV)/.run ## set the contract's rules beside the tests that prove them: TESTS=1 names each
	@$(BIN)/python tools/trace.py $${TESTS:+--tests}

suites: $(VENV)/.run
	@$(ROBOT) --outputdir "$$OUT/robot" --console dotted suites/

suites-pabot: $(VENV)/.run
	@$(PABOT) --processes 4 --outputdir "$$OUT/pabot" $(IN_PARALLEL) suites/

faults: $(VENV)/.dev ## run the suites against every known fault and demand that they go red: FAULTS="one two", SHORT=1, PART=3/30 or today/30, SUITES=suites/resilience, RECORD=1: note what noticed them
	@$(BIN)/python -m faults prove $$FAULTS $${SHORT:+--short} $${RECORD:+--record} $${PART:+--part "$$PART"} $${SUITES:+--suites "$$SUITES"} --results "$$OUT"

resilience: $(VENV)/.dev ## make trouble while callers are busy, and judge what they saw: SEEDS=5, CI: 1, ROBOT_ARGS=…
	@$(call logged,"$$OUT/resilience",SHARD_STACK_MENDS=1 $(ROBOT) --outputdir "$$out" --console dotted \
		--variable "SEEDS:$${SEEDS:-$(if $(CI),1,5)}" --variable "SECONDS:$${SECONDS_EACH:-$(if $(CI),3,5)}" $(ROBOT_ARGS) resilience/; \
		code=$$?; cp -f -- "$$out/resilience.json" "$$OUT/" 2>/dev/null; (exit $$code))

dialects: $(VENV)/.dev ## run the suites against deployments that keep S rules only: DIALECTS="bare no_kid …"; SHORT=1: bare; PART=3/8: of the others
	@short=$$SHORT; [ -n "$$PART" ] || short+=$$CI; \
		$(BIN)/python -m faults dialects $$DIALECTS $${short:+--short} $${PART:+--part "$$PART"} --results "$$OUT"

mutants: $(VENV)/.dev ## change the services in every small way and demand red suites: SAMPLE=200, SINCE=main, ONLY=…
	@$(BIN)/python -m faults.mutants --results "$$OUT" $${SAMPLE:+--sample "$$SAMPLE"} $${SEED:+--seed "$$SEED"} \
		$${SINCE:+--since "$$SINCE"} $${ONLY:+--only "$$ONLY"} $${LANGUAGE:+--language "$$LANGUAGE"} \
		$${WORKERS:+--workers "$$WORKERS"} $${MINUTES:+--minutes "$$MINUTES"}

fuzz: $(VENV)/.dev ## ask the services what nobody thought of, and audit the ledger: EXAMPLES=400, SEED=1, SHORT=1
	@$(call logged,"$$OUT/fuzz",$(ROBOT) --outputdir "$$out" --variable "EXAMPLES:$${EXAMPLES:-$(if $(or $(SHORT),$(CI)),30,400)}" \
		--variable "SEED:$${SEED:-1}" fuzz/)

flakes: $(VENV)/.dev ## run the suites RUNS times, each time otherwise, and name each test whose result differed
	@$(BIN)/python tools/flakes.py --runs "$${RUNS:-100}" --results "$$OUT"

load: $(VENV)/.load ## put load on the services: PROFILE=smoke|seed|soak|stress, TOOL=k6|locust
	@$(call logged,"$$OUT",$(ROBOT) --outputdir "$$out" --variable "PROFILE:$${PROFILE:-smoke}" --variable "TOOL:$${TOOL:-k6}" load/)

load-artillery: $(VENV)/.load ## the seed's scenario for Artillery, when it is installed
	@$(BIN)/python -m load.artillery
	@$(call logged,"$$OUT",$(ROBOT) --outputdir "$$out" --variable "PROFILE:$${PROFILE:-smoke}" --variable TOOL:artillery load/)

load-prove-leak: $(VENV)/.load ## show that the leak detector finds a leak, and only a leak
	@$(BIN)/python -m load.prove_leak --results "$$OUT/leak"

bench: $(VENV)/.dev ## how long each kind of call takes
	@$(BIN)/python -m benchmarks

bench-compare: $(VENV)/.dev ## is this checkout slower than BASE=<commit>? SHORT=1 as CI does it
	@test -n "$$BASE" || { echo "error: name the commit to compare with: make bench-compare BASE=main" >&2; exit 2; }
	@$(BIN)/python -m benchmarks.compare --base "$$BASE" $(if $(or $(SHORT),$(CI)),--short)

bench-prove: $(VENV)/.dev ## show that the comparison sees a slowdown and is quiet without one
	@$(BIN)/python -m benchmarks.compare --prove-slowdown
	@$(BIN)/python -m benchmarks.compare --prove-quiet 5

bench-growth: $(VENV)/.dev ## what 1,000 to 1,000,000 rows of history cost
	@$(BIN)/python -m benchmarks.growth

bench-limits: $(VENV)/.dev ## calls a second of one service on one core, against pgbench
	@$(BIN)/python -m benchmarks.limits

bench-overload: $(VENV)/.dev ## what callers see of a service that has too much to do, or bad company
	@$(BIN)/python -m benchmarks.overload

bench-yardstick: $(VENV)/.dev ## ten scenarios in Robot Framework against the same in plain pytest
	@$(BIN)/python -m benchmarks.yardstick

bench-floor: $(VENV)/.dev ## the suites' time against that of their calls alone
	@$(BIN)/python -m benchmarks.floor

bench-stack: $(VENV)/.dev ## the stack's start: cold, prepared, repeated
	@$(BIN)/python -m benchmarks.stack_times

monitoring-tools: ## install Debian's Prometheus and Alertmanager
	@bash monitoring/install-tools.sh

monitoring: $(VENV)/.dev ## see each alert fire and resolve, and each panel have data
	@$(call logged,"$$OUT/monitoring",$(ROBOT) --outputdir "$$out" monitoring/)

dashboards: $(VENV)/.dev ## render the Grafana dashboards
	@$(BIN)/python -m monitoring.dashboards

docs: $(VENV)/.run ## build the documentation of all keywords
	@$(BIN)/python tools/docs.py "$$OUT/keywords"

stack-up: $(VENV)/.run ## start the embedded stack and leave it up for quick repeats
	@$(BIN)/python -m stack up

stack-down: $(VENV)/.run ## stop it
	@$(BIN)/python -m stack down

platforms: $(VENV)/.dev ## ask where requirements.txt can be installed, and write the table of docs/platforms.md
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.9
	@$(BIN)/python tools/platforms.py

lock: $(VENV)/.dev ## pin what requirements*.in ask for
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.9
	@for name in requirements requirements-load requirements-dev docker/requirements-services \
		docker/requirements-dev-image deploy/requirements-ops; do $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
		--generate-hashes --no-header $$name.in -o $$name.txt; done

clean: ## remove what runs and checks have written
	@"$(PYTHON)" tools/clean.py "$$OUT"

include deploy/ops.mk
