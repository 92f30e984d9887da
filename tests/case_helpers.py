"""Short ways to write a case in a test."""

from stillwell.case.read import case_from
from stillwell.case.understand import understand


def told(text=None, **fields):
    value = dict(fields)
    if text is not None:
        value["complaint"] = text
    return understand(case_from(value))
