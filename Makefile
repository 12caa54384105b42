.DEFAULT_GOAL := help
.PHONY: help run test coverage test-postgres races fuzz crash a11y install-test bench lint sbom release messages collect clean

# PYTHON names one; without it the newest that is old enough and can be started.
CANDIDATES := $(or $(PYTHON),python3.14 python3.13 python3.12 python3.11 python3 python)
FIND_PYTHON = for python in $(CANDIDATES); do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; python=; done; \
	test -n "$$python" || { \
	echo "Python 3.11 or newer is needed, and none of these is one: $(CANDIDATES)." >&2; exit 1; }
DEVELOP = $(FIND_PYTHON); "$$python" deploy/dependencies.py requirements.txt requirements-dev.txt
BIN := .venv/bin/python -m
VERSION ?= $(shell sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
LANGUAGES := ar zh_Hans fr ru es

help:  ## list what make can do
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile

run:  ## start the site at http://127.0.0.1:8000/ (PORT=, HOST=, DATA_DIR= change that)
	@$(FIND_PYTHON); exec "$$python" deploy/start.py

test:  ## all tests, in a real browser too
	@$(DEVELOP)
	@.venv/bin/python deploy/tools.py
	$(BIN) pytest -m "not browser" -n 2 --dist loadfile --durations=10
	$(BIN) pytest -m browser -n 2 --dist loadfile --durations=10

coverage:  ## print which lines the tests without a browser run through; takes twice their time
	@$(DEVELOP)
	@rm -f .coverage
	$(BIN) pytest -m "not browser" -n 2 --cov

test-postgres:  ## all tests that need no browser on a throwaway PostgreSQL
	@$(DEVELOP)
	$(BIN) tests.postgresql -n 2 --dist loadfile

races:  ## people who write at once, at full length: 1,000 changes beside whoever copies them, 50 publications by two
	@$(DEVELOP)
	RACES=whole $(BIN) pytest tests/test_live.py tests/test_live_races.py tests/test_live_api.py tests/ops/test_at_once.py

fuzz:  ## 100,000 requests of every kind to every public address (REQUESTS=, SEEDS= change that)
	@$(DEVELOP)
	$(BIN) tests.fuzzing --requests $(or $(REQUESTS),100000) --seed $(or $(SEEDS),1 2 3)

crash:  ## kill the server 200 times while 2,000 writes are acknowledged (ROUNDS=, WRITES=, SEED=, DATABASE=postgresql)
	@$(DEVELOP)
	$(BIN) tests.crashing --rounds $(or $(ROUNDS),200) --writes $(or $(WRITES),2000) --seed $(or $(SEED),1) \
		--database $(or $(DATABASE),sqlite)
	@if [ "$$(id -u)" = 0 ]; then $(BIN) tests.crashing.disk; \
	else echo "A full disk and a read-only one were not tried: only root may mount one."; fi

a11y:  ## every type of page in every language, light and dark, on every screen, before axe and the rest
	@$(DEVELOP)
	@.venv/bin/python deploy/tools.py
	A11Y=whole $(BIN) pytest tests/journeys/pages

install-test:  ## follow docs/operations.md word for word on a machine to throw away, packages and all (root only)
	@$(DEVELOP)
	.venv/bin/python deploy/try_operations.py

bench:  ## measure speed and memory at growing sizes (SIZES=1000 for the small one, DATABASE=postgresql; needs wrk and nginx)
	@$(DEVELOP)
	$(BIN) bench.run

lint:  ## style, weaknesses, templates, migrations, settings, dependency rule, libraries with known weaknesses
	@$(DEVELOP)
	$(BIN) ruff check .
	$(BIN) ruff format --check .
	$(BIN) djlint --lint --quiet templates
	.venv/bin/python manage.py makemigrations --check --dry-run --settings=deploy.strict_settings
	.venv/bin/python manage.py check --deploy --fail-level WARNING --settings=deploy.strict_settings
	.venv/bin/lint-imports --no-logo
	find visits cted deploy bench -name '*.py' -not -path '*/migrations/*' | \
		xargs -n 150 -P 2 $(BIN) bandit --quiet --configfile pyproject.toml
	.venv/bin/python deploy/audit.py

sbom:  ## write the software bill of materials of what is shipped (TO= names another file than sbom.cdx.json)
	@$(DEVELOP)
	.venv/bin/python deploy/sbom.py $(or $(TO),sbom.cdx.json)

release:  ## pack what is committed into register-VERSION.tar.gz (VERSION=, REVISION=, TO= change what and where)
	@git archive --format=tar.gz --prefix=register-$(VERSION)/ --output=$(or $(TO),.)/register-$(VERSION).tar.gz \
		$(or $(REVISION),HEAD)

messages:  ## collect what is to be translated; fails while something is not
	@$(DEVELOP)
	@$(MAKE) --no-print-directory collect
	.venv/bin/python deploy/catalogues.py

collect: COLLECT_WITH := .venv/bin/python
collect:
	$(COLLECT_WITH) manage.py makemessages $(LANGUAGES:%=--locale=%) --no-obsolete --no-wrap --add-location=file \
		$(patsubst %,--ignore=%,.venv var tests bench docs)

clean:  ## remove what can be made again; the data in var/ stays
	rm -rf .venv .coverage .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -not -path './var/*' -prune -exec rm -rf {} +
