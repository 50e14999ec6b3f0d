# Everything is set up from python3 (3.11 or newer, with venv) and a network for packages.
PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv
UV_VERSION := 0.13.9
READY := .venv/.ready

.PHONY: serve test check peers clean

serve: $(READY)
	@$(BIN)/utsaga releases show >/dev/null 2>&1 || $(BIN)/utsaga build
	$(BIN)/utsaga serve

test: $(READY) check peers
	$(BIN)/pytest

check: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

# The tests drive a real browser and compare with another engine: Debian's, installed where apt may do so.
peers:
	@command -v chromium >/dev/null && command -v virtuoso-t >/dev/null || { \
	  apt-get update -q && \
	  apt-get install -y -q --no-install-recommends chromium virtuoso-opensource-7-bin; }

$(READY): pyproject.toml uv.lock
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	test -x $(UV) || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	$(UV) sync --frozen --python $(BIN)/python
	touch $@

clean:
	rm -rf .venv releases
