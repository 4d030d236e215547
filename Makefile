# One target per job; every target sets up what it needs. Windows: see README.md.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
INPUT  ?= sample_data/voorbeeldstad.xlsx
OUTPUT ?= out/plan.xlsx

.PHONY: plan app test test-all check lint lock clean

plan: $(VENV)/.installed  ## forecast, allocate and export the sample municipality (or INPUT=...)
	$(BIN)/gebiedsbudget plan $(INPUT) --output $(OUTPUT)

app: $(VENV)/.installed  ## open the screens in the browser
	$(BIN)/gebiedsbudget app

test: $(VENV)/.installed-dev lint  ## everything that must hold, in under 5 minutes on 2 cores
	$(BIN)/pytest -n 2

test-all: test  ## also what needs Chromium and LibreOffice, or takes long
	$(BIN)/pytest -n 2 -m "slow or browser"

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

lock: $(VENV)/.installed-dev  ## renew the lock files; they name no index host
	$(BIN)/uv pip compile pyproject.toml --group build $(LOCK) -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra cluster --group build --group dev -c requirements.lock $(LOCK) -o requirements-dev.lock
LOCK := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet

$(VENV)/.installed: requirements.lock pyproject.toml
	@echo "Eenmalig klaarzetten (een tot twee minuten) ..."
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

clean:
	rm -rf $(VENV) out .mypy_cache .ruff_cache .pytest_cache .hypothesis
