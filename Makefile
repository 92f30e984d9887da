# `make run` assesses a real example; `make test` runs every check. Both build what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
EXAMPLE := examples/restless_evenings.yaml

.PHONY: run test check bench evaluate schema priors validate clean

$(VENV)/run.stamp: requirements/run.txt pyproject.toml setup.py src/stillwell/inference/_sweep.c
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp requirements/dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	touch $@

run: $(VENV)/run.stamp
	@$(BIN)/stillwell assess $(EXAMPLE) --format terminal --format html --out reports
	@cat reports/restless_evenings.txt
	@echo "The same report as a page: reports/restless_evenings.html"

test: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/stillwell kb check
	$(BIN)/pytest --cov --cov-report=term:skip-covered

evaluate: $(VENV)/run.stamp
	$(BIN)/stillwell evaluate $(CASES)

bench: $(VENV)/dev.stamp
	$(BIN)/python benchmarks/engine.py
	$(BIN)/python benchmarks/startup.py
	$(BIN)/python benchmarks/diet_planner.py

$(VENV)/tools.stamp: $(VENV)/dev.stamp requirements/tools.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/tools.txt
	touch $@

# DATA: folder of person-level survey files; CASES: folder of labelled cases
priors: $(VENV)/tools.stamp
	$(BIN)/python tools/fit_intakes.py --data $(DATA)
	$(BIN)/python tools/fit_priors.py --data $(DATA)
	$(BIN)/python tools/validate_priors.py --data $(DATA)

validate: $(VENV)/tools.stamp
	PYTHONPATH=. $(BIN)/python tools/validate.py --cases $(CASES) --data $(DATA)

schema: $(VENV)/run.stamp
	$(BIN)/stillwell kb schema docs/schema

clean:
	rm -rf $(VENV) reports build
