"""The assessment or the document as JSON, for other programs."""

from __future__ import annotations

import msgspec

from stillwell.assess.assessment import Assessment
from stillwell.report.document import Document


def render(value: Assessment | Document) -> str:
    """Indented JSON; `schema` in it names its form and version."""
    return msgspec.json.format(msgspec.json.encode(value)).decode()
