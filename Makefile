# `make run` opens the private page; `make test` runs every check. Both build what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
EXAMPLE := examples/restless_evenings.yaml

.PHONY: run smoke example test coverage bench screenshots evaluate schema priors validate reader clean

$(VENV)/run.stamp: requirements/run.txt pyproject.toml setup.py $(wildcard src/stillwell/inference/*.[ch])
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/run.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	$(BIN)/pip check --disable-pip-version-check
	touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp requirements/dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/dev.txt
	$(BIN)/pip check --disable-pip-version-check
	touch $@

PORT ?= 8321
run: $(VENV)/run.stamp
	@$(BIN)/stillwell serve --open --port $(PORT)

# the page once, as a person would, within a minute
smoke: $(VENV)/run.stamp
	$(BIN)/python tools/smoke.py

example: $(VENV)/run.stamp
	@$(BIN)/stillwell assess $(EXAMPLE) --format terminal --format html --out reports
	@cat reports/restless_evenings.txt
	@echo "The same report as a page: reports/restless_evenings.html"

test: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/stillwell kb check
	$(BIN)/pytest -n 2 --dist worksteal

# which lines the tests reach; counting them doubles the time
coverage: $(VENV)/dev.stamp
	$(BIN)/pytest -n 2 --dist worksteal --cov --cov-report=term:skip-covered

evaluate: $(VENV)/run.stamp
	$(BIN)/stillwell evaluate $(CASES)

bench: $(VENV)/dev.stamp
	$(BIN)/python benchmarks/engine.py
	$(BIN)/python benchmarks/startup.py
	$(BIN)/python benchmarks/answer.py
	$(BIN)/python benchmarks/diet_planner.py
	$(BIN)/python benchmarks/web.py
	$(BIN)/python benchmarks/quiet.py
	$(BIN)/python benchmarks/cohort.py

# the pictures of the page in docs/screenshots, which the tests compare; look at each before it is kept
screenshots: $(VENV)/dev.stamp
	PYTHONPATH=. $(BIN)/python tools/screenshots.py

$(VENV)/tools.stamp: $(VENV)/dev.stamp requirements/tools.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/tools.txt
	touch $@

# DATA: folder of person-level survey files; CASES: folder of labelled cases
priors: $(VENV)/tools.stamp
	$(BIN)/python tools/fit_intakes.py --data $(DATA)
	$(BIN)/python tools/fit_priors.py --data $(DATA)
	$(BIN)/python tools/validate_priors.py --data $(DATA)

validate: $(VENV)/tools.stamp
	PYTHONPATH=. $(BIN)/python tools/validate.py --cases $(CASES) --data $(DATA)
	$(BIN)/python tools/validate_reading.py --cases $(CASES)/..

# trains the reader of plain words anew: an hour on two cores (docs/reader.md)
READER := src/stillwell/language/data
HELD := v1,v3
$(VENV)/reader.stamp: $(VENV)/tools.stamp
	$(BIN)/pip install --quiet --disable-pip-version-check -e .[reader]
	touch $@

reader: $(VENV)/reader.stamp
	PYTHONPATH=tools $(BIN)/python -m reader.check --data data/reader
	PYTHONPATH=tools $(BIN)/python -m reader.train --data data/reader --out build/reader --held $(HELD) --epochs 5 --rate 3e-4
	PYTHONPATH=tools $(BIN)/python -m reader.export --model build/reader --out $(READER)
	PYTHONPATH=tools $(BIN)/python -m reader.calibrate --data data/reader --held $(HELD) --out $(READER)

schema: $(VENV)/run.stamp
	$(BIN)/stillwell kb schema docs/schema

clean:
	rm -rf $(VENV) reports build
