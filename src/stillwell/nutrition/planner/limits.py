"""What forbids a plan or a supplement: ways of eating, allergies, illness, results, medicines, pregnancy, age.

One place for plans of food and for supplements, so that neither forgets what the other knows. The rules
are data: data/avoid.yaml (words people use for what they avoid) and data/medical_limits.yaml.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import Any

from rapidfuzz import fuzz, process

from stillwell.case.understand import Understood
from stillwell.errors import CaseError
from stillwell.knowledge.store import Knowledge
from stillwell.nutrition.foods.record import data

ADULT = 18
LONGEST = 4  # words of a phrase in avoid.yaml
POSSIBLE, LIKELY = 0.05, 0.3  # probability from which a cause forbids what would harm with it
CHILD = (
    "No plan of food or supplement for anyone under 18: needs and safe doses differ while growing. "
    "Ask a doctor or a children's dietitian."
)


@dataclass(frozen=True)
class Limits:
    """Everything that a plan keeps to.

    Attributes:
        groups: what is left out, with who says so ("vegan", "allergy to nuts", "pregnancy").
        words: single foods that are left out, with who says so.
        no_more: nutrients that may not rise, with why.
        most: portions a week at most of a group, what is eaten already counted.
        keep: groups of the diary that are not cut either.
        even: nutrients that a plan may hardly change (vitamin K with warfarin), with why.
        no_supplement: nutrients that may not be taken as a supplement, with why.
        say: lines shown beside the plan.
        no_plan: why there is no plan; empty where there may be one.
    """

    groups: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    diets: tuple[str, ...] = ()
    no_more: dict[str, str] = field(default_factory=dict)
    most: dict[str, int] = field(default_factory=dict)
    keep: frozenset[str] = frozenset()
    even: dict[str, str] = field(default_factory=dict)
    no_supplement: dict[str, str] = field(default_factory=dict)
    say: tuple[str, ...] = ()
    no_plan: str = ""
    age: float | None = None
    medicines: frozenset[str] = frozenset()

    def forbids(self, holds: frozenset[str], name: str) -> list[str]:
        """Who forbids a food that holds these groups and has this name; empty where nobody does."""
        by = [who for group, who in self.groups.items() if group in holds]
        by += [who for word, who in self.words.items() if _named(word, name)]
        return list(dict.fromkeys(by))


def diets() -> dict[str, frozenset[str]]:
    """Each way of eating that is known, with the groups of food that it rules out."""
    return {name: frozenset(groups) for name, groups in _avoid()["diets"].items()}


def limits(known: Knowledge, understood: Understood, present: dict[str, float]) -> Limits:
    """All limits of a case; `present` holds the probability of each cause.

    Raises:
        CaseError: a way of eating, allergy or dislike that is not known.
    """
    ways: list[str] = [d for d in ("vegan", "vegetarian") if d in understood.history_present]
    found = said_limits(
        ways, understood.avoids, understood.allergies, understood.dislikes, frozenset(known.names)
    )
    found = _with_words(found, understood.eating_in_words, frozenset(known.names))
    age = understood.person.age
    taken = frozenset(
        m.group for m in (*understood.medicines, *understood.supplements) if not m.stopped
    )
    found = replace(found, age=age, medicines=taken)
    for rule in data_rules():
        if _holds(rule["when"], understood, present) and not _is_spared(rule, understood):
            found = _with(found, rule)
    if age is not None and age < ADULT:
        found = replace(found, no_plan=found.no_plan or CHILD)
    return found


def said_limits(
    ways: list[str],
    avoids: list[str] | None = None,
    allergies: list[str] | None = None,
    dislikes: list[str] | None = None,
    medicines: frozenset[str] = frozenset(),
) -> Limits:
    """The limits that people say themselves, and those that hold for everybody.

    An allergy to one of `medicines`, to pollen and the like is said to have no part in a plan of food.

    Raises:
        CaseError: a word that is neither a way of eating, a group of foods nor a food.
    """
    found = Limits()
    for rule in data_rules():
        if rule["when"].get("everybody"):
            found = _with(found, rule)
    for way in ways:
        if way not in diets():
            raise CaseError("diet", f"'{way}' is not known", _nearest(way))
        found = _with_diet(found, way, way)
    for field_name, told in (("avoids", avoids), ("allergies", allergies), ("dislikes", dislikes)):
        for index, word in enumerate(told or []):
            if word.strip():
                if field_name == "allergies" and _no_food(word, medicines):
                    line = (
                        f"The allergy to {word.strip()} is about no food; the plan does not use it."
                    )
                    found = replace(found, say=(*found.say, line))
                    continue
                found = _with_word(found, f"{field_name}[{index}]", word)
    return found


def _with_words(found: Limits, told: dict[str, list[str]], medicines: frozenset[str]) -> Limits:
    """Add what a story tells of allergies and ways of eating; what is no food is said, not refused."""
    for kind in ("allergies", "avoids", "diets", "dislikes"):
        for word in told.get(kind, []):
            try:
                found = _with_word(found, f"{'avoids' if kind == 'diets' else kind}[0]", word)
            except CaseError:
                if kind == "allergies" and not _no_food(word, medicines):
                    line = (
                        f"The allergy to {word} is to no food known here; the plan does not use it."
                    )
                    found = replace(found, say=(*found.say, line))
    return found


def _with_word(found: Limits, place: str, told: str) -> Limits:
    """Add what one word of `avoids`, `allergies` or `dislikes` rules out."""
    word = " ".join(told.lower().replace("_", " ").split())
    way = word.replace(" ", "-")
    same = _avoid()["same_diet"]
    way = same.get(word, same.get(way, way))
    if way in diets():
        return _with_diet(found, way, way)
    bare = re.sub(
        r"^(no|any|all|allergic to|allergy to)\s+|[ -]*(free|allergy|intolerance|products?)$",
        "",
        word,
    )
    allergy = place.startswith("allergies")
    who = f"{'allergy to' if allergy else 'avoiding' if place.startswith('avoids') else 'disliking'} {bare}"
    groups = _synonyms(allergy).get(_one(bare), ())
    if not groups and not all(_one(w) in _food_words() for w in re.findall(r"[a-z']+", bare)):
        raise CaseError(
            place, f"'{told}' is not a food or way of eating known here", _nearest(bare)
        )
    if not groups and not re.search(r"[a-z]", bare):
        raise CaseError(
            place, f"'{told}' is not a food or way of eating known here", _nearest(bare)
        )
    return replace(
        found,
        groups={**dict.fromkeys(groups, who), **found.groups},
        words={**found.words, _one(bare): who},
    )


def _no_food(word: str, medicines: frozenset[str]) -> bool:
    low = word.strip().lower()
    foods = _synonyms(True)
    bare = re.sub(r"^(allergic to|allergy to)\s+|\s+allergy$", "", low)
    if _one(bare) in foods:
        return False
    return bare in medicines or any(w in bare for w in _avoid()["no_food"])


def _with_diet(found: Limits, way: str, who: str) -> Limits:
    renal = way == "renal"
    no_more = dict.fromkeys(("potassium", "phosphorus", "magnesium"), who) if renal else {}
    note = _avoid()["notes"].get(way)
    return replace(
        found,
        diets=tuple(dict.fromkeys((*found.diets, way))),
        groups={**dict.fromkeys(sorted(diets()[way]), who), **found.groups},
        no_more={**no_more, **found.no_more},
        say=tuple(dict.fromkeys((*found.say, *([note] if note else [])))),
    )


def _with(found: Limits, rule: dict[str, Any]) -> Limits:
    """Add one medical rule."""
    who = str(rule.get("name", rule["id"])).replace("_", " ")
    if rule.get("diet"):
        found = _with_diet(found, rule["diet"], who)
    most = dict(found.most)
    for group, times in rule.get("most", {}).items():
        most[group] = min(times, most.get(group, times))
    say = [rule["say"]] if rule.get("say") else []
    return replace(
        found,
        groups={**found.groups, **dict.fromkeys(rule.get("leave_out", []), who)},
        no_more={**found.no_more, **dict.fromkeys(rule.get("no_more", []), who)},
        most=most,
        keep=found.keep | frozenset(rule.get("keep", [])),
        even={**found.even, **dict.fromkeys(rule.get("even", []), who)},
        no_supplement={**found.no_supplement, **dict.fromkeys(rule.get("no_supplement", []), who)},
        say=tuple(dict.fromkeys((*found.say, *say))),
        no_plan=found.no_plan or rule.get("no_plan", ""),
    )


def _is_spared(rule: dict[str, Any], understood: Understood) -> bool:
    """Whether a result says that a rule does not hold; never on dialysis."""
    results = {
        t: understood.labs[t].value for t in rule.get("unless_from", {}) if t in understood.labs
    }
    enough = any(v is not None and v >= rule["unless_from"][t] for t, v in results.items())
    return enough and "dialysis" not in understood.history_present


def _holds(when: dict[str, Any], understood: Understood, present: dict[str, float]) -> bool:
    """Whether any of a rule's conditions holds; age and sex must hold together."""
    if when.get("everybody"):
        return False  # already there
    pregnant = bool(understood.person.pregnant) or "pregnant" in understood.history_present
    taken = {m.group for m in (*understood.medicines, *understood.supplements) if not m.stopped}
    flags = {f"{test}:{result.flag}" for test, result in understood.labs.items()}
    if "ages" in when:
        low, high = when["ages"]
        age, sex = understood.person.age, understood.person.sex
        past = "postmenopausal" in understood.history_present
        return sex != "male" and (age is None or low <= age <= high) and not past
    said = history_words(understood)
    return (
        any(h in understood.history_present for h in when.get("history", []))
        or any(f in flags for f in when.get("labs", []))
        or any(_is_below(understood, t, v) for t, v in when.get("labs_below", {}).items())
        or any(m in taken for m in when.get("medicines", []))
        or any(present.get(c, 0.0) >= POSSIBLE for c in when.get("causes", []))
        or any(present.get(c, 0.0) >= LIKELY for c in when.get("causes_likely", []))
        or any(w in said for w in when.get("words", []))
        or bool(when.get("pregnant") and pregnant)
    )


def _is_below(understood: Understood, test: str, value: float) -> bool:
    result = understood.labs.get(test)
    return result is not None and result.value is not None and result.value < value


def history_words(told: Understood) -> str:
    """What was told of illnesses in the person's own words, understood or not; no denials."""
    understood = [w for name, w in told.from_words.items() if name in told.history_present]
    rest = [
        line
        for line in told.unclear
        if line.startswith(("history.present", "not understood", "not used"))
        and not re.search(r"\b(no|never|not had|without)\b.{0,20}$|: '(no|never|without)\b", line)
    ]
    return " | ".join((*understood, *rest)).lower()


def in_diary(group: str, name: str) -> bool:
    """Whether a food's name shows that it holds a group, or usually does ("satay": peanuts)."""
    return group in groups_of(name)


@lru_cache(maxsize=4096)
def groups_of(name: str) -> frozenset[str]:
    """The groups that a food's name shows it to hold.

    >>> sorted(groups_of("chicken satay") & {"peanuts", "meat", "dairy"})
    ['meat', 'peanuts']
    """
    tokens = _tokens(name)
    runs = [
        (at, at + length, " ".join(tokens[at : at + length]))
        for length in range(1, LONGEST + 1)
        for at in range(len(tokens) - length + 1)
    ]
    said = _phrases()
    not_it = {group for _, _, run in runs for group in said["unless"].get(run, ())}
    hidden = [(start, end, said["but"][run]) for start, end, run in runs if run in said["but"]]
    return frozenset(
        group
        for start, end, run in runs
        for group in said["names"].get(run, ())
        if group not in not_it
        and not any(group in of and s < end and start < e for s, e, of in hidden)
    )


@cache
def _phrases() -> dict[str, dict[str, frozenset[str]]]:
    """Kind of words ("names", "but", "unless") -> phrase in the singular -> groups."""
    found: dict[str, dict[str, set[str]]] = {"names": {}, "but": {}, "unless": {}}
    for group, row in _avoid()["groups"].items():
        names = (*(row.get("names") or row.get("words", ())), *row.get("kinds", ()))
        for kind, words in (("names", names), *((k, row.get(k, ())) for k in ("but", "unless"))):
            for word in words:
                found[kind].setdefault(" ".join(_tokens(word)), set()).add(group)
    return {k: {w: frozenset(g) for w, g in of.items()} for k, of in found.items()}


def _tokens(name: str) -> list[str]:
    """The words of a name in small letters and the singular, without accents, hyphens and commas."""
    bare = name.lower()
    if not bare.isascii():
        bare = unicodedata.normalize("NFKD", bare).encode("ascii", "ignore").decode()
    words = (_one(word) for word in re.findall(r"[a-z0-9'&]+", bare))
    return [w[:-2] + "y" if w.endswith("ie") and len(w) > len("pies") else w for w in words]


def conflicts(found: Limits, names: list[str]) -> list[str]:
    """Lines about foods of the diary itself that a limit rules out."""
    by: dict[str, dict[str, None]] = {}
    for group, who in found.groups.items():
        for name in names if not who.startswith("disliking") else []:
            if group not in found.keep and in_diary(group, name):
                by.setdefault(who, {})[name] = None
    return [
        f"Your diary itself holds {', '.join(list(foods)[:3])}: {who} rules that out, unless it was a kind without it."
        for who, foods in by.items()
    ]


@cache
def data_rules() -> tuple[dict[str, Any], ...]:
    """The medical rules as written."""
    return tuple(data("medical_limits.yaml"))


@cache
def _avoid() -> dict[str, Any]:
    found: dict[str, Any] = data("avoid.yaml")
    return found


@cache
def _synonyms(kinds: bool) -> dict[str, tuple[str, ...]]:
    """Words (in the singular) -> groups; `kinds`: single foods stand for their group too."""
    found: dict[str, list[str]] = {}
    for group, row in _avoid()["groups"].items():
        for word in (*row["words"], *(row.get("kinds", []) if kinds else [])):
            found.setdefault(_one(word), []).append(group)
    return {word: tuple(dict.fromkeys(groups)) for word, groups in found.items()}


@cache
def _food_words() -> frozenset[str]:
    """Every word of the food table's names, in the singular."""
    from stillwell.nutrition.foods.table import all_foods  # not needed where nothing is misspelt

    return frozenset(_one(w) for f in all_foods() for w in re.findall(r"[a-z']+", f.name.lower()))


def _nearest(word: str) -> str:
    choices = [*diets(), *_avoid()["same_diet"], *_synonyms(True), *_food_words()]
    near = process.extractOne(word, choices, scorer=fuzz.ratio, score_cutoff=65)
    start = f"Did you mean '{near[0]}'? " if near else ""
    return f"{start}Ways of eating: {', '.join(diets())}; or name a food (nuts, milk, fish, beans)"


def _one(word: str) -> str:
    """The singular of an English food word."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("oes", "shes", "ches", "xes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _named(word: str, name: str) -> bool:
    """Whether a food's name holds a word as a whole, in singular or plural."""
    words = " ".join(_one(w) for w in re.findall(r"[a-z']+", name.lower()))
    return f" {' '.join(_one(w) for w in word.split())} " in f" {words} "
