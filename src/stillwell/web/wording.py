"""The words of the page."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import yaml


@cache
def words() -> dict[str, Any]:
    """The catalogue in English, by page."""
    text = resources.files("stillwell.web").joinpath("words/en.yaml").read_text("utf-8")
    catalogue: dict[str, Any] = yaml.load(
        text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    )
    return catalogue
