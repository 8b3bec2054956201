# The two commands: `make demo` and `make test`. Everything they write lies in var/.

PYTHON ?= python3.11
RUN := var/venv/bin/python
PACKAGES := profmin schools plans monitoring reports
PYTEST := $(RUN) -m pytest -q -o cache_dir=var/cache/pytest

export PYTHONPYCACHEPREFIX := $(CURDIR)/var/cache/python
export XDG_CACHE_HOME := $(CURDIR)/var/cache
export RUFF_CACHE_DIR := $(CURDIR)/var/cache/ruff
export MYPY_CACHE_DIR := $(CURDIR)/var/cache/mypy
export HYPOTHESIS_STORAGE_DIRECTORY := $(CURDIR)/var/cache/hypothesis
export COVERAGE_FILE := $(CURDIR)/var/cache/coverage

.NOTPARALLEL:
.PHONY: demo test tools format lint types templates checks test-sqlite test-postgres journeys coverage proof

# The portal on this machine, with people and data; Ctrl-C stops it.
demo:
	@$(PYTHON) -m profmin.bootstrap demo

# Everything, what fails fast first.
test: tools lint templates types checks test-sqlite test-postgres journeys

# What the checks need: Debian packages and Python libraries; installs only what is missing.
tools:
	@$(PYTHON) -m profmin.bootstrap tools

format: tools
	$(RUN) -m ruff format .
	$(RUN) -m ruff check --fix .
	find templates -name '*.html' -exec $(RUN) -m djhtml --tabwidth 2 {} +
	find templates -name '*.html' -exec var/venv/bin/djade --target-version 5.2 {} +

lint: tools
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	var/venv/bin/lint-imports --cache-dir var/cache/imports

templates: tools
	find templates -name '*.html' -exec $(RUN) -m djhtml --tabwidth 2 --check {} +
	find templates -name '*.html' -exec var/venv/bin/djade --target-version 5.2 --check {} +

types: tools
	$(RUN) -m mypy $(PACKAGES) manage.py

# The settings of a real portal, and no change of a model without its migration.
checks: export PORTAL_BASE_URL := https://portal.example
checks: export SECRET_KEY := only-for-this-check-only-for-this-check-only-for-this-check-0123456789
checks: export SMTP_HOST := mail.portal.example
checks: tools
	$(RUN) manage.py makemigrations --check --dry-run
	$(RUN) manage.py check --deploy --fail-level WARNING

test-sqlite: tools
	$(PYTEST) -n 2 --ignore=tests/journeys

# Tests that ask no database, bring their own, or ask what no database can answer otherwise, run
# once: with SQLite.
ONCE := tests/journeys tests/lib tests/jobs/test_kills.py tests/platform/test_supervisor.py \
	tests/platform/test_bootstrap.py tests/platform/test_redis_down.py \
	tests/plans/roadmap_draft tests/plans/test_parties.py tests/plans/test_real_documents.py \
	tests/schools/test_register_draft.py tests/security/test_hostile_strings.py \
	tests/conventions/test_scope_mutants.py tests/conventions/test_query_counts.py \
	tests/conventions/test_urls.py tests/conventions/test_modules.py \
	tests/conventions/test_templates.py
test-postgres: tools
	$(RUN) -m tests.servers postgres -- $(PYTEST) -n 2 $(ONCE:%=--ignore=%) \
		--ignore-glob='*/test_readers_*' --ignore-glob='*/test_deadlines*'

journeys: tools
	$(PYTEST) tests/journeys

# Branch coverage; the bound stands in pyproject.toml.
coverage: tools
	$(PYTEST) -n 2 --ignore=tests/journeys --cov

# The figures of security.md in full, with their table; `make test` runs a sample of each.
proof: export PROOF := full
proof: tools
	rm -f var/proof.jsonl
	$(PYTEST) tests/conventions/test_leaks.py tests/conventions/test_urls.py
	$(PYTEST) tests/conventions/test_scope_mutants.py
	$(PYTEST) tests/security tests/accounts/test_races.py tests/plans/test_readers_hostile.py \
		tests/jobs/test_kills.py
	$(RUN) -m tests.servers postgres -- $(PYTEST) tests/security/test_races.py \
		tests/accounts/test_races.py tests/conventions/test_leaks.py
	$(RUN) -m tests.proof.figures
