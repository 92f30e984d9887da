"""Other ways in which people write the fields of a case, brought to the one form."""

from __future__ import annotations

import re
from typing import Any

from stillwell.case.numbers import NUMBER
from stillwell.knowledge.kept_patterns import compiled

SEXES = {
    "f": "female",
    "w": "female",
    "woman": "female",
    "girl": "female",
    "m": "male",
    "man": "male",
    "boy": "male",
}
FLAGS = {
    "l": "low",
    "ll": "low",
    "below": "low",
    "h": "high",
    "hh": "high",
    "above": "high",
    "raised": "high",
    "elevated": "high",
    "n": "normal",
    "ok": "normal",
    "in range": "normal",
}
CRITICAL = ("ll", "hh", "critical", "panic", "!!", "**")
_AGE = compiled(
    r"\s*(?P<age>\d+(?:\.\d+)?)\s*(?:y/?o|yrs?|years?(?: old)?|y)?\s*,?\s*(?P<sex>f|m|w|female|male|woman|man)?\s*"
)
_VALUE = compiled(
    rf"\s*(?P<value>[<>≤≥]?=?\s*{NUMBER})\s*(?P<unit>[a-zµμ%][^()\[\]\s]*(?:\s?[A-Z]{{3}})?)?"
    r"\s*[\[(]?(?P<flag>critical(?:ly)? (?:low|high)|[a-z!*]{1,8})?[\])]?\s*",
    re.IGNORECASE,
)


def usual_form(value: dict[str, Any]) -> dict[str, Any]:
    """A case's plain data, with what people write otherwise brought to the form of the fields.

    Sex as "F" or "Woman", an age as "34", medicines in one line, findings as a bare list, labs as
    "potassium: 2.1 mmol/L", a flag as "L" or "critical low", a value with its unit. What cannot be
    read is left as it is, for the check of the fields to name.
    """
    done = dict(value)
    person = done.get("person")
    if isinstance(person, dict):
        done["person"] = _person(person)
    for name in ("medicines", "supplements", "avoids", "allergies", "dislikes", "other"):
        if isinstance(done.get(name), str):
            done[name] = [p.strip() for p in re.split(r"[,;\n]", done[name]) if p.strip()]
    for name in ("findings", "history"):
        if isinstance(done.get(name), list):
            done[name] = {"present": done[name]}
    labs = done.get("labs")
    if isinstance(labs, dict):
        labs = [
            {"name": str(k), **(v if isinstance(v, dict) else {"value": v})}
            for k, v in labs.items()
        ]
    if isinstance(labs, list):
        done["labs"] = [_lab(lab) if isinstance(lab, dict) else lab for lab in labs]
    return done


def _person(person: dict[str, Any]) -> dict[str, Any]:
    done = dict(person)
    sex = done.get("sex")
    if isinstance(sex, str):
        plain = sex.strip().lower()
        done["sex"] = SEXES.get(plain, plain)
    age = done.get("age")
    if isinstance(age, str):
        found = _AGE.fullmatch(age.lower())
        sex = SEXES.get(found["sex"] or "", found["sex"]) if found else None
        if found and (not sex or done.get("sex") in (None, sex)):
            done["age"] = float(found["age"])
            done.update({"sex": sex} if sex else {})
    if isinstance(done.get("pregnant"), str):
        said = done["pregnant"].strip().lower()
        done["pregnant"] = {"yes": True, "y": True, "no": False, "n": False}.get(said, said)
    return done


def _lab(lab: dict[str, Any]) -> dict[str, Any]:
    done = dict(lab)
    value = done.get("value")
    if isinstance(value, str):
        plain = value.strip().lower()
        if plain in ("low", "high", "normal") or plain in FLAGS or _critical(plain):
            done["flag"] = done.get("flag") or plain
            done["value"] = None
        else:
            found = _VALUE.fullmatch(value)
            if found:
                flag = (found["flag"] or "").lower()
                known = (
                    not flag
                    or flag in FLAGS
                    or flag in ("low", "high", "normal")
                    or _critical(flag)
                )
                if known:
                    done["value"] = found["value"].replace("=", "").replace(" ", "")
                    if found["unit"] and not done.get("unit"):
                        done["unit"] = found["unit"]
                    if flag and not done.get("flag"):
                        done["flag"] = flag
    flag = done.get("flag")
    if isinstance(flag, str):
        plain = flag.strip().lower()
        if _critical(plain):
            done["critical"] = True
            plain = (
                plain.replace("critically", "")
                .replace("critical", "")
                .replace("panic", "")
                .strip(" !*")
            )
        done["flag"] = FLAGS.get(plain, plain) or None
    return {k: v for k, v in done.items() if v is not None or k == "value"}


def _critical(flag: str) -> bool:
    return any(word in flag for word in CRITICAL) and flag not in ("all", "full", "well")
