"""The exact readers that read a person's words, made once for the built-in knowledge base."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from stillwell.case.alarm_words import AlarmWordReader
from stillwell.case.asked_in_words import AskedReader
from stillwell.case.labs_in_words import LabReader
from stillwell.case.medicines_in_words import MedicineNames
from stillwell.case.sentences import Grammar
from stillwell.knowledge.store import Knowledge, knowledge


@cache
def medicine_names() -> MedicineNames:
    """The names of medicines in the built-in knowledge base."""
    return names_of(knowledge())


@cache
def lab_reader() -> LabReader:
    """The reader of results in words, of the built-in knowledge base."""
    return LabReader(knowledge())


@cache
def alarm_reader() -> AlarmWordReader:
    """The exact reader of alarm signs, of the built-in knowledge base."""
    return AlarmWordReader(knowledge(), medicine_names().grammar)


@cache
def asked_reader() -> AskedReader:
    """The reader of what is asked about, of the built-in knowledge base."""
    return AskedReader(knowledge().base, medicine_names())


def names_of(known: Knowledge) -> MedicineNames:
    """The names of medicines in a knowledge base."""
    return MedicineNames(known.names, Grammar(known.base.lexicon, known.stems), known.english)


@dataclass
class Readers:
    """The exact readers of one knowledge base."""

    known: Knowledge
    names: MedicineNames
    labs: LabReader
    alarms: AlarmWordReader
    asking: AskedReader


def small_words(known: Knowledge | None = None) -> tuple[list[str], list[str]]:
    """Small words of English, and those of other languages."""
    lexicon = (known or knowledge()).base.lexicon
    return lexicon["small_english"], lexicon["small_foreign"]
