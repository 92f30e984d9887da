"""The examples of the page on Python and of the docstrings run as they are printed."""

import doctest
from importlib import import_module
from inspect import isfunction
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
MODULES = [
    "stillwell.api",
    "stillwell.cli.learn_command",
    "stillwell.learn.records.pages",
    "stillwell.learn.answer",
]
ENGINE = ["network", "program", "scale", "sweep", "kernel"]


@pytest.mark.parametrize("name", ["python.md", "engine.md"])
def test_the_examples_of_the_page_run(name: str) -> None:
    result = doctest.testfile(str(DOCS / name), module_relative=False)
    assert result.attempted >= 12 and not result.failed


def test_every_public_function_of_the_engine_has_an_example() -> None:
    text = (DOCS / "engine.md").read_text(encoding="utf-8")
    for module in ENGINE:
        home = import_module(f"stillwell.inference.{module}")
        for name, value in vars(home).items():
            if isfunction(value) and value.__module__ == home.__name__ and name[0] != "_":
                assert f"{name}" in text, f"{module}.{name}"


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_the_docstrings_run(name: str) -> None:
    result = doctest.testmod(import_module(name))
    assert result.attempted and not result.failed
