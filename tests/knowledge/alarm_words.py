"""Which words in an alarm's text state a sign, and which findings, history items or results tell it."""

from __future__ import annotations

import re

from stillwell.knowledge.schema import Condition

WEAK = (
    "leg_weakness leg_weakness_one_sided arm_weakness generalised_weakness proximal_weakness "
    "fatigable_weakness ascending_weakness facial_weakness weakness_one_side_of_body legs_give_way "
    "cannot_walk_or_stand cannot_move_limb foot_drop muscle_wasting"
)
NUMB = (
    "numbness_feet numbness_hands numbness_one_leg numbness_both_legs numbness_one_side_of_body "
    "saddle_numbness sensory_level_on_trunk tingling_feet tingling_hands tingling_around_mouth "
    "numbness_or_tingling_climbing"
)
TREMOR = "tremor hand_tremor leg_tremor tremor_one_sided shaking_chills asterixis"
BREATH = (
    "shortness_of_breath severe_breathlessness hyperventilation breathing_rate oxygen_saturation "
    "laryngospasm_or_stridor"
)
# word -> the items of which at least one must be told in every way to fire
STATES: dict[str, str] = {
    r"dark urine|cola": "dark_urine",
    r"\btingl\w+": "tingling_feet tingling_hands tingling_around_mouth numbness_or_tingling_climbing",
    r"\bnumb\w*": NUMB,
    r"\bhands\b": "tingling_hands numbness_hands arm_weakness hand_tremor asterixis carpopedal_spasm",
    r"\bweak(ness)?\b(?! (kidneys|heart|defence|reflexes))": WEAK,
    r"\bfever\b": "fever temperature shaking_chills",
    r"\bconfus\w+|\bmuddled\b": "confusion cannot_find_words",
    r"\b(hard|trouble|noisy|fast) breathing\b|\bshort(ness of)? breath": BREATH,
    r"\bswallowing\b": "swallowing_difficulty",
    r"\bslurred\b": "slurred_speech",
    r"\bunstead\w+": "gait_unsteady falls dizziness",
    r"\bheadache\b": "headache sudden_severe_headache",
    r"\bvomiting\b": "nausea_or_vomiting vomiting_blood cannot_keep_fluids_down",
    r"\bdiarrhoea\b": "diarrhoea",
    r"\bchest pain\b": "chest_pain crushing_or_spreading_chest_pain",
    r"\bback pain\b": "back_pain",
    r"\bjaundice\b|\byellow\b": "jaundice",
    r"\bblack stools?\b": "blood_in_stool_or_black_stool",
    r"\brash\b": "rash_or_skin_darkening",
    r"\bsweat\w*": "sweating",
    r"\bsleepiness\b|\bsleepy\b": "daytime_sleepiness",
    r"\bfaint\w*\b": "fainting loss_of_consciousness light_headed_on_standing",
    r"\ba fit\b|\bfits\b": "seizure",
    r"\bpale(ness)?\b": "pallor cold_pale_leg leg_turned_cold_and_pale",
    r"\bswollen\b|\bswell\w*": "leg_swelling one_leg_swollen_warm_painful swelling_of_face_or_throat",
    r"\btremor\b": TREMOR,
    r"\bcramps\b": "leg_cramps night_leg_cramps cramps_widespread cramps_during_exercise carpopedal_spasm",
    r"\bdizz\w+": "dizziness light_headed_on_standing",
    r"\bitching\b": "itching",
    r"\bweight loss\b": "weight_loss",
    r"\bhallucinations?\b": "hallucinations",
}


def covered(when: Condition, items: frozenset[str]) -> bool:
    """Whether every way to fire tells at least one of the items."""
    if when.all is not None:
        return any(covered(part, items) for part in when.all)
    if when.any is not None:
        return all(covered(part, items) for part in when.any)
    if when.at_least is not None:
        count, parts = when.at_least
        return sum(not covered(part, items) for part in parts) < count
    own = {when.finding, when.history, when.lab, when.medicine, when.stopped, when.vital, when.dose}
    return bool(own & items)


def untold(why: str, when: Condition) -> list[str]:
    """Words of an alarm's text that state a sign which the rule may fire without.

    "X or Y" states one of them: it holds where every way to fire tells one, and is let pass where an
    alternative is no word of the list.
    """
    found = []
    for part in re.split(AND, stated(why)):
        held = {w: items for w, items in STATES.items() if re.search(w, part, re.IGNORECASE)}
        if re.search(r"\bor\b", part):
            known = len(re.split(r",| or ", part)) <= len(held)
            together = frozenset(" ".join(held.values()).split())
            if known and not covered(when, together):
                found += list(held)
        else:
            found += [w for w, i in held.items() if not covered(when, frozenset(i.split()))]
    return found


def stated(why: str) -> str:
    """The part of an alarm's text that states what was told: before what it can mean or lead to."""
    return re.split(MEANS, why, maxsplit=1)[0]


AND = r"\b(?:with|and|after|on|in|that|before|when|while|from)\b"
MEANS = (
    r"\b(?:can|may|might|could|needs?|points? to|means?|is (?:an? )?(?:emergency|poison)|should|has to|"
    r"harms?|brings?|leads?|asks?|must)\b"
)
