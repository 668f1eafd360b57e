# Two commands matter: `make demo` and `make test`. Everything they need is made in .venv from PyPI.

PYTHON ?= python3
SERVE ?= 1
PORT ?= 8000
PERIOD ?= 2024-09

VENV := .venv
BIN := $(VENV)/bin
SITE := demo.localhost
BENCH := $(BIN)/bench --site $(SITE)
WORKBOOK := out/red-black-list-$(PERIOD).xlsx
INSTALLED := $(VENV)/.installed

.PHONY: demo test soak bench lint format clean

$(INSTALLED): pyproject.toml setup.py embedded/pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "Python 3.10 or newer is needed")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing from PyPI into $(VENV) …"
	@$(BIN)/python -m pip install $$([ -t 1 ] || echo --quiet) --disable-pip-version-check -e ./embedded -e '.[dev]'
	@touch $@

# The marker is written last: a site whose making was interrupted is made anew.
sites/$(SITE)/.ready: | $(INSTALLED)
	@rm -rf sites/$(SITE)
	@$(BIN)/bench new-site $(SITE) --language zh
	@$(BENCH) install-app cadre_incentive
	@touch $@

demo: $(INSTALLED) sites/$(SITE)/.ready
	@$(BENCH) migrate
	@$(BENCH) cadre-demo
	@$(BENCH) cadre-rebuild --period $(PERIOD)
	@mkdir -p out
	@$(BENCH) cadre-workbook --period $(PERIOD) --out $(WORKBOOK)
	@echo
	@echo "Users of the demo:"
	@$(BENCH) cadre-demo-users
	@# Administrator's password is shown once, and stored nowhere but as a hash.
	@if test -e sites/$(SITE)/.password-shown; then \
		echo "  Administrator: as shown before; a new one: $(BENCH) set-admin-password --random"; \
	else \
		printf '  %-28s ' Administrator && $(BENCH) set-admin-password --random && \
		touch sites/$(SITE)/.password-shown; \
	fi
	@echo "Sign in at http://127.0.0.1:$(PORT)/login, or by"
	@echo "  curl -c cookies -d 'usr=USER&pwd=PASSWORD' http://127.0.0.1:$(PORT)/api/method/login"
ifeq ($(SERVE),1)
	@exec $(BENCH) serve --port $(PORT)
endif

soak: export HYPOTHESIS_PROFILE := soak
test soak: $(INSTALLED)
	@rm -rf .bench/test && mkdir -p .bench/test/sites
	@cd .bench/test && $(abspath $(BIN))/bench new-site test.localhost --admin-password admin
	@cd .bench/test && $(abspath $(BIN))/bench --site test.localhost set-config allow_tests true
	@cd .bench/test && $(abspath $(BIN))/bench --site test.localhost install-app cadre_incentive
	@cd .bench/test && CI=1 $(abspath $(BIN))/bench --site test.localhost run-tests --app cadre_incentive
	@$(BIN)/python -m pytest

bench: $(INSTALLED)
	@$(BIN)/python -m benchmarks

lint: $(INSTALLED)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

format: $(INSTALLED)
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

# Other sites under sites/ stay: somebody may have begun a pilot there.
clean:
	rm -rf $(VENV) sites/$(SITE) out .bench .pytest_cache .ruff_cache .hypothesis *.egg-info embedded/*.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
