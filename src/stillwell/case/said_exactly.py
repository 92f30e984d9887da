"""Findings told in words that mean nothing else, where the trained reader read another thing beside them alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from stillwell.case.sentences import Grammar, Whose, statements
from stillwell.knowledge.kept_patterns import compiled
from stillwell.knowledge.phrases import any_of
from stillwell.language.claims import Claim
from stillwell.language.marks import asks_in, sentence_at

PREFIX = "said_"
LAST = "said_last_"  # of what tells it only at the end of its part of a sentence
_END = compiled(
    r"\s*(?:$|[.,;:!?\n)]|(?:and|but|so|since|because|on me|from under|under me|today|tonight|again|completely|"
    r"altogether|this morning|an hour|about|just now)\b)"
)
TOLD = 0.9  # how surely such words tell it: judgement
DENIED_WITHIN = 4  # words before it among which a "not" denies it


def with_exact(
    claims: list[Claim],
    text: str,
    lexicon: Mapping[str, list[str]],
    items: Iterable[str],
    grammar: Grammar,
) -> list[Claim]:
    """The claims and, of what nothing was read, those that exact words of the patient tell (`said_<id>`).

    "My legs have gone" tells it, "my legs have gone numb" does not (`said_last_<id>`).

    Args:
        items: the findings that such words may tell.
    """
    spoken = {c.id for c in claims if c.kind != "perhaps"}
    found = list(claims)
    low = text.lower().replace("\u2019", "'")
    for item in (i for i in items if i not in spoken):
        said = any_of(lexicon.get(PREFIX + item, [])).search(low)
        ends = any_of(lexicon.get(LAST + item, [])).finditer(low)
        said = said or next((m for m in ends if _END.match(low, m.end())), None)
        if said is None:
            continue
        first, last = sentence_at(text, said.start())
        before = text[first : said.start()].lower().split()[-DENIED_WITHIN:]
        if asks_in(text[first : last + 1]) or grammar.words["negation"] & set(before):
            continue
        if not is_of_patient(said[0], text, grammar):
            continue
        found = [c for c in found if c.id != item]
        found.append(Claim(item, "present", TOLD, said[0], said.start(), said.end(), "present"))
    return found


def is_of_patient(said: str, text: str, grammar: Grammar) -> bool:
    """Whether words stand in a statement of the patient."""
    wanted = said.split()
    for segment in (s for sentence in statements(text, grammar) for s in sentence):
        for at in range(len(segment.words) - len(wanted) + 1):
            if segment.words[at : at + len(wanted)] == wanted:
                return segment.whose[at] is Whose.PATIENT
    return True
