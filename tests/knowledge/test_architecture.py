"""ARCHITECTURE.md names every module, folder of data, tool and folder of tests, by itself or by its folder."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
SOURCE = ROOT / "src" / "stillwell"


def named(word):
    return re.search(rf"(?<![\w.]){re.escape(word)}", TEXT) is not None


def folder_named(folder):
    """Whether a folder stands there with its slash, alone or behind the folder that holds it."""
    return named(f"{folder.parent.name}/{folder.name}/") or named(f"`{folder.name}/")


def modules():
    return [p for p in SOURCE.rglob("*.py") if p.name != "__init__.py"]


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(SOURCE)))
def test_every_module_is_named_or_its_folder_is(path):
    inside = path.relative_to(SOURCE).parents
    folders = [SOURCE / f for f in inside if len(f.parts) >= 2]  # a whole package names no module
    assert named(path.name) or any(folder_named(f) for f in folders)


@pytest.mark.parametrize(
    "folder",
    [p for p in (SOURCE / "knowledge" / "data").iterdir() if p.is_dir()],
    ids=lambda p: p.name,
)
def test_every_folder_of_knowledge_is_named(folder):
    assert named(f"data/{folder.name}/") or named(f"`{folder.name}/`")


@pytest.mark.parametrize("package", [p.parent for p in SOURCE.glob("*/__init__.py")], ids=str)
def test_every_package_is_named(package):
    assert named(package.name)


@pytest.mark.parametrize(
    "path",
    [p for p in (ROOT / "tools").iterdir() if not p.name.startswith(("_", "."))],
    ids=lambda p: p.name,
)
def test_every_tool_is_named(path):
    assert named(path.name)


@pytest.mark.parametrize(
    "folder",
    [p for p in (ROOT / "tests").iterdir() if p.is_dir() and not p.name.startswith(("_", "."))],
    ids=lambda p: p.name,
)
def test_every_folder_of_tests_is_named(folder):
    assert named(f"`{folder.name}/`")


def test_nothing_is_named_that_is_not_there():
    tops = ("src", "tools", "tests", "benchmarks")
    there = {p.name for top in tops for p in (ROOT / top).rglob("*.py")}
    assert set(re.findall(r"`(?:[\w./]+/)?([a-z_0-9]+\.py)`", TEXT)) - there == set()


def test_the_readme_and_the_validation_say_of_how_many_causes_their_figures_are():
    causes = len(list((SOURCE / "knowledge" / "data" / "causes").glob("*.yaml")))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    validation = (ROOT / "docs" / "validation.md").read_text(encoding="utf-8")
    older = set(re.findall(r"every one of the (\d+) causes", validation))
    assert f"this version ({causes} causes)" in " ".join(readme.split())
    for number in older - {str(causes)}:
        head = " ".join(validation.partition("##")[0].split())
        assert f"made with {number} causes" in head
        assert f"made with {number} causes" in " ".join(readme.split())
