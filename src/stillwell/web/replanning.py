"""Ways to eat after one food was declined: those without it stay as they are, others take the place of the rest."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from stillwell.assess.intakes import Diet, Eaten
from stillwell.case.understand import Understood
from stillwell.knowledge.store import knowledge
from stillwell.nutrition.planner.diet_plan import DietPlan
from stillwell.nutrition.planner.limits import limits
from stillwell.nutrition.planner.plan import plans
from stillwell.web.corrections import name_words

WAYS = 3
DISLIKING = "disliking "  # how a limit names what was declined


def without(
    diet: Diet, told: Understood, eaten: Eaten, present: dict[str, float], declined: list[str]
) -> Diet | None:
    """The ways after the last of `declined` was refused; None where none is left and none is found.

    A way that does not hold the food was the best under fewer limits and stays so. Each that takes the place
    of another goes without what the ways beside it rest on most, as the ways first offered do.

    Args:
        diet: the ways before; their order and what they aim at are kept.
    """
    kept = [p for p in diet.plans if declined[-1] not in _added(p)]
    if not diet.plans or len(kept) == len(diet.plans):
        return diet
    aims = list(diet.plans[0].met)
    while len(kept) < WAYS:
        for beside in _left_out(kept):
            here = limits(knowledge(), replace(told, dislikes=[*declined, *beside]), present)
            found = plans(eaten.days, eaten.usual, aims, limits=here, count=1)
            if found and _as_good(found[0], kept):
                clash = [c for c in found[0].clash if c.removeprefix(DISLIKING) not in beside]
                kept.append(msgspec.structs.replace(found[0], clash=clash))
                break
        else:
            break
    kept.sort(key=lambda p: (-sum(p.met.values()), p.portions))
    return msgspec.structs.replace(diet, plans=kept) if kept else None


def _added(plan: DietPlan) -> list[str]:
    return [name_words(c.food) for c in plan.changes if c.times > 0]


def _left_out(kept: list[DietPlan]) -> list[list[str]]:
    """What a further way may go without: the first food that each of the others rests on, or else the second."""
    ranked = [_rests_on(p) for p in kept]
    tries = [[r[place] for r in ranked if place < len(r)] for place in (0, 1)]
    return [list(dict.fromkeys(t)) for t in tries if t] if kept else [[]]


def _rests_on(plan: DietPlan) -> list[str]:
    """The added foods, that which brings most of what a plan is for first."""
    shares = {
        c.food: sum(c.brings.get(n, 0.0) * c.times / max(plan.after[n], 1e-9) for n in plan.met)
        for c in plan.changes
        if c.times > 0
    }
    return [name_words(f) for f in sorted(shares, key=lambda f: -shares[f])]


def _as_good(plan: DietPlan, kept: list[DietPlan]) -> bool:
    """Whether a plan changes something, is none of those kept and reaches as much as the best of them."""
    if not plan.changes or any(p.sentence == plan.sentence for p in kept):
        return False
    return sum(plan.met.values()) >= max((sum(p.met.values()) for p in kept), default=0)
