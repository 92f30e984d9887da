"""Parts a text into statements and tells whose they are: the patient's, a relative's or a pet's."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache

from stillwell.knowledge.kept_patterns import compiled
from stillwell.knowledge.phrases import longest_first, stem, tokens

SAID = 4  # words that say something of somebody ("my dad has tremor"), where fewer only name them
CLAUSE_MARKS = frozenset(".:!?\n()")
NOT_SAID = "notsaid"  # stands for the answer in "tremor: no" at the end of what it denies
# runs of white space are made one before any pattern looks at them, which keeps reading linear
_SPACES = compiled(r"[^\S\n]+")
_LINES = compiled(r"\n(?: ?\n)+")
_COUNTS = tuple([n] for n in ("one", "two", "three", "four", "five", "1", "2", "3", "4", "5"))
CARED_FOR = 2  # statements about somebody from which a text is theirs
AHEAD = 8  # words after "and" that are looked at
HEAD = 6  # words at the start of a statement among which its subject stands


class Whose(IntEnum):
    """About whom something is said."""

    PATIENT = 0
    RELATIVE = 1
    OTHER = 2  # a pet, a thing, a person overheard: not even a family history


@dataclass
class Segment:
    """What stands between two commas.

    Attributes:
        words: the words, lower case.
        whose: for each word, whom it is about.
        fresh: a new statement begins here, whatever joins it to the one before.
    """

    words: list[str]
    whose: list[Whose] = field(default_factory=list)
    fresh: bool = False


class Grammar:
    """The small words of the lexicon, and which words are parts of the body or symptoms.

    Args:
        lexicon: the word classes of the knowledge base.
        stems: stems of words that were worked out before.
    """

    def __init__(self, lexicon: dict[str, list[str]], stems: dict[str, str] | None = None) -> None:
        known = stems or {}

        def stem_of(word: str) -> str:
            return known.get(word) or stem(word)

        self.words = {name: frozenset(words) for name, words in lexicon.items()}
        self.kinds: dict[str, str] = {}
        for kind in ("symptom", "body"):
            for name in lexicon[f"{kind}_classes"]:
                for word in lexicon[name]:
                    if " " not in word:
                        self.kinds[stem_of(word)] = kind
        pairs = [pair.split(" = ") for pair in lexicon["spelling"]]
        self.spelling = {wrong: right for wrong, right in pairs}
        longest_first = sorted(self.spelling, key=len, reverse=True)
        self._misspelt = compiled(rf"\b({'|'.join(map(re.escape, longest_first))})\b")
        rare = [pair.split(" = ") for pair in lexicon["rare_words"]]
        self.known_words = {word: known for word, known in rare}
        self._rare = compiled(rf"\b({'|'.join(map(re.escape, self.known_words))})\b", re.IGNORECASE)
        answers = "|".join(sorted(self.words["bare_no"]))
        self._answered = compiled(rf"\s*(?:[:?=]|\s[-–—])\s*(?:{answers})\b(?=\s*(?:[.,;!?\n)]|$))")

    def in_known_words(self, text: str) -> str:
        """A text with words that the trained reader knows in place of rare ones ("purply" is "purple")."""
        return self._rare.sub(lambda m: self.known_words[m[0].lower()], text)

    def kind(self, word: str) -> str:
        """ "body", "symptom" or nothing."""
        return self.kinds.get(stem(word), "")

    def plain(self, text: str) -> str:
        """A text in lower case, with the usual shorthand and misspellings written out."""
        lower = _SPACES.sub(" ", text.lower().replace("’", "'"))
        lower = _LINES.sub("\n", lower)
        lower = self._answered.sub(f" {NOT_SAID}", lower)
        lower = re.sub(r"\s[-–—]+\s", " , ", lower)
        return self._misspelt.sub(lambda m: self.spelling[m[0]], lower)


def statements(text: str, grammar: Grammar) -> list[list[Segment]]:
    """Sentences (or what "but" parts) as the segments between commas, and whose they are."""
    found: list[list[Segment]] = [[Segment([])]]
    words = tokens(grammar.plain(text))
    for at, raw in enumerate(words):
        here = found[-1][-1].words
        if raw == "only" and set(here) <= grammar.words["openers"] | grammar.words["first_person"]:
            continue  # "I only have cramps"
        if raw == ":" and here and len(found[-1]) == 1 and _all_body(here, grammar):
            continue  # "legs: weak and heavy"
        if not here and raw in CLAUSE_MARKS and len(found[-1]) == 1:
            continue
        if raw in CLAUSE_MARKS or raw in grammar.words["scope_end"]:
            found.append([Segment([])])
        elif raw in (",", ";") and not here and len(found[-1]) > 1:
            continue
        elif raw in (",", ";"):
            found[-1].append(Segment([], fresh=raw == ";"))
        elif (
            raw in grammar.words["reason"] and _names_somebody(words[at + 1 : at + 3], grammar)
        ) or (raw in ("and", "plus") and _opens(here, words[at + 1 : at + 1 + AHEAD], grammar)):
            found[-1].append(Segment([], fresh=True))
        elif _goes_on(here, raw, words[at + 1 : at + 2], grammar):
            found[-1].append(Segment([raw], fresh=True))
        else:
            here.append(raw)
    kept = [[s for s in sentence if s.words] for sentence in found]
    kept = [sentence for sentence in kept if sentence]
    _name_antecedents(kept, grammar)
    _tell_whose(kept, grammar)
    return kept


@lru_cache(maxsize=4)
def _both(kin: frozenset[str]) -> re.Pattern[str]:
    relative = "|".join(map(re.escape, longest_first(kin)))
    other = rf"(?:the|my|our) (?:\w{{2,12}} )?(?:{relative})"
    return compiled(
        rf"\b(?:(?:me|myself) and {other}|{other} and (?:me|myself|i)|we both|both of us|us both|the two of us)"
        r"(?: both)?(?! (?:live|lives|went|had a|were|argued|are worried))(?!\w)",
        re.IGNORECASE,
    )


@lru_cache(maxsize=4)
def _so_do_i(kin: frozenset[str]) -> re.Pattern[str]:
    relative = "|".join(map(re.escape, longest_first(kin)))
    return compiled(
        rf"\b(?P<who>(?:the|my|our) (?:\w{{2,12}} )?(?:{relative})) (?:has|have|gets|get|had) "
        r"(?P<what>(?:[a-z'-]{1,20} ){1,6}?),? ?(?:and|&) (?:so (?:do|have|did) i|i (?:do|have) too|me too|i have (?:it|them) too)\b",
        re.IGNORECASE,
    )


def of_teller_too(text: str, grammar: Grammar) -> str:
    """A text in which what the teller and somebody else have is told of the teller.

    "Me and the wife both get cramp" is "I get cramp".
    """
    text = _so_do_i(grammar.words["kin"]).sub(r"I have \g<what>, and \g<who> has \g<what>", text)
    return _both(grammar.words["kin"]).sub("I", text)


@lru_cache(maxsize=4)
def _of_a_child(children: frozenset[str]) -> re.Pattern[str]:
    child = "|".join(map(re.escape, longest_first(children)))
    return compiled(
        rf"\b(?:the|both) (?P<what>(?:(?:left|right|both) )?[a-z]{{3,8}}) of (?P<whose>(?:my|our) (?:\w{{2,12}} )?(?:{child}))\b(?!')",
        re.IGNORECASE,
    )


def with_child_first(text: str, grammar: Grammar) -> str:
    """A text in which "the legs of my baby" are "my baby's legs"."""
    pattern = _of_a_child(grammar.words["kin_child"])

    def turned(found: re.Match[str]) -> str:
        body = grammar.kind(found["what"].split()[-1].lower()) == "body"
        return f"{found['whose']}'s {found['what']}" if body else found[0]

    return pattern.sub(turned, text)


@lru_cache(maxsize=4)
def _has_the_same(kin: frozenset[str]) -> re.Pattern[str]:
    relative = "|".join(map(re.escape, longest_first(kin)))
    who = rf"(?:my|our) (?:\w{{2,12}} )?(?:{relative})(?: and (?:my |our )?(?:{relative}))?"
    has = r"(?:also )?(?:has|had|have|gets|get|got|suffers|suffered|did|does)"
    same = (
        r"(?:(?:from |with )?(?:exactly |much )?the same(?: \w+)?(?: too| as well| also)?"
        r"|(?:from )?(?:it|this|that|them|these|those)(?: all)? (?:too|as well|also|before me))"
    )
    return compiled(
        rf"(?:(?:^|(?<=[.!?;,\n]))\s*|\b(?:and|as|like) ){who} {has} {same}\s*(?:[.,;!]+\s*(?:and |but )?|\n|$|(?= (?:my|i|i'm)\b))",
        re.IGNORECASE,
    )


def without_kins_same(text: str, grammar: Grammar) -> str:
    """A text without the aside that a relative has the same ("my mum had it too, legs twitch"), where something of the
    body is told besides: the aside tells neither whose legs they are nor the sex of the patient."""
    rest = _has_the_same(grammar.words["kin"]).sub(" ", text.replace("’", "'"))
    if rest == text or not any(grammar.kind(w) for w in tokens(grammar.plain(rest))):
        return text
    return rest.strip()


def is_of_kin(words: str, sentences: list[list[Segment]]) -> bool:
    """Whether words stand only where a relative is the subject of the clause."""
    wanted = [w for w in tokens(words) if w not in CLAUSE_MARKS]
    found = []
    for segment in (s for sentence in sentences for s in sentence):
        for at in range(len(segment.words) - len(wanted) + 1):
            if wanted and segment.words[at : at + len(wanted)] == wanted:
                found += segment.whose[at + len(wanted) - 1 : at + len(wanted)]
    return bool(found) and all(whose is Whose.RELATIVE for whose in found)


def patient_kin(sentences: list[list[Segment]], grammar: Grammar) -> str:
    """The word of kin for the patient ("daughter"), or "" where the teller is the patient."""
    they = grammar.words["third_person"] | {"his", "her", "him"}
    own = grammar.words["first_person"] | {"my"}
    kin, bodily, mine = "", False, False
    for sentence in sentences:
        subjects = [_subject(s.words, grammar) for s in sentence if s.whose[0] is Whose.PATIENT]
        named = next((s for s in subjects if s.startswith("kin:")), "")
        mine = mine or "i" in subjects
        kin = kin or named.split(" ")[-1].removeprefix("kin:")
        words = [w for segment in sentence for w in segment.words]
        theirs = bool(named or they & set(words))
        for segment in sentence:
            of_teller = own & set(segment.words) and not (
                they & set(segment.words) or _subject(segment.words, grammar).startswith("kin:")
            )
            told_body = any(map(grammar.kind, segment.words))
            mine = mine or bool(of_teller and told_body)  # "and my left calf is swollen"
            bodily = bodily or (theirs and told_body and not of_teller)
    return kin if bodily or not mine else ""  # "my mother died at 60. I am 44"


def is_of_somebody_cared_for(sentences: list[list[Segment]], grammar: Grammar) -> bool:
    """Whether a text opens with somebody else and goes on about them and what ails them."""
    told = [(s, _subject(s.words, grammar)) for sentence in sentences for s in sentence]
    first = next((subject for _, subject in told if subject not in ("", "other")), "")
    theirs = [
        s
        for s, subject in told
        if subject.startswith("kin:") or subject == "third" or {"her", "his"} & set(s.words[:2])
    ]
    ails = any(grammar.kind(w) for s in theirs for w in s.words)
    return (first.startswith("kin:") or first == "third") and ails and len(theirs) >= CARED_FOR


def _name_antecedents(sentences: list[list[Segment]], grammar: Grammar) -> None:
    """Put the part of the body in place of the "it" that stands for it ("my calf hurts; it is pale")."""
    body = ""
    for segment in (s for sentence in sentences for s in sentence):
        own = [w for w in segment.words if grammar.kind(w) == "body"]
        if body and not own and segment.words[0] in grammar.words["antecedent"]:
            segment.words[0] = body
        body = own[-1] if own else body


def _names_somebody(after: list[str], grammar: Grammar) -> bool:
    """Whether a new subject follows ("... because I drink lots of tea")."""
    subjects = grammar.words["first_person"] | grammar.words["third_person"]
    return len(after) > 1 and after[0] in subjects


def _goes_on(before: list[str], word: str, after: list[str], grammar: Grammar) -> bool:
    """Whether the teller's own statement begins behind a time told by a relative ("since my mum died I can't sleep")."""
    lexicon = grammar.words
    if len(before) < SAID or before[0] not in lexicon["time_opens"] | {"ever"}:
        return False
    others = lexicon["kin"] | lexicon["third_person"]
    if before[-1] in lexicon["reports"] or not any(_singular(w, others) in others for w in before):
        return False
    own_body = word == "my" and bool(after) and grammar.kind(after[0]) == "body"
    return own_body or word in lexicon["first_person"]


def _all_body(words: list[str], grammar: Grammar) -> bool:
    small = grammar.words["owner"] | grammar.words["join"] | {"the", "in", "both"}
    return all(grammar.kind(w) == "body" or w in small for w in words)


def _opens(before: list[str], after: list[str], grammar: Grammar) -> bool:
    """Whether "and" parts two statements ("legs weak and heart skipping") or joins two words.

    It parts where the left side says something of its own and the right side is a part of the body of
    which something else is said.
    """
    if not before or not after:
        return False
    kin = grammar.words["kin"] | grammar.words["kin_alone"]
    teller = grammar.words["first_person"] | {"my"}
    ahead = after if after[0] in grammar.words["time_first"] else after[:3]
    if len(before) >= SAID and kin & set(before) and not kin & set(ahead):
        first = next((w for w in ahead if w in teller | grammar.words["third_person"]), "")
        if first in teller and (after[0] in teller or after[0] in grammar.words["time_first"]):
            return True  # "my baby is two weeks old and (since then) my left calf is swollen"
    after = after[:3]
    small = grammar.words["owner"] | {"the"}
    right = [w for w in after if w not in small]
    if len(right) < 2 or grammar.kind(right[0]) != "body":
        return False
    left = [w for w in before if w not in small]
    says = left and (
        any(grammar.kind(w) == "symptom" for w in left)
        or (len(left) > 1 and grammar.kind(left[-1]) != "body")
    )
    told = right[1] not in grammar.words["setting"] and grammar.kind(right[1]) != "body"
    return bool(says) and told


# ---- whom a statement is about -------------------------------------------------------------------


def _subject(words: list[str], grammar: Grammar) -> str:
    """Of whom the first words speak: "i", "kin:<word>", "other", "third", or "" where they do not say."""
    lexicon = grammar.words
    parents = lexicon["parent_female"] | lexicon["parent_male"]
    owned = ""
    for at, raw in enumerate(words[:HEAD]):
        word = _singular(raw, lexicon["kin"])
        after = words[at + 1] if at + 1 < len(words) else ""
        if word in lexicon["others"] and (at == 0 or owned):
            return "other"
        if raw == "me" and after == "and" and at == 0:
            return "i"
        if word in lexicon["kin_if_owned"] and owned not in ("my", "our"):
            break
        if words[at + 1 : at + 3] in (["was", "born"], ["were", "born"]) and (
            word in lexicon["kin"] | lexicon["third_person"]
        ):
            return "i"  # "since my baby was born": a birth, of which the teller speaks
        if word in parents and after == "of" and words[at + 2 : at + 3] in _COUNTS:
            return "i"  # "mum of two": the teller
        if word in lexicon["kin"] and (at == 0 or owned) and after not in lexicon["reports"]:
            if words[at + 1 : at + 3] in (["and", "i"], ["and", "me"], ["and", "myself"]):
                return "i"
            return f"kin:{'his ' if owned in ('his', 'her', 'their') else ''}{word}"
        if word in lexicon["first_person"] or (
            raw == "my" and not _speaks_of_others(words[at + 1 :], grammar)
        ):
            return "i"
        if raw in lexicon["third_person"]:
            return "third"
        if raw in lexicon["owner"] or raw in ("the", "a", "an"):
            owned = raw
        elif owned and raw in lexicon["kin_adjective"]:
            if raw in lexicon["kin_alone"] and not _of_others(after, grammar):
                return f"kin:{raw}"
        elif raw not in lexicon["openers"]:
            break
    return ""


def _speaks_of_others(after: list[str], grammar: Grammar) -> bool:
    """Whether what follows "my" is a relative or another ("my wee lassie", "my youngest")."""
    lexicon = grammar.words
    for at, word in enumerate(after[:HEAD]):
        if _of_others(word, grammar):
            return True
        if word not in lexicon["kin_adjective"]:
            return at > 0 and after[at - 1] in lexicon["kin_alone"]
    return bool(after) and after[-1] in lexicon["kin_alone"]


def _of_others(word: str, grammar: Grammar) -> bool:
    others = grammar.words["kin"] | grammar.words["others"]
    return _singular(word, others) in others


def _singular(word: str, known: frozenset[str]) -> str:
    """A word without the ending of possession ("wife's", "wifes"), where that makes a known one."""
    bare = word.removesuffix("'s")
    return bare.removesuffix("s") if bare not in known and bare.removesuffix("s") in known else bare


def _claims(words: list[str], grammar: Grammar) -> bool:
    """Whether a statement tells of a body or a symptom, and of nobody else's."""
    away = grammar.words["third_person"] | grammar.words["kin"] | {"him", "her", "his"}
    return any(map(grammar.kind, words)) and not away & {_singular(w, away) for w in words}


def _contrasts(words: list[str], grammar: Grammar) -> bool:
    """Whether a statement only sets the teller apart ("... but I'm not", "mine is fine")."""
    text = " ".join(words)
    return any(text.startswith(start) for start in grammar.words["contrast"])


def _is_mine(words: list[str], subject: str, grammar: Grammar) -> bool:
    lexicon = grammar.words
    first = subject == "i" or bool(lexicon["first_person"] & set(words)) or "my" in words
    if subject.startswith("kin:") or subject in ("third", "other"):
        return False
    return (first and _claims(words, grammar)) or _contrasts(words, grammar)


def _tell_whose(sentences: list[list[Segment]], grammar: Grammar) -> None:
    """Fill in `whose` of every segment.

    The patient is the teller ("my mother had a fit once. I only have cramps"), or the person whom the
    whole text is about ("my husband shakes at night, he is 70").
    """
    told = [(s.words, _subject(s.words, grammar)) for sentence in sentences for s in sentence]
    kin = [subject for _, subject in told if subject.startswith("kin:")]
    mine = sum(_is_mine(words, subject, grammar) for words, subject in told)
    theirs = sum(
        (subject.startswith("kin:") or subject == "third") and any(map(grammar.kind, words))
        for words, subject in told
    )
    begins = next((subject for _, subject in told if subject not in ("", "other")), "")
    patient = ""  # the teller
    known = {w for words, _ in told for w in words} & (
        grammar.words["third_person"] | {"her", "his", "him"}
    )
    distant = kin and kin[0].split()[-1].removeprefix("kin:") in grammar.words["distant"]
    if distant and theirs < 2 and not known:
        kin = []
    if kin and (not mine or (begins.startswith("kin:") and theirs >= 3 * mine)):
        patient = kin[0]
    last = Whose.PATIENT
    for sentence in sentences:
        whose = Whose.PATIENT
        for segment in sentence:
            whose, last = _words_whose(segment, patient, whose, last, grammar)


def _words_whose(
    segment: Segment, patient: str, whose: Whose, last: Whose, grammar: Grammar
) -> tuple[Whose, Whose]:
    """Mark the words of one segment.

    Args:
        whose: of whom the sentence spoke so far.
        last: the third person last spoken of in the text.

    Returns:
        The same two after this segment.
    """
    words = segment.words
    for at, raw in enumerate(words):
        fresh = at == 0 or words[at - 1] in grammar.words["restarts_subject"]
        subject = _subject(words[at : at + HEAD + 3], grammar) if fresh else ""
        if subject.startswith("kin:"):
            whose = last = Whose.PATIENT if subject == patient else Whose.RELATIVE
        elif subject == "other":
            whose = last = Whose.OTHER
        elif subject == "third" or (at and raw in grammar.words["third_person"]):
            whose = Whose.PATIENT if patient else last
        elif subject == "i" or raw in grammar.words["first_person"]:
            whose = Whose.PATIENT
        segment.whose.append(whose)
    return whose, last
