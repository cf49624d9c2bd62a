# Every target works on a fresh clone: it makes .venv first. Python 3.11 or newer and make are all it needs.
PYTHON ?= python3
BIN := .venv/bin
# One more than the two cores this is meant for: much of the suite waits for servers.
WORKERS ?= 3

.PHONY: venv run test check format lock bench clean

venv: .venv/.ready
.venv/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || { echo "Kaohe needs Python 3.11 or newer as '$(PYTHON)'; name another with PYTHON=… 需要 Python 3.11 或更高版本" >&2; exit 1; }
	@echo "making .venv from requirements.lock (about a minute) 正在建立 .venv"
	@$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --disable-pip-version-check --no-deps --no-build-isolation --quiet -e .
	@touch $@

run: venv
	@exec $(BIN)/kaohe run

test: venv
	$(BIN)/python -m pytest -n $(WORKERS)

check: venv
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n $(WORKERS)

format: venv
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: venv
	$(BIN)/python -m bench

lock:
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --output-file requirements.lock

clean:
	rm -rf .venv .kaohe
