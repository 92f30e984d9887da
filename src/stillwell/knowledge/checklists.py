"""What the loader refuses in a checklist, and the lines of orders that checklists name."""

from __future__ import annotations

from collections.abc import Iterator

from stillwell.knowledge.base import Base
from stillwell.knowledge.conditions import bad_condition
from stillwell.knowledge.schema import Checklist, Order

FIELDS = (
    "onset",
    "age",
    "sex",
    "medicines",
    "supplements",
    "diet",
    "results",
)  # of a case, beside its items
EVERY = "every_complaint"  # the checklist that every complaint opens


def orders_of(base: Base) -> dict[str, Order]:
    """Every line that an order may hold, by id."""
    return {order.id: order for c in base.checklists.values() for order in c.orders}


def bad_checklist(base: Base, record: Checklist) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """What is wrong with a checklist: the place in its file, and one line that says so."""
    if bool(record.opens) == (record.id == EVERY):
        yield ("opens",), f"needs the findings that open it (only {EVERY} has none)"
    if record.id != EVERY and not record.red_flags:
        yield ("red_flags",), "needs at least one red flag of the complaint"
    for field in ("opens", "red_flags", "child_red_flags"):
        for i, name in enumerate(getattr(record, field)):
            if name not in base.findings:
                yield (field, i), f"the finding '{name}' is not known"
            elif field == "red_flags" and base.findings[name].sign:
                yield (field, i), f"'{name}' needs an examination: a person cannot answer it"
    for flag, names in record.near_with.items():
        if flag not in record.red_flags:
            yield ("near_with",), f"'{flag}' is no red flag of this checklist"
        for name in names:
            if name not in base.findings and name not in base.history:
                yield ("near_with",), f"'{name}' is no finding or history item"
    for i, must in enumerate(record.questions):
        if must.ask in FIELDS:
            if not must.words:
                yield ("questions", i), f"the field '{must.ask}' needs the words of its question"
        elif must.ask not in base.findings and must.ask not in base.history:
            fields = ", ".join(FIELDS)
            yield ("questions", i), f"'{must.ask}' is no finding, history item or field ({fields})"
        if must.unless is not None:
            yield from bad_condition(base, must.unless, ("questions", i, "unless"))
        for j, name in enumerate(must.choices):
            if name not in base.findings and name not in base.history:
                yield ("questions", i, "choices", j), f"'{name}' is no finding or history item"
    orders = orders_of(base)
    for i, test in enumerate(record.tests):
        for j, name in enumerate(test.order):
            if name not in orders:
                yield ("tests", i, "order", j), f"the order line '{name}' is not known"
    for i, avoided in enumerate(record.avoid):
        if avoided.order not in orders:
            yield ("avoid", i, "order"), f"the order line '{avoided.order}' is not known"
    for i, order in enumerate(record.orders):
        for j, name in enumerate(order.tests):
            if name not in base.tests:
                yield ("orders", i, "tests", j), f"the test '{name}' is not known"


__all__ = ["EVERY", "FIELDS", "bad_checklist", "orders_of"]
