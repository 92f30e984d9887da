"""A document as one HTML page without scripts: on screen, on a phone, on A4 paper."""

from __future__ import annotations

from functools import cache
from typing import Any

from stillwell.report.document import Document
from stillwell.report.render.common import marks, source_numbers
from stillwell.report.wording import words


@cache
def _environment() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("stillwell.report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )


def render(document: Document, window: str = "") -> str:
    """The page; details are folded, and left out of print where they are extra.

    Args:
        window: what stands in the browser's title and so in its history; the document's own title where empty.
    """
    numbers = source_numbers(document)
    template = _environment().get_template("document.html.j2")
    text: str = template.render(
        document=document,
        window=window or document.title,
        labels=words(document.language).labels,
        numbers=numbers,
        marks=lambda keys: marks(keys, numbers),
        kind=lambda block: block.__struct_config__.tag,
    )
    return text.strip() + "\n"
