"""Laboratory units: reads UCUM and everyday spellings and converts by molar mass and valence."""

from __future__ import annotations

import re
from dataclasses import dataclass

from stillwell.errors import UnitError
from stillwell.knowledge.kept_patterns import compiled
from stillwell.knowledge.schema import Test

_PREFIX = {"": 1.0, "k": 1e3, "d": 1e-1, "m": 1e-3, "u": 1e-6, "n": 1e-9, "p": 1e-12, "f": 1e-15}
_UNIT = compiled(r"^(k|d|m|u|n|p|f)?(g|mol|eq|iu|u|kat)(?:/(k|d|m|u|n|p|f)?l)$")
KATAL = 6e7  # enzyme units in one katal
_SAME = {
    "fl": "fl",
    "um3": "fl",
    "%": "%",
    "percent": "%",
    "mmol/mol": "mmol/mol",
    "ml/min/1.73m2": "ml/min/1.73m2",
    "ml/min/1.73m^2": "ml/min/1.73m2",
    "ml/min": "ml/min/1.73m2",
    "ml/min/1.73": "ml/min/1.73m2",
    "ml/min/{1.73_m2}": "ml/min/1.73m2",
    "ml/min/1.73sqm": "ml/min/1.73m2",
}


@dataclass(frozen=True)
class Unit:
    """A parsed unit: `kind` is g, mol, eq or u per litre with a factor to that, or a name."""

    kind: str
    factor: float


def parse_unit(text: str) -> Unit:
    """Read a unit.

    Raises:
        UnitError: the text is no unit that a laboratory uses here.
    """
    clean = text.strip().replace("µ", "u").replace("μ", "u").replace("mcg", "ug")
    clean = clean.replace("[IU]", "IU").replace("[iU]", "IU").replace(" ", "").lower()
    clean = clean.replace("/litre", "/l").replace("/liter", "/l")
    if clean in _SAME:
        return Unit(_SAME[clean], 1.0)
    found = _UNIT.match(clean)
    if not found:
        raise UnitError(f"the unit '{text}' is not known; use for example mmol/L, mg/dL or ng/mL")
    prefix, base, volume = found.groups()
    kind = "u" if base in ("iu", "kat") else base
    size = KATAL if base == "kat" else 1.0
    return Unit(kind, size * _PREFIX[prefix or ""] / _PREFIX[volume or ""])


def convert(value: float, unit: str, test: Test) -> float:
    """A value in the test's own unit.

    Raises:
        UnitError: unknown unit, or one that this test cannot be given in.
    """
    for other, factor in test.other_units.items():
        if _same_text(other, unit):
            return value * factor
    if _same_text(unit, test.unit):
        return value
    source, target = parse_unit(unit), parse_unit(test.unit)
    if test.id == "hba1c" and source.kind == "%":
        return (value - 2.15) * 10.929  # IFCC master equation
    if source.kind == target.kind:
        return value * source.factor / target.factor
    return value * source.factor * _bridge(source, test) / (target.factor * _bridge(target, test))


def _same_text(a: str, b: str) -> bool:
    def plain(text: str) -> str:
        return text.strip().lower().replace("µ", "u").replace("μ", "u").replace(" ", "")

    return plain(a) == plain(b)


def _moles(unit: Unit, test: Test) -> float | None:
    """Moles in one base unit, or None where this test cannot be turned into moles."""
    if unit.kind == "mol":
        return 1.0
    if unit.kind == "g" and test.molar_mass:
        return 1.0 / test.molar_mass
    if unit.kind == "eq" and test.valence:
        return 1.0 / test.valence
    return None


def _bridge(unit: Unit, test: Test) -> float:
    moles = _moles(unit, test)
    if moles is not None:
        return moles
    raise UnitError(
        f"{test.name} is not given in that kind of unit; use {', '.join(usual_units(test))}"
    )


def usual_units(test: Test) -> list[str]:
    """The units in which laboratories report a test, its own first."""
    units = [test.unit, *test.other_units]
    target = parse_unit(test.unit)
    if target.kind in ("mol", "g", "eq") and (
        test.molar_mass or test.valence or target.kind == "g"
    ):
        for text in (
            "mmol/L",
            "umol/L",
            "nmol/L",
            "pmol/L",
            "g/L",
            "g/dL",
            "mg/L",
            "mg/dL",
            "ug/L",
            "ug/dL",
            "ng/mL",
            "pg/mL",
            "mEq/L",
        ):
            unit = parse_unit(text)
            if unit.kind == target.kind or (_moles(unit, test) and _moles(target, test)):
                units.append(text)
    if test.id == "hba1c":
        units.append("%")
    return list(dict.fromkeys(units))


def possible_units(value: float, test: Test) -> list[str]:
    """The usual units in which this number is physically possible."""
    low, high = test.possible
    return [u for u in usual_units(test) if low <= convert(value, u, test) <= high]


def told_unit(unit: str, name: str, test: Test) -> str:
    """A unit as meant under this name of the test.

    Urea nitrogen ("BUN 60 mg/dL") is 28/60 of urea: a name that says so makes mg/dL the unit
    "mg/dL BUN" where the test has one.
    """
    nitrogen = re.search(r"\bbun\b|nitrogen", name.lower())
    if nitrogen and _same_text(unit, "mg/dL") and "mg/dL BUN" in test.other_units:
        return "mg/dL BUN"
    return unit


def reported_units(test: Test, name: str = "") -> list[str]:
    """The units in which laboratories report a test under this name; urea nitrogen is not urea."""
    units = [test.unit, test.us_unit or test.unit, *test.other_units]
    nitrogen = told_unit("mg/dL", name, test) != "mg/dL"
    return [u if nitrogen else u.replace("mg/dL BUN", "mg/dL") for u in units]


PLAUSIBLE = 4.0  # times beyond its usual range, at which a value without unit is still believed


def likely_units(number: float, test: Test, name: str = "") -> list[str]:
    """The units in which laboratories report a test and in which this number makes sense.

    Units in which the number means the same (mmol/L and mEq/L of potassium) count once. Where a
    number is possible in several, those in which it is far beyond any usual range are left out,
    unless it is so in all.
    """
    values: dict[float, str] = {}
    for unit in dict.fromkeys(reported_units(test, name)):
        value = convert(number, unit, test)
        if test.possible[0] <= value <= test.possible[1]:
            values.setdefault(round(value, 9), unit)
    lows = [r.low for r in test.reference if r.low is not None]
    highs = [r.high for r in test.reference if r.high is not None]
    least = min(lows) / PLAUSIBLE if lows else 0.0
    most = max(highs) * PLAUSIBLE if highs else float("inf")
    usual = [unit for value, unit in values.items() if least <= value <= most]
    return usual or list(values.values())


THOUSANDFOLD = 1000.0


def unit_meant(number: float, unit: str, test: Test, name: str = "") -> str:
    """The unit in which this number would make sense, where it makes none in the unit told; else "".

    Asked only of a unit in which no laboratory reports the test, a thousand times (or more) larger or
    smaller than one in which they do: a slip of the prefix (mg/L for ug/L). A value makes sense within
    `PLAUSIBLE` times its usual range.
    """
    reported = list(dict.fromkeys(reported_units(test, name)))
    size = convert(1.0, unit, test)
    sizes = {u: convert(1.0, u, test) for u in reported}
    if any(abs(size / s - 1) < 1e-6 for s in sizes.values()) or not size:
        return ""
    lows = [r.low for r in test.reference if r.low is not None]
    highs = [r.high for r in test.reference if r.high is not None]
    least = min(lows) / PLAUSIBLE if lows else 0.0
    most = max(highs) * PLAUSIBLE if highs else float("inf")
    if least <= convert(number, unit, test) <= most:
        return ""
    for other in reported:
        ratio = max(size / sizes[other], sizes[other] / size)
        slip = ratio >= THOUSANDFOLD * 0.999
        if slip and least <= convert(number, other, test) <= most:
            return other
    return ""


def from_own_unit(value: float, unit: str, test: Test) -> float:
    """The reverse of `convert`: a value of the test's own unit in another unit."""
    if test.id == "hba1c" and unit.strip() == "%":
        return value / 10.929 + 2.15
    return value / convert(1.0, unit, test)
