.DEFAULT_GOAL := help
.PHONY: help run test test-postgres fuzz a11y bench lint messages collect clean

# PYTHON names one; without it the newest that is old enough and can be started.
CANDIDATES := $(or $(PYTHON),python3.14 python3.13 python3.12 python3.11 python3 python)
FIND_PYTHON = for python in $(CANDIDATES); do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; python=; done; \
	test -n "$$python" || { \
	echo "Python 3.11 or newer is needed, and none of these is one: $(CANDIDATES)." >&2; exit 1; }
DEVELOP = $(FIND_PYTHON); "$$python" deploy/dependencies.py requirements.txt requirements-dev.txt
BIN := .venv/bin/python -m
LANGUAGES := ar zh_Hans fr ru es

help:  ## list what make can do
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile

run:  ## start the site at http://127.0.0.1:8000/ (PORT=, HOST=, DATA_DIR= change that)
	@$(FIND_PYTHON); exec "$$python" deploy/start.py

test:  ## all tests, in a real browser too, with coverage
	@$(DEVELOP)
	@.venv/bin/python deploy/tools.py
	@rm -f .coverage
	$(BIN) pytest -m "not browser" -n 2 --cov --cov-report= --durations=10
	$(BIN) pytest -m browser --cov --cov-append --durations=10

test-postgres:  ## all tests that need no browser on a throwaway PostgreSQL
	@$(DEVELOP)
	$(BIN) tests.postgresql -n 2

fuzz:  ## 100,000 requests of every kind to every public address (REQUESTS=, SEEDS= change that)
	@$(DEVELOP)
	$(BIN) tests.fuzzing --requests $(or $(REQUESTS),100000) --seed $(or $(SEEDS),1 2 3)

a11y:  ## every type of page in every language, light and dark, on every screen, before axe and the rest
	@$(DEVELOP)
	@.venv/bin/python deploy/tools.py
	A11Y=whole $(BIN) pytest tests/journeys/pages

bench:  ## measure speed and memory at growing sizes (SIZES=1000 for the small one; needs wrk and nginx)
	@$(DEVELOP)
	$(BIN) bench.run

lint:  ## style, templates, migrations, settings, dependency rule
	@$(DEVELOP)
	$(BIN) ruff check .
	$(BIN) ruff format --check .
	$(BIN) djlint --lint --quiet templates
	.venv/bin/python manage.py makemigrations --check --dry-run --settings=deploy.strict_settings
	.venv/bin/python manage.py check --deploy --fail-level WARNING --settings=deploy.strict_settings
	.venv/bin/lint-imports --no-logo

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
