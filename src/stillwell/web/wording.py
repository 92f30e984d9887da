"""The words of the page."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import yaml


@cache
def words(shared: bool = False) -> dict[str, Any]:
    """The catalogue in English, by page.

    Args:
        shared: as it reads on a server that others use too.
    """
    if shared:
        own = words()
        return {page: {**said, **own["shared"].get(page, {})} for page, said in own.items()}
    text = resources.files("stillwell.web").joinpath("words/en.yaml").read_text("utf-8")
    catalogue: dict[str, Any] = yaml.load(
        text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    )
    return catalogue
