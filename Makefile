# Everything a person does with this repository. Nothing needs to be installed first but Python 3.11 and make.
PYTHON ?= python3
SETUP := @$(PYTHON) tools/setup.py
BIN := .venv/bin
RUN := $(BIN)/python -m

.DEFAULT_GOAL := help
.PHONY: help demo test check dev bench replay fix client new-channel screenshots lock node clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: ## everything in one go: an invented shop, people writing, the desk in your browser
	$(SETUP) demo
	@exec $(BIN)/otklik demo $(ARGS)

test: ## all tests, Python and TypeScript, the browser ones included
	$(SETUP) test
	@exec $(RUN) tools.run_tests $(ARGS)

check: ## format, lint, types, import contracts, own lints, bundle budgets, API client
	$(SETUP) check
	@exec $(RUN) tools.check $(ARGS)

dev: ## the demo with hot reload of both sides
	$(SETUP) dev
	@exec $(RUN) tools.dev $(ARGS)

bench: ## speeds and sizes, as a table with ratios
	$(SETUP) check
	@exec $(RUN) bench $(ARGS)

replay: ## recorded dialogues at every messenger and on the site, with a journal check
	$(SETUP) check
	@exec $(RUN) bench.replay $(ARGS)

fix: ## format, and mend what the linters can mend
	$(SETUP) check
	@$(BIN)/ruff check --fix --quiet .; $(BIN)/ruff format --quiet .
	@$(RUN) tools.npm run fix

client: ## API description and its TypeScript client, generated anew
	$(SETUP) check
	@exec $(RUN) tools.api_client write

new-channel: ## a channel to begin with: NAME=pigeon, and TITLE="Pigeon Post" if it is not called so
	$(SETUP) check
	@exec $(RUN) tools.new_channel '$(NAME)' '$(TITLE)'

screenshots: ## the pictures in the README, taken anew from the running demo
	$(SETUP) test
	@exec $(RUN) tools.screenshots $(ARGS)

lock: ## the Python lock files, after a change in pyproject.toml
	$(SETUP) lock

node: ## only the web side's packages
	$(SETUP) node

clean: ## forget everything that was installed or built here; data folders stay
	@rm -rf .venv .tools web/node_modules web/apps/*/dist .mypy_cache .ruff_cache .pytest_cache
