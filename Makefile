# Two commands are enough on a fresh machine: `make demo` and `make test`.
# Everything is installed under this checkout; only make and python3 (with venv) are needed.
SHELL := /bin/bash
UV := .uv/bin/uv
PY := .venv/bin/python
unexport PYTHONDONTWRITEBYTECODE
SEED ?= 1
PORT ?= 8000

.PHONY: demo test check bench bench-leaves lock clean setup test-sqlite test-postgres

setup: .venv/.synced

$(UV):
	python3 -m venv .uv
	.uv/bin/python -m pip install --quiet --disable-pip-version-check uv

.venv/.synced: requirements.lock pyproject.toml | $(UV)
	@test -x $(PY) || $(UV) venv --quiet --python "$$(cat .python-version)" .venv || $(UV) venv --quiet --python ">=3.12" .venv
	$(UV) pip sync --quiet --compile-bytecode --python $(PY) --require-hashes requirements.lock
	@echo "$(CURDIR)" > "$$($(PY) -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/yiwang.pth"
	@printf '#!%s\nimport sys\nfrom yiwang.site.cli import main\nsys.exit(main())\n' "$(CURDIR)/$(PY)" > .venv/bin/yiwang && chmod +x .venv/bin/yiwang
	@touch $@

lock: | $(UV)
	$(UV) pip compile --quiet --universal --python-version 3.12 --generate-hashes --extra dev --no-emit-index-url --no-emit-find-links --no-header --output-file requirements.lock pyproject.toml

demo: setup
	.venv/bin/yiwang demo --seed $(SEED) --port $(PORT)

test: setup
	$(PY) -m tests.run

check: setup
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy yiwang
	$(PY) -m yiwang.site.structure
	YIWANG_HOME=$$(mktemp -d) .venv/bin/yiwang manage makemigrations --check --dry-run

# Every bench in turn, half an hour and more on a quiet machine; QUICK=1 looks within minutes whether all of it runs.
bench: setup
	$(PY) -m bench $(if $(QUICK),--quick) $(if $(KEEP),--keep $(KEEP))

bench-leaves: setup
	$(PY) -m bench.leaves_sm
	$(PY) -m bench.leaves_tlog

clean:
	rm -rf .venv .uv .outside .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
