"""What share of people with a cause told a sign, counted in person-level survey files.

    python tools/survey_shares.py --data FOLDER [CAUSE ...]

One line a cause and sign: weighted share, its 95 % interval by the survey's strata and sampling units (Taylor
linearisation, on the log-odds), and the people counted. The records that cite the survey name the group and the
measure as they are named here; of the two bars of a sign they take the middle in log-odds, as its leaks do. Groups are what the files can tell: a value of the blood, a test of the feet, what
people said of their nights. That a person is in one does not say that the sign comes from it.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from survey import column, female, outcome, read_survey

from stillwell.inference.network import Floats

FEWEST = 15
PHQ = {
    "fatigue": "phq_fatigue",
    "low_mood": "phq_low_mood",
    "poor_concentration_or_memory": "phq_concentration",
}
BARS = {"more than half the days": 2, "several days or more": 1}


def held(condition: np.ndarray, *needed: Floats) -> Floats:
    """1 where the condition holds, 0 where not, nan where a value it needs is missing."""
    flag = np.asarray(condition, dtype=float)
    for values in needed:
        flag[np.isnan(values)] = np.nan
    return flag


def told_at(data: pd.DataFrame, asked: str, where: str, place: str) -> Floats:
    """1 where a feeling was told of a place (feet, hands), 0 where not, nan where it was not asked."""
    told = column(data, asked)
    there = data[where].astype(str).isin([place, "both"]).to_numpy(dtype=float)
    return np.where(told == 1, there, told)


def anaemia(data: pd.DataFrame) -> Floats:
    """Haemoglobin under 130 g/L in men, 120 in women, 110 in pregnancy."""
    value = column(data, "haemoglobin_g_l")
    bound = np.where(female(data) > 0.5, 120.0, 130.0)
    bound = np.where(column(data, "pregnant") == 1, 110.0, bound)
    return held(value < bound, value)


def groups(data: pd.DataFrame) -> dict[str, Floats]:
    """Cause and how its people were found -> (N,) flags."""
    cramps, jerks = column(data, "leg_cramps_sleep_freq"), column(data, "leg_jerks_sleep_freq")
    restless = column(data, "told_restless_legs")
    numb = told_at(data, "numb_hands_feet_3mo", "numb_location", "feet")
    tingling = told_at(data, "pain_tingling_hands_feet_3mo", "pain_tingling_location", "feet")
    feet = (numb == 1) | (tingling == 1)
    unfelt = column(data, "neuropathy_monofilament")
    diabetes = data["diabetes"].astype(str).eq("yes").to_numpy()
    drinks = column(data, "alcohol_drinks_per_week")
    sugar, thyrotropin = column(data, "hba1c_pct"), column(data, "tsh_miu_l")
    calcium, corrected = (
        column(data, "calcium_mmol_l"),
        column(data, "calcium_albumin_corrected_mmol_l"),
    )
    parathyroid = column(data, "pth_pg_ml")
    vitamin_d, potassium = column(data, "vitamin_d_25oh_nmol_l"), column(data, "potassium_mmol_l")
    plp, pale = column(data, "plp_nmol_l"), anaemia(data)
    phosphate, filtration = column(data, "phosphate_mmol_l"), column(data, "egfr_ckdepi2021")
    iron = outcome(data, "low_iron")
    lack = [outcome(data, name) for name in ("low_iron", "low_vitamin_b12", "low_folate")]
    other = (pale == 1) & ~np.any([one == 1 for one in lack], axis=0)
    b12 = lack[1]
    return {
        "everybody": np.ones(len(data)),
        "nocturnal_leg_cramps: cramps in sleep twice a month or more": held(cramps >= 2, cramps),
        "periodic_limb_movements: jerks in sleep five times a month or more, cramps less than twice,"
        " not told of restless legs": held(
            (jerks >= 3) & (cramps < 2) & ~(restless == 1), jerks, cramps
        ),
        "restless_legs_syndrome: told of it by a doctor": restless,
        "diabetes_uncontrolled: HbA1c of 8 % or more": held(sugar >= 8, sugar),
        "hypothyroidism: TSH over 4.5 mIU/L": held(thyrotropin > 4.5, thyrotropin),
        "hypothyroidism: TSH over 10 mIU/L": held(thyrotropin > 10, thyrotropin),
        "high_calcium: total calcium over 2.60 mmol/L": held(calcium > 2.60, calcium),
        "hyperparathyroidism: calcium or corrected calcium over 2.60 mmol/L, PTH over 45 pg/mL": held(
            (np.fmax(calcium, corrected) > 2.60) & (parathyroid > 45), calcium, parathyroid
        ),
        "anaemia_other: anaemia, no low iron, B12 or folate known": held(other, pale),
        "low_iron severe: anaemia and ferritin under 30 ug/L": held(
            (pale == 1) & (iron == 1), pale, iron
        ),
        "low_vitamin_b12 severe: anaemia and the combined indicator": held(
            (pale == 1) & (b12 == 1), pale, b12
        ),
        "low_vitamin_b6: PLP under 10 nmol/L": held(plp < 10, plp),
        "low_vitamin_d severe: 25-hydroxyvitamin D under 15 nmol/L": held(
            vitamin_d < 15, vitamin_d
        ),
        "low_vitamin_d mild: 25-hydroxyvitamin D of 15 to 29 nmol/L": held(
            (vitamin_d >= 15) & (vitamin_d < 30), vitamin_d
        ),
        "low_folate: serum folate under 10 nmol/L": lack[2],
        "low_folate mild: the same without anaemia": held(
            (lack[2] == 1) & (pale == 0), pale, lack[2]
        ),
        "low_iron mild: ferritin under 30 ug/L, no anaemia": held(
            (iron == 1) & (pale == 0), pale, iron
        ),
        "low_iron: ferritin under 30 ug/L": iron,
        "low_vitamin_b12 mild: the combined indicator, no anaemia": held(
            (b12 == 1) & (pale == 0), pale, b12
        ),
        "low_phosphate severe: phosphate under 0.65 mmol/L": held(phosphate < 0.65, phosphate),
        "low_sodium: sodium under 135 mmol/L": outcome(data, "low_sodium"),
        "low_potassium mild: potassium of 3.0 to 3.4 mmol/L": held(
            (potassium >= 3.0) & (potassium < 3.5), potassium
        ),
        "pregnancy_related: pregnant": column(data, "pregnant"),
        "liver_failure: told of a liver problem": column(data, "told_liver"),
        "uraemia: filtration under 15 mL/min or dialysis": held(
            (filtration < 15) | (column(data, "dialysis_past_year") == 1), filtration
        ),
        "low_potassium severe: potassium under 3.0 mmol/L": held(potassium < 3.0, potassium),
        "polyneuropathy: a filament not felt on a foot, feet numb or tingling": held(
            (unfelt == 1) & feet, unfelt, numb, tingling
        ),
        "diabetic_neuropathy: diabetes, a filament not felt on a foot, feet numb or tingling": held(
            diabetes & (unfelt == 1) & feet, unfelt, numb, tingling
        ),
        "alcohol_neuropathy: 14 drinks a week or more, feet numb or tingling": held(
            (drinks >= 14) & feet, drinks, numb, tingling
        ),
    }


def measures(data: pd.DataFrame) -> dict[str, Floats]:
    """Sign and how it was asked -> (N,) flags."""

    def at_least(name: str, bound: float) -> Floats:
        value = column(data, name)
        return held(value >= bound, value)

    return {
        **{
            f"{sign}: {bar}": at_least(asked, least)
            for sign, asked in PHQ.items()
            for bar, least in BARS.items()
        },
        "poor_sleep: five nights a month or more": at_least("trouble_falling_asleep_freq", 3),
        "daytime_sleepiness: five times a month or more": at_least("daytime_sleepy_freq", 3),
        "leg_cramps: in sleep twice a month or more": at_least("leg_cramps_sleep_freq", 2),
        "dizziness, balance or falling within twelve months, from 40 years": column(
            data, "dizzy_balance_falling_12mo"
        ),
        "tingling_hands: pain or tingling within three months, from 40 years": told_at(
            data, "pain_tingling_hands_feet_3mo", "pain_tingling_location", "hands"
        ),
    }


class Counted(NamedTuple):
    """A weighted share with its 95 % interval, and who was counted."""

    p: float
    low: float
    high: float
    k: int
    n: int


def counted(data: pd.DataFrame, group: Floats, sign: Floats) -> Counted | None:
    """Share of the group with the sign, over the cycles in which both are known; None where too few are."""
    weight = column(data, "wt_exam")
    known = ~np.isnan(sign) & ~np.isnan(group)
    inside = known & (group > 0.5)
    n = int(inside.sum())
    if n < FEWEST:
        return None
    hit = np.where(inside, np.nan_to_num(sign), 0.0)
    total = float((weight * inside).sum())
    p = float((weight * hit).sum()) / total
    part = np.where(inside, weight * (hit - p) / total, 0.0)
    design = pd.DataFrame(
        {"cycle": data["cycle"], "stratum": data["stratum"], "psu": data["psu"], "part": part}
    )[known]
    units = design.groupby(["cycle", "stratum", "psu"])["part"].sum().reset_index()
    variance = 0.0
    for _, unit in units.groupby(["cycle", "stratum"]):
        if len(unit) > 1:
            spread = float(((unit["part"] - unit["part"].mean()) ** 2).sum())
            variance += len(unit) / (len(unit) - 1) * spread
    if not 0.0 < p < 1.0:
        return Counted(p, p, p, int(hit.sum()), n)
    middle, step = np.log(p / (1 - p)), 1.96 * np.sqrt(variance) / (p * (1 - p))
    low, high = (float(1 / (1 + np.exp(-x))) for x in (middle - step, middle + step))
    return Counted(p, low, high, int(hit.sum()), n)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("causes", nargs="*")
    parser.add_argument("--data", type=Path, required=True, help="folder of person-level files")
    told = parser.parse_args()
    data = read_survey(told.data)
    for group, people in groups(data).items():
        if told.causes and group.split(" ")[0].rstrip(":") not in told.causes:
            continue
        print(group)
        for sign, flags in measures(data).items():
            share = counted(data, people, flags)
            if share is not None:
                print(
                    f"  {sign:75}{100 * share.p:5.1f} % ({100 * share.low:.1f}-{100 * share.high:.1f})"
                    f"  {share.k} of {share.n}"
                )


if __name__ == "__main__":
    main()
