# Set-up is part of every target: a stamp file remembers what is installed.
PYTHON ?= python3
# Where pip would fetch a CUDA build of torch, give the address of PyTorch's CPU package index:
#   make run TORCH_INDEX=https://…
TORCH_INDEX ?=
# Questions in other languages need 100 MB more; empty leaves that out: make install LANGUAGES=
LANGUAGES ?= yes

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt
DRAWING := tests/preview
export Q ?= What does a backend engineer do all day?

.DEFAULT_GOAL := help
.PHONY: help install run ask test lint eval bench load stress preview clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST)

$(VENV)/.runtime: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(if $(TORCH_INDEX),$(PIP) --no-deps --index-url $(TORCH_INDEX) torch)
	$(PIP) --editable '.$(if $(LANGUAGES),[languages])'
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime
	$(PIP) --editable '.[dev]'
	@touch $@

install: $(VENV)/.runtime ## install what the bot needs into .venv

run: install ## the bot with DISCORD_TOKEN, a conversation in the terminal without
	@$(BIN)/python -m bot

ask: install ## one question: make ask Q="which databases should I know?"
	@$(BIN)/python -m bot ask "$$Q"

test: $(VENV)/.dev ## the test suite
	@$(BIN)/python -m pytest

lint: $(VENV)/.dev ## format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

eval: install ## answer quality on the question set, beside a plain baseline
	@$(BIN)/python -m tests.measure.quality

bench: install ## speed and memory, beside a plain script
	@$(BIN)/python -m tests.measure.speed

load: install ## the bot under a crowd, on a Discord of our own
	@$(BIN)/python -m tests.measure.load

stress: install ## a reindex of 20,000 passages while 100 people ask; fails where a promise is broken
	@$(BIN)/python -m tests.measure.reindexing_load

$(DRAWING)/node_modules/.package-lock.json: $(DRAWING)/package-lock.json
	@command -v npm >/dev/null || { echo "Drawing needs Node.js with npm, and there is no npm on the PATH." >&2; exit 1; }
	npm ci --prefix $(DRAWING)
	@touch $@

preview: $(VENV)/.dev $(DRAWING)/node_modules/.package-lock.json ## messages as pictures: make preview OF="--out DIR PAYLOAD.json"
	@$(BIN)/python -m tests.preview $(OF)

clean: ## remove what make installed and what tools left (never data/)
	rm -rf $(VENV) $(DRAWING)/node_modules dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
