"""The words of laboratory sheets, ready to look up."""

from __future__ import annotations

import re
from functools import cache

from stillwell.knowledge.store import Knowledge, knowledge

ROLES = (
    "test",
    "result",
    "previous",
    "previous_date",
    "unit",
    "range",
    "low",
    "high",
    "flag",
    "date",
    "comment",
)
LONGEST_NAME = 8  # words


def plain(text: str) -> str:
    """Lower case, single blanks, without marks at the ends."""
    return " ".join(text.lower().replace("μ", "µ").split()).strip(" :;,=_…")


class Words:
    """Word classes of the lexicon that sheets are read by."""

    def __init__(self, known: Knowledge) -> None:
        lexicon = known.base.lexicon
        self.known = known
        self.said_why = known.base.wording.sheets
        self.roles: dict[str, str] = {}
        for role in reversed(ROLES):
            self.roles.update({plain(w): role for w in lexicon[f"sheet_{role}"]})
        self.taken = frozenset(map(plain, lexicon["sheet_taken"]))
        self.other_date = frozenset(map(plain, lexicon["sheet_other_date"]))
        self.identity = frozenset(w.lower() for w in lexicon["sheet_identity"])
        self.notes = frozenset(w.lower() for w in lexicon["sheet_note"])
        self.said = frozenset(w.lower() for w in lexicon["sheet_said"])
        self.low = frozenset(lexicon["sheet_flag_low"])
        self.high = frozenset(lexicon["sheet_flag_high"])
        self.very = frozenset(lexicon["sheet_flag_very"])
        self.flags = self.low | self.high | frozenset(lexicon["sheet_flag_other"])
        self.aside = frozenset(lexicon["sheet_aside"])
        self.units = dict(pair.split(" = ") for pair in lexicon["sheet_units"])
        self.other_units = frozenset(
            w.lower().replace(" ", "")
            for w in (*lexicon["sheet_more_units"], *lexicon["other_lab_units"])
        )
        self.two_tests = dict(pair.split(": ") for pair in lexicon["sheet_two_tests"])
        self.blood = frozenset(map(plain, lexicon["sheet_blood_section"]))
        self.other_fluids = frozenset(map(plain, lexicon["sheet_other_section"]))
        self.months = {
            word: number
            for number, line in enumerate(lexicon["sheet_months"], 1)
            for word in line.split()
        }
        others = (*lexicon["other_tests"], *lexicon["sheet_other_tests"])
        self.other_tests = frozenset(plain(w) for w in others)
        self.fluid = re.compile(
            r"(?<![a-zäöü0-9])(?:"
            + "|".join(
                re.escape(w)
                for w in sorted(
                    {*lexicon["other_specimen"], *lexicon["sheet_other_section"]},
                    key=len,
                    reverse=True,
                )
            )
            + r")(?![a-zäöü0-9])"
        )


@cache
def words() -> Words:
    """Those of the built-in knowledge base."""
    return Words(knowledge())
