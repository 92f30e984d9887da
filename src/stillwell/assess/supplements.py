"""Whether this person may take a nutrient as a supplement, which form, how much, and what speaks against it.

The dose leaves room for what is eaten and what is taken already: the total stays under the upper level.
"""

from __future__ import annotations

import math

import msgspec

from stillwell.assess.ceilings import AUTHORITIES, Authority, totals, upper_level
from stillwell.assess.intakes import (
    FOLIC_ACID_AS_EQUIVALENTS,
    NUTRIENT_OF,
    Eaten,
    taken_doses,
)
from stillwell.assess.interactions import cautions_for, meetings_of, meetings_with
from stillwell.assess.results import below_definition
from stillwell.case.understand import TakenMedicine, Understood
from stillwell.knowledge.base import panel_side
from stillwell.knowledge.schema import DrugClass, Interaction, LastingAdvice, Nutrient, Supplement
from stillwell.knowledge.store import Knowledge
from stillwell.nutrition.intake.reference import variation
from stillwell.nutrition.planner.limits import ADULT, POSSIBLE, Limits, limits
from stillwell.writing import capital

CLASSES = {nutrient: group for group, nutrient in NUTRIENT_OF.items()}
PREGNANCY_FOLIC_ACID = 400.0  # ug a day until week 12; the shelf dose of the folate record
RESTLESS_FERRITIN = 75.0  # ug/L: at or below it iron may ease restless legs (cochrane_iron_2019)
# ug/L: under these iron is too little with weak kidneys, and on dialysis (KDIGO 2012 as others quote it; the
# guideline itself was not read: judgement)
KIDNEY_FERRITIN, DIALYSIS_FERRITIN = 100.0, 200.0
WEAK_KIDNEYS = 60.0  # mL/min/1.73 m2 of eGFR, under which they are called so
FOLIC_ACID_WEEKS = 12  # of pregnancy, after which folic acid for the child is no longer advised
LIKELY = 0.3
FORBIDS = (
    "contraindicated",
    "serious",
)  # severities of a caution that keep a supplement from being advised
SEVERITY = ("mild", "moderate", "serious", "contraindicated")


class SupplementLine(msgspec.Struct, frozen=True, kw_only=True):
    """Whether to take a supplement: `verdict` is yes, ask (a test shows it low), if low, or no.

    `unneeded`: a result says that there is enough. `remark`: only what is known of it, no advice on taking it.
    """

    nutrient: str
    verdict: str
    text: str
    ceiling: str
    warnings: list[str]
    dose: tuple[float, float] | None = None
    unneeded: bool = False
    remark: bool = False


def supplement_line(
    known: Knowledge,
    understood: Understood,
    nutrient: Nutrient,
    present: dict[str, float],
    intake: Eaten | None = None,
    kept: Limits | None = None,
    authority: Authority = "lowest",
) -> SupplementLine:
    """The advice for one nutrient; never above the upper level with all that is eaten and taken.

    Args:
        authority: whose upper level holds; "lowest" is the lower of the United States and the European Union.
    """
    kept = kept or limits(known, understood, present)
    warnings, forbidden = meetings(known, understood, nutrient)
    supplement, say = nutrient.supplement, known.base.wording.supplements

    def line(verdict: str, text: str, dose: tuple[float, float] | None = None) -> SupplementLine:
        return SupplementLine(
            nutrient=nutrient.name, verdict=verdict, text=text, dose=dose, warnings=warnings,
            ceiling=_ceiling(known, understood, nutrient, intake, authority),
        )  # fmt: skip

    lasting = lasting_advice(nutrient, kept, authority)
    if understood.person.age is not None and understood.person.age < ADULT:
        young = say["child"]
        return line("no", f"{young} {lasting.under_age}".strip() if lasting else young)
    pregnant = bool(understood.person.pregnant) or "pregnant" in understood.history_present
    weeks = understood.weeks_pregnant
    folic = nutrient.id == "folate" and pregnant and (weeks is None or weeks <= FOLIC_ACID_WEEKS)
    barred = _barred(known, understood, nutrient, supplement, present, kept)
    low_b12 = say["possible"].format(cause=known.base.causes["low_vitamin_b12"].name)
    if folic and low_b12 in barred:
        barred.remove(low_b12)
        warnings.append(say["b12_too"])
    barred += forbidden
    if barred:
        return line("no", say["barred"].format(reasons=", ".join(barred)))
    if supplement is None:
        return line("no", say["none_on_own"])
    status, result = lab_status(known, understood, nutrient, present)
    doubtful = status == "normal" and present.get(nutrient.low_cause or "", 0.0) >= LIKELY
    signs = set(supplement.injected_with) & {*understood.present, *understood.noted}
    if signs and (doubtful or status != "normal"):
        after = supplement.injected
        if lasting is not None:
            words = known.base.wording.for_good["after_test"]
            after = words.format(first=after, text=lasting.text)
        shown = {"low": result, "normal": say["not_ruled_out"].format(result=result)}
        text = say["injected"].format(start=shown.get(status, say["if_low"]), text=after)
        return line("if low" if status == "unknown" else "ask", text)
    if doubtful and not folic:
        return line("ask", say["doubtful"].format(result=result))
    if lasting is not None and status != "low":
        room = room_under_limit(known, understood, nutrient, intake, authority)
        have = _has_already(known, understood, nutrient, lasting)
        if have or room is None or room >= lasting.least:
            text = have or lasting.text
            if status == "normal":
                text = known.base.wording.for_good["normal"].format(text=text, result=result)
            return line("yes", text, None if have else (lasting.least, lasting.least))
    if status == "normal" and not folic:
        said = line("no", say["unneeded"].format(result=result))
        return msgspec.structs.replace(said, unneeded=True)
    unknown_dose = _dose_not_told(known, understood, nutrient)
    room = room_under_limit(known, understood, nutrient, intake, authority)
    if room is not None and unknown_dose:
        need = say["treat_first"].format(result=result) if status == "low" else ""
        return line("ask", say["dose_not_told"].format(need=need, product=unknown_dose))
    least, most = (PREGNANCY_FOLIC_ACID,) * 2 if folic else supplement.dose
    if room is not None and room < min(least, most):
        if room <= 0.1 * least:
            text = say["no_room"]
        else:
            text = say["little_room"].format(room=f"{_down(room):g}", unit=nutrient.unit)
        if status == "low":
            return line("ask", known.base.wording.results["low_treated"].format(result=result))
        text = say["room_if_low"].format(text=text)
        dose = None if room <= 0.1 * least else (_down(room), _down(room))
        return line("if low", text, dose)
    if room is not None:
        most = min(most, _down(room))
    if folic:
        return line("yes", say["folic"].format(most=f"{most:g}", unit=nutrient.unit), (most, most))
    range_ = say["amount"].format(least=f"{least:g}", most=f"{most:g}")
    body = say["body"].format(
        form=_form(understood, nutrient, supplement),
        amount=range_ if least < most else f"{most:g}",
        unit=nutrient.unit,
        how=supplement.how,
        effect=supplement.effect_after,
        retest=supplement.retest,
    )
    if status == "low":
        key = "ask_midwife" if pregnant else "ask_doctor"
        text = say[key].format(result=result, body=body)
        if lasting is not None:
            text = known.base.wording.for_good["treated"].format(first=text, text=lasting.text)
        return line("ask", text, (least, most))
    key = "only_if_low_pregnant" if pregnant else "only_if_low_body"
    return line("if low", say[key].format(body=body), (least, most))


def lasting_advice(nutrient: Nutrient, kept: Limits, authority: Authority) -> LastingAdvice | None:
    """What this person is advised to take of a nutrient whatever troubles them; None where nothing."""
    return next(
        (
            s
            for s in nutrient.for_good
            if set(s.leaves_out) <= kept.groups.keys() and s.authority in (None, authority)
        ),
        None,
    )


def _has_already(
    known: Knowledge, understood: Understood, nutrient: Nutrient, lasting: LastingAdvice
) -> str:
    """What is said where it is, or may be, taken already; empty where not."""
    said = known.base.wording.for_good
    if taken_doses(known, understood)[0].get(nutrient.id, 0.0) >= lasting.least:
        return said["taken"].format(text=lasting.text)
    names = {nutrient.id, *lasting.covered_by}
    for one in understood.supplements:
        if not one.stopped and one.group in names and one.dose is None:
            return said["taken_unknown"].format(text=lasting.text, name=one.member or one.told)
    return ""


def used_of_limit(
    known: Knowledge,
    understood: Understood,
    nutrient: Nutrient,
    intake: Eaten | None,
    authority: Authority = "lowest",
) -> float:
    """What of the upper level is used up: tablets, and where it counts food the upper end of the usual diet.

    Without a diary, or with half a one, the 95th percentile of people of that sex and age stands for the diet.
    """
    limit = upper_level(known, understood, nutrient.id, authority)
    doses = intake.doses if intake else taken_doses(known, understood)[0]
    taken = doses.get(nutrient.id, 0.0)
    products = totals(known, understood, None).get(nutrient.id)
    if products is not None:
        scale = FOLIC_ACID_AS_EQUIVALENTS if nutrient.id == "folate" else 1.0
        taken = max(taken, products.tablets * scale)
    if intake is not None and nutrient.id in intake.usual:
        taken = max(taken, intake.usual[nutrient.id].dose)  # with tablets told in the diary
    if nutrient.id == "folate":
        taken /= FOLIC_ACID_AS_EQUIVALENTS
    if limit is None or limit.counts == "supplements":
        return taken
    told_of = intake.usual.get(nutrient.id) if intake is not None else None
    believed = intake is not None and not intake.doubted
    if believed and told_of is not None:  # holds what is taken for sure
        return told_of.high + max(0.0, taken - told_of.dose)
    row = variation(known, nutrient.id, understood.person)
    high = 0.0
    if row is not None:
        high = (row.mean + 1.645 * math.sqrt(row.between)) ** (1 / row.power)
    return high + taken


def room_under_limit(
    known: Knowledge,
    understood: Understood,
    nutrient: Nutrient,
    intake: Eaten | None,
    authority: Authority = "lowest",
) -> float | None:
    """How much more a day stays under the upper level; None where no upper level is set."""
    limit = upper_level(known, understood, nutrient.id, authority)
    if limit is None:
        return None
    return max(0.0, limit.amount - used_of_limit(known, understood, nutrient, intake, authority))


def intake_words(
    known: Knowledge, understood: Understood, nutrient: Nutrient, intake: Eaten | None
) -> str:
    """What is eaten, taken and advised of a nutrient, in one clause; empty without a diary that can be used."""
    usual = intake.usual.get(nutrient.id) if intake is not None and not intake.doubted else None
    if usual is None:
        return ""
    say = known.base.wording.supplements
    product = _dose_not_told(known, understood, nutrient)
    tablets = say["intake_tablets"].format(tablets=_shown(usual.dose), unit=nutrient.unit)
    unknown = say["intake_unknown"].format(product=product)
    advised = usual.advised or usual.rda or usual.ai
    return say["intake"].format(
        food=_shown(max(0.0, usual.median - usual.dose)),
        unit=nutrient.unit,
        tablets=(tablets if usual.dose else "") + (unknown if product else ""),
        advised=say["intake_advised"].format(advised=_shown(advised), unit=nutrient.unit)
        if advised
        else "",
    )


def short_by_diary(
    known: Knowledge, understood: Understood, nutrient: Nutrient, eaten: Eaten | None, kept: Limits
) -> str:
    """One statement where the diary tells of too little: what is eaten and advised, and what is advised for good.

    Empty where the diary cannot be used or tells of enough. Advice for good names the country it is of; it is left
    out where a limit forbids the tablet.
    """
    intake = intake_words(known, understood, nutrient, eaten)
    usual = eaten.usual.get(nutrient.id) if eaten is not None else None
    if not intake or usual is None or (usual.inadequate or 0.0) < LIKELY:
        return ""
    say = known.base.wording.supplements
    text = capital(say["short"].format(intake=intake, chance=f"{usual.inadequate:.0%}"))
    adult = understood.person.age is None or understood.person.age >= ADULT
    free = adult and not kept.no_plan and nutrient.id not in kept.no_supplement
    advice = [lasting_advice(nutrient, kept, body) for body in AUTHORITIES]
    found = next((one for one in advice if one is not None), None)
    return f"{text} {found.text}" if found is not None and free else text


def _ceiling(
    known: Knowledge,
    understood: Understood,
    nutrient: Nutrient,
    eaten: Eaten | None,
    authority: Authority,
) -> str:
    limit = upper_level(known, understood, nutrient.id, authority)
    if limit is None:
        return ""
    used = used_of_limit(known, understood, nutrient, eaten, authority)
    say = known.base.wording.supplements
    intake = intake_words(known, understood, nutrient, eaten)
    have = say["used"].format(used=_shown(used)) if used >= 0.01 * limit.amount else ""
    have = f"; {intake}" if intake else have
    return say["ceiling"].format(
        amount=f"{limit.amount:g}",
        unit=nutrient.unit,
        counted=say[f"counts_{limit.counts}"],
        used=have,
    )


def meetings(
    known: Knowledge, understood: Understood, nutrient: Nutrient
) -> tuple[list[str], list[str]]:
    """(a line for each interaction with what is taken, names of what forbids the nutrient)."""
    base = known.base
    names = {nutrient.id, CLASSES.get(nutrient.id, nutrient.id)}
    own = [base.supplements[n] for n in sorted(names) if n in base.supplements]
    lines: list[str] = []
    forbidden: list[str] = []
    for taken in (*understood.medicines, *understood.supplements):
        if taken.stopped or taken.group in names:
            continue
        group = base.medicines.get(taken.group) or base.supplements[taken.group]
        found = meetings_of(known, taken, names)
        found += _from_side_of(known, own, taken, found)
        name = taken.member or group.name
        for meeting in found:
            text = f"{name}: {meeting.effect} {meeting.advice}"
            if text not in lines:
                lines.append(text)
            if meeting.severity == "contraindicated":
                forbidden.append(name)
    return lines, list(dict.fromkeys(forbidden))


def _from_side_of(
    known: Knowledge, own: list[DrugClass], taken: TakenMedicine, said: list[Interaction]
) -> list[Interaction]:
    """What the supplement's own record says of a thing taken, where it is graver than what was said."""
    more = [m for c in own for m in meetings_with(known, c, taken)]
    worst = max((SEVERITY.index(m.severity) for m in said), default=-1)
    return [m for m in more if SEVERITY.index(m.severity) > worst]


def add_meetings_between(known: Knowledge, lines: list[SupplementLine]) -> list[SupplementLine]:
    """The same lines, each with what happens when two of the supplements advised here are taken together."""
    ids = {n.name: n.id for n in known.base.nutrients.values()}
    advised = {
        CLASSES.get(ids[x.nutrient], ids[x.nutrient]): x
        for x in lines
        if x.verdict != "no" and x.nutrient in ids
    }
    extra: dict[str, list[str]] = {}
    for group, line in advised.items():
        record = known.base.supplements.get(group)
        for meeting in record.interactions if record else []:
            if meeting.with_ in advised and meeting.with_ != group:
                other = advised[meeting.with_].nutrient
                said = meeting.named(record.name if record else line.nutrient, other)
                text = known.base.wording.supplements["with_other"].format(
                    other=other, text=f"{said.effect} {said.advice}"
                )
                extra.setdefault(line.nutrient, []).append(text)
    return [
        msgspec.structs.replace(x, warnings=[*x.warnings, *extra.get(x.nutrient, [])])
        for x in lines
    ]


def lab_status(
    known: Knowledge, understood: Understood, nutrient: Nutrient, present: dict[str, float]
) -> tuple[str, str]:
    """(low, normal or unknown; the result in words) by the tests of this nutrient in the case."""
    base, say = known.base, known.base.wording.supplements
    normal = []
    for panel in base.panels.values():
        if panel.cause != nutrient.low_cause:
            continue
        for marker in panel.markers:
            result = understood.labs.get(marker)
            if result is None:
                continue
            words = base.tests[marker].name
            if result.shown not in ("low", "normal", "high"):  # a bare word is said by the sentence
                words = f"{words} {result.shown}"
            if result.flag == panel_side(panel, base.tests[marker]):
                key = "low" if result.flag == "low" else "high_for_lack"
                return "low", say[key].format(result=words)
            low = _low_for_this_person(known, understood, marker, result.value, present)
            if low:
                return "low", known.base.wording.results[low].format(result=words)
            below = below_definition(known, base.tests[marker], result)
            if below:
                return "low", say["below"].format(result=words, below=below)
            normal.append(words)
    return ("normal", ", ".join(normal)) if normal else ("unknown", "")


def _low_for_this_person(
    known: Knowledge,
    understood: Understood,
    marker: str,
    value: float | None,
    present: dict[str, float],
) -> str:
    """Why a normal ferritin is low for this person: the key of its words; empty where it is not."""
    if marker != "ferritin" or value is None:
        return ""
    egfr = understood.labs.get("egfr")
    weak = egfr is not None and egfr.value is not None and egfr.value < WEAK_KIDNEYS
    if "dialysis" in understood.history_present and value < DIALYSIS_FERRITIN:
        return "ferritin_dialysis"
    if (weak or "chronic_kidney_disease" in understood.history_present) and value < KIDNEY_FERRITIN:
        return "ferritin_kidneys"
    restless = present.get("restless_legs_syndrome", 0.0) + present.get(
        "drug_induced_restless_legs", 0.0
    )
    return "ferritin_restless" if value <= RESTLESS_FERRITIN and restless >= LIKELY else ""


def _barred(
    known: Knowledge,
    understood: Understood,
    nutrient: Nutrient,
    supplement: Supplement | None,
    present: dict[str, float],
    kept: Limits,
) -> list[str]:
    """In words, why this person may not take it."""
    base, say = known.base, known.base.wording.supplements
    found = []
    for item in supplement.contraindicated if supplement else []:
        kind, _, name = item.partition(":")
        if kind == "history":
            if name in understood.history_present:
                found.append(base.history[name].name)
        elif kind == "lab":
            test, side = name.split(":")
            if test in understood.labs and understood.labs[test].flag == side:
                found.append(say["result_is"].format(test=base.tests[test].name, side=side))
        elif present.get(item, 0.0) >= POSSIBLE:
            found.append(say["possible"].format(cause=base.causes[item].name))
    group = CLASSES.get(nutrient.id, nutrient.id)
    for caution in cautions_for(known, understood, group, present):
        if caution.severity in FORBIDS and not found:
            found.append(caution.text.rstrip("."))
    if nutrient.id in kept.no_supplement and not found:
        found.append(kept.no_supplement[nutrient.id])
    return list(dict.fromkeys(found))


def _dose_not_told(known: Knowledge, understood: Understood, nutrient: Nutrient) -> str:
    """The name of a supplement of this nutrient (or a multivitamin) whose amount is not known; else empty."""
    names = {nutrient.id, CLASSES.get(nutrient.id, nutrient.id)}
    dosed = taken_doses(known, understood)[0]
    for taken in understood.supplements:
        if taken.stopped:
            continue
        if taken.group == "multivitamin" or (taken.group in names and nutrient.id not in dosed):
            return taken.member or taken.told
    return ""


def _form(understood: Understood, nutrient: Nutrient, supplement: Supplement) -> str:
    """The form that suits this person: calcium citrate where the stomach makes little acid."""
    groups = {m.group for m in understood.medicines if not m.stopped}
    acid = bool(groups & {"proton_pump_inhibitors", "h2_blockers"})
    surgery = "gastric_bypass_or_gastrectomy" in understood.history_present
    if nutrient.id == "calcium" and (acid or surgery):
        return next((f for f in supplement.forms if "citrate" in f), supplement.forms[0])
    return supplement.forms[0]


def _shown(value: float) -> str:
    return f"{value:.0f}" if value >= 10 else f"{value:.2g}"


def _down(value: float) -> float:
    """Rounded down to two digits, so that a rounded dose is never above what is left."""
    if value <= 0:
        return 0.0
    step = 10.0 ** (math.floor(math.log10(value)) - 1)
    return float(f"{math.floor(value / step + 1e-9) * step:.10g}")
