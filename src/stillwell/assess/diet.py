"""What the diary says of each nutrient, and the least change of diet where it matters."""

from __future__ import annotations

import numpy as np

from stillwell.assess.ceilings import Authority, totals
from stillwell.assess.eaten_above import eaten_above
from stillwell.assess.fitted_prior import age_band
from stillwell.assess.intakes import Diet, Eaten, EatenLine, IntakeLine, taken_doses
from stillwell.case.understand import Understood
from stillwell.knowledge.store import Knowledge
from stillwell.nutrition.foods.record import NUTRIENTS, spoken
from stillwell.nutrition.intake.habits import read_habits
from stillwell.nutrition.intake.usual import (
    LifeStage,
    Usual,
    life_stage,
    mean_nutrients,
    read_diary,
    too_high,
    understood,
    unknown_foods,
    usual_energy,
    usual_intakes,
)
from stillwell.nutrition.planner.gaps import LEVEL, needed
from stillwell.nutrition.planner.limits import Limits, conflicts, limits
from stillwell.nutrition.planner.plan import plan_lines, plans, unreached
from stillwell.writing import capital

SHOWN = 0.1  # probability of a lack from which its nutrient takes part in the plan of food
MOST_TARGETS = 3  # nutrients that one plan of few changes can close
SHORT = 0.3  # probability of inadequacy from which an intake alone does


def read_diet(known: Knowledge, told: Understood, body: str = "US") -> Eaten | None:
    """Work out the diary of a case and put its usual intakes into `told.intakes`; None without one.

    What is taken as a supplement counts towards needs and upper levels; it does not enter `told.intakes`, as
    the priors know supplements by themselves.

    Raises:
        CaseError: an impossible amount or an empty diary.
    """
    if not told.diary and not told.habits:
        return None
    days = read_diary(told.diary, told.foods) if told.diary else []
    habits = read_habits(told.habits) if told.habits else None
    stage = life_stage(told.person, told)
    doses, unread = taken_doses(known, told)
    usual = usual_intakes(known, days, stage, habits=habits, supplements=doses, body=body)
    doubts = understood(days, usual_energy(known, stage)).doubts if days else []
    say = known.base.wording.diet
    notes = [say["doubt"].format(doubt=d) for d in doubts]
    notes += [say["trouble"].format(line=line) for line in (habits.troubles if habits else [])]
    if not doubts:
        notes += [say["too_much"].format(line=line) for line in too_high(usual)]
        told.intakes = _prior_intakes(known, stage, usual, bool(habits))
    elif habits:  # the short form still tells what is usual
        form = usual_intakes(known, [], stage, habits=habits, body=body)
        told.intakes = _prior_intakes(known, stage, form, True)
    return Eaten(days, usual, doses, unread, notes, stage, doubted=bool(doubts))


def _prior_intakes(
    known: Knowledge, stage: LifeStage, usual: dict[str, Usual], habits: bool
) -> dict[str, float]:
    """Intakes from food as the fitted priors take them: the survey's geometric mean times how far the usual
    intake lies from that of people of that sex and age.

    What foods do not report must not pass for a lack: only nutrients that nine foods of ten report.
    """
    nobody = usual_intakes(known, [], stage)
    found = {}
    for prior in known.base.fitted_priors.values():
        for term in prior.terms:
            name = term.variable.removeprefix("intake:")
            one = usual.get(name)
            if one is None or not term.mean or name == term.variable:
                continue
            told_enough = one.reporting >= 0.9 * one.foods if one.foods else habits
            if told_enough and one.from_food > 0:
                at = [term.mean[i][int(age_band(np.array(stage.years)))] for i in _sexes(stage)]
                ratio = one.from_food / nobody[name].from_food
                found[name] = float(np.exp(np.mean(at))) * ratio
    return found


def _sexes(stage: LifeStage) -> list[int]:
    return {"female": [0], "male": [1]}.get(stage.sex or "", [0, 1])


def diet_cautions(
    known: Knowledge, understood: Understood, intake: Eaten, authority: Authority = "lowest"
) -> list[str]:
    """What speaks against the diet as told: amounts above an upper level, and foods that illness, pregnancy, an
    allergy or a way of eating rules out."""
    sums = totals(known, understood, intake)
    above = eaten_above(known, understood, intake, sums, authority)
    limits_here = limits(known, understood, {})
    names = [i.text for d in intake.days for i in d.items if i.foods]
    ruled_out = conflicts(limits_here, list(dict.fromkeys(names)))
    ill = [limits_here.no_plan] if limits_here.no_plan and understood.history_present else []
    return [*(f"{w.text} {w.do}" for w in above), *ruled_out, *ill]


def intake_lines(usual: dict[str, Usual]) -> list[IntakeLine]:
    """As a report shows them."""
    return [
        IntakeLine(
            nutrient=u.nutrient, unit=u.unit, eaten=round(u.eaten, 2), usual=round(u.median, 2),
            low=round(u.low, 2), high=round(u.high, 2), inadequate=u.inadequate, ear=u.ear, rda=u.rda,
            ai=u.ai, ul=u.ul, ul_scope=u.ul_scope, reporting=u.reporting, foods=u.foods,
            sources=[(name, round(amount, 2)) for name, amount in u.sources[:3]],
            advised=u.advised, limit=u.limit, above=u.above, ul_counts=u.ul_counts,
            tablets=round(u.dose, 2),
        )
        for u in usual.values()
    ]  # fmt: skip


def other_lines(intake: Eaten) -> list[EatenLine]:
    """Nutrients of the table beside those whose usual intake is worked out, at least one food of ten reporting."""
    foods = sum(bool(i.foods) for d in intake.days for i in d.items)
    if not foods:
        return []
    mean = mean_nutrients(intake.days)
    found = []
    for n, (_, unit) in NUTRIENTS.items():
        reporting = sum(d.reporting.get(n, 0) for d in intake.days)
        if n not in intake.usual and reporting >= 0.1 * foods:
            amount = round(mean.get(n, 0.0), 2)
            found.append(
                EatenLine(nutrient=n, unit=unit, eaten=amount, reporting=reporting, foods=foods)
            )
    return found


def diet_advice(
    known: Knowledge,
    understood: Understood,
    intake: Eaten,
    present: dict[str, float],
    *,
    nutrients: list[str] | None = None,
    level: float = LEVEL,
    prices: dict[str, float] | None = None,
) -> Diet:
    """Intakes and plans, for the nutrients in question or for those asked for.

    The most relevant come first: how short, how likely the lack is to matter here. What does not fit into a
    plan of a few changes is named, never dropped.

    Raises:
        CaseError: an unknown nutrient, way of eating, allergy or dislike.
    """
    limits_here = limits(known, understood, present)
    wanted = nutrients if nutrients is not None else _wanted(known, understood, intake, present)
    chosen = wanted if nutrients is not None else _first(wanted, limits_here)
    doubtful = nutrients is None and intake.doubted
    if doubtful:
        chosen = []
    found = plans(intake.days, intake.usual, chosen, limits=limits_here, level=level, prices=prices)
    say = known.base.wording.diet
    notes = [*intake.notes, *plan_lines(limits_here, intake.days), *intake.unread]
    for name in wanted:
        if name in limits_here.no_more:
            why = limits_here.no_more[name]
            notes.append(say["not_raised"].format(nutrient=capital(spoken(name)), why=why))
    late = [spoken(n) for n in wanted if n not in chosen and n not in limits_here.no_more]
    if doubtful:
        notes.append(say["half_diary"])
    elif late and not limits_here.no_plan:
        notes.append(say["late"].format(nutrients=", ".join(late)))
    if limits_here.no_plan:
        notes.insert(0, limits_here.no_plan)
    elif not found and not doubtful:
        notes += _why_none(say, intake, chosen, limits_here, level)
    return Diet(
        days=len(intake.days), intakes=intake_lines(intake.usual), unknown=unknown_foods(intake.days),
        nutrients=wanted, plans=found, notes=list(dict.fromkeys(notes)), others=other_lines(intake),
    )  # fmt: skip


def _wanted(
    known: Knowledge, understood: Understood, intake: Eaten, present: dict[str, float]
) -> list[str]:
    """Nutrients whose lack can trouble the legs and that are short, the most relevant first."""
    scores = {}
    for name, usual in intake.usual.items():
        record = known.base.nutrients.get(name)
        if record is None or record.low_cause is None:
            continue
        if usual.inadequate is None and not usual.ai:
            continue
        lack = present.get(record.low_cause, 0.0)
        short = (
            usual.inadequate
            if usual.inadequate is not None
            else float(usual.median < (usual.ai or 0.0))
        )
        helps = max(
            (present.get(b.cause, 0.0) for b in record.benefits if b.offer != "no"), default=0.0
        )
        if short >= SHORT or (lack >= SHOWN and short >= SHOWN):
            # an adequate intake is no requirement: being under it says less
            scores[name] = short * (0.02 + lack + helps) * (1.0 if usual.need is not None else 0.5)
    return sorted(scores, key=lambda n: -scores[n])


def _first(wanted: list[str], limits_here: Limits) -> list[str]:
    return [n for n in wanted if n not in limits_here.no_more][:MOST_TARGETS]


def _why_none(
    say: dict[str, str], intake: Eaten, chosen: list[str], limits_here: Limits, level: float
) -> list[str]:
    """Why there is no plan: nothing is short, nothing is known of the need, or limits stand in the way."""
    lines = []
    unknown = [
        n for n in chosen
        if n not in intake.usual or (intake.usual[n].need is None and not intake.usual[n].ai)
    ]  # fmt: skip
    if unknown:
        lines.append(say["no_need"].format(nutrients=", ".join(spoken(n) for n in unknown)))
    short = [
        n for n in chosen
        if n not in unknown and n not in limits_here.no_more and needed(intake.usual[n], level) > 0
    ]  # fmt: skip
    if short:
        clash = unreached(intake.days, intake.usual, short, limits_here)
        names = ", ".join(spoken(n) for n in short)
        key = "none_closes_clash" if clash else "none_closes"
        lines.append(say[key].format(nutrients=names, clash=", ".join(clash)))
    elif chosen and not unknown and not any(n in limits_here.no_more for n in chosen):
        lines.append(say["nothing_short"])
    return lines
