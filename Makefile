# Everything is set up from Python (3.11 or newer, with venv) and a network for packages: 3.13 where there is one,
# since that takes a tenth less time for each request.
PYTHON ?= $(shell python3.13 -m ensurepip --version >/dev/null 2>&1 && echo python3.13 || echo python3)
BIN := .venv/bin
UV := $(BIN)/uv
UV_VERSION := 0.13.9
READY := .venv/.ready
SCRIPTS := web/static/built/names.json
CHECKERS := web/node_modules/axe-core/package.json
SPARNATURAL := tests/web/builder/sparnatural/node_modules/sparnatural/package.json
THESAURUS := tests/web/sites/thesaurus/node_modules/@vocabulary/gn/package.json
COMUNICA := tests/clients/comunica/node_modules/@comunica/query-sparql-link-traversal/package.json
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" npm --prefix web

PORT ?= 8000
LONG := browser or engine or java or proxy or slow

.PHONY: serve test quick check peers wheel sbom audit clean

serve: $(READY) $(SCRIPTS)
	@$(BIN)/utsaga releases show >/dev/null 2>&1 || $(BIN)/utsaga build
	$(BIN)/utsaga serve --port $(PORT)

test: $(READY) $(SCRIPTS) $(CHECKERS) $(SPARNATURAL) $(COMUNICA) $(THESAURUS) check peers quick
	$(BIN)/pytest -n 2 --dist loadfile -m '$(LONG)'

# The tests that need nothing but Python and little time, in two processes.
quick: $(READY) $(SCRIPTS)
	$(BIN)/pytest -n 2 --dist worksteal -m 'not ($(LONG))'

# A wheel with everything a site needs, and what it depends on, in exact versions with their digests.
wheel: $(READY) $(SCRIPTS)
	rm -rf dist
	$(UV) build --quiet --wheel --no-build-isolation --python $(BIN)/python --out-dir dist
	$(UV) export --quiet --frozen --no-dev --no-emit-project --output-file dist/requirements.txt
	@ls dist

check: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

# The tests drive a real browser, check its pages and the ontology with Java, compare with another engine and put a proxy
# in front of the server: Debian's, installed where apt may do so.
peers:
	@command -v chromium >/dev/null && command -v java >/dev/null && command -v virtuoso-t >/dev/null && \
	  command -v promtool >/dev/null && command -v faketime >/dev/null && command -v caddy >/dev/null && \
	  command -v systemd-analyze >/dev/null && \
	  PATH="$$PATH:/usr/sbin" command -v nginx >/dev/null && test -e /usr/share/java/owlapi-distribution.jar || \
	  { apt-get update -q && apt-get install -y -q --no-install-recommends chromium default-jre-headless libowlapi-java \
	  virtuoso-opensource-7-bin nginx-light caddy promtool faketime systemd; }

# What the program is made of, as CycloneDX in sbom/.
sbom: $(READY) $(SCRIPTS)
	$(BIN)/python -m bench.sbom

# Whether anything is known against its packages; needs the network of PyPI, and says so where there is none.
audit: $(READY)
	$(BIN)/python -m bench.audit

$(READY): pyproject.toml uv.lock
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	test -x $(UV) || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	$(UV) sync --frozen --python $(BIN)/python
	touch $@

# What the pages run in a browser, bundled anew when it changes; by the Node on the PATH if it is 20 or newer.
$(SCRIPTS): $(READY) web/package.json web/package-lock.json $(wildcard web/assets/*)
	@node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null && command -v npm >/dev/null || \
	  $(UV) sync --frozen --inexact --only-group node --python $(BIN)/python
	$(NPM) ci --omit=dev --silent
	$(NPM) run build --silent

# What the tests check pages with.
$(CHECKERS): | $(SCRIPTS)
	$(NPM) ci --silent

# Another query builder, which a test points at our shapes, a client that a test follows our links with, and a
# thesaurus that a test serves as a site.
$(SPARNATURAL) $(COMUNICA) $(THESAURUS): %: | $(SCRIPTS)
	PATH="$(CURDIR)/$(BIN):$$PATH" npm --prefix $(firstword $(subst /node_modules, ,$@)) ci --silent
	touch $@

$(SPARNATURAL): tests/web/builder/sparnatural/package-lock.json
$(COMUNICA): tests/clients/comunica/package-lock.json
$(THESAURUS): tests/web/sites/thesaurus/package-lock.json

clean:
	rm -rf .venv releases web/node_modules web/static/built \
	  tests/web/builder/sparnatural/node_modules tests/web/sites/thesaurus/node_modules tests/clients/comunica/node_modules
