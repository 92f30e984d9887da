"""The examples of the page on Python and of the docstrings run as they are printed."""

import doctest
import re
from importlib import import_module
from inspect import isclass, isfunction
from pathlib import Path
from pkgutil import iter_modules

import pytest

DOCS = Path(__file__).parents[2] / "docs"
MODULES = [
    "stillwell.api",
    "stillwell.assess.shares",
    "stillwell.assess.steps",
    "stillwell.assess.taken",
    "stillwell.cli.learn_command",
    "stillwell.learn.records.pages",
    "stillwell.learn.answer",
]
ENGINE = ["network", "program", "scale", "sweep", "kernel"]


@pytest.mark.parametrize("name", ["python.md", "engine.md", "assess.md"])
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


def public_names(home):
    """(how an example calls it) for each public function and method that a module defines, protocols apart."""
    for name, value in vars(home).items():
        if name[0] == "_" or getattr(value, "__module__", "") != home.__name__:
            continue
        if isfunction(getattr(value, "__wrapped__", value)):
            yield rf"\b{name}\("
        elif isclass(value) and not getattr(value, "_is_protocol", False):
            for method, inner in vars(value).items():
                if method[0] != "_" and (isfunction(inner) or isinstance(inner, property)):
                    yield rf"\.{method}\b"


def test_every_public_function_of_the_assessment_is_called_in_an_example() -> None:
    text = (DOCS / "assess.md").read_text(encoding="utf-8")
    examples = "".join(example.source for example in doctest.DocTestParser().get_examples(text))
    package = import_module("stillwell.assess")
    modules = [import_module(f"stillwell.assess.{m.name}") for m in iter_modules(package.__path__)]
    wanted = {(home.__name__, name) for home in modules for name in public_names(home)}
    assert len(wanted) > 100
    assert [w for w in sorted(wanted) if not re.search(w[1], examples)] == []


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_the_docstrings_run(name: str) -> None:
    result = doctest.testmod(import_module(name))
    assert result.attempted and not result.failed
