"""Reads person-level survey files: outcomes, and what a person could have told, in our own terms."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from stillwell.inference.network import Floats

MEDICINES = {
    "med_ppi": "proton_pump_inhibitors",
    "med_h2_blocker": "h2_blockers",
    "med_metformin": "metformin",
    "med_thiazide": "thiazides",
    "med_loop_diuretic": "loop_diuretics",
    "med_potassium_sparing": "potassium_sparing_diuretics",
    "med_ace_arb": "ace_inhibitors|arbs",
    "med_potassium_rx": "potassium_prescribed",
    "med_beta_agonist": "beta_agonists",
    "med_ssri_snri": "ssri|snri",
    "med_enzyme_inducing_antiepileptic": "enzyme_inducing_antiepileptics",
    "med_levothyroxine": "levothyroxine",
    "med_corticosteroid_oral": "corticosteroids",
    "med_methotrexate": "rheumatic_medicines",
    "med_estrogen_or_contraceptive": "oral_contraceptives|hrt",
    "med_anticoagulant_antiplatelet": "anticoagulants_antiplatelets|warfarin",
    "med_nsaid_rx": "nsaids",
    "med_bisphosphonate": "bisphosphonates",
    "med_statin": "statins",
}
SUPPLEMENTS = {
    "supp_vitamin_b12_ug_per_day": "vitamin_b12|multivitamin",
    "supp_vitamin_d_ug_per_day": "vitamin_d|multivitamin",
    "supp_iron_mg_per_day": "iron",
    "supp_folic_acid_ug_per_day": "folic_acid|multivitamin",
    "supp_potassium_mg_per_day": "potassium",
    "supp_calcium_mg_per_day": "calcium",
}
INTAKES = {
    "vitamin_b12": ("diet_vitamin_b12_ug", "vitamin_b12_ug"),
    "vitamin_d": ("diet_vitamin_d_ug", "vitamin_d_ug"),
    "iron": ("diet_iron_mg", "iron_mg"),
    "folate": ("diet_folate_dfe_ug", "folate_dfe_ug"),
    "potassium": ("diet_potassium_mg", "potassium_mg"),
    "calcium": ("diet_calcium_mg", "calcium_mg"),
    "phosphorus": ("diet_phosphorus_mg", "phosphorus_mg"),
    "magnesium": ("diet_magnesium_mg", "magnesium_mg"),
}


def read_survey(folder: Path) -> pd.DataFrame:
    """All adults with an examination weight in the person-level files of `folder`."""
    files = sorted(folder.glob("nhanes_*.parquet")) or sorted(folder.glob("*.parquet"))
    if not files:
        raise SystemExit(
            f"--data: {folder} holds no .parquet file; give the folder of person-level files"
        )
    tables = [pd.read_parquet(f) for f in files]
    whole = pd.concat(tables, ignore_index=True)
    adults = whole[(whole["age_years"] >= 18) & (whole["wt_exam"] > 0)]
    return adults.reset_index(drop=True)


def column(data: pd.DataFrame, name: str) -> Floats:
    """A column as floats; all nan where the file lacks it."""
    if name not in data:
        return np.full(len(data), np.nan)
    return pd.to_numeric(data[name], errors="coerce").to_numpy(dtype=float)


def female(data: pd.DataFrame) -> Floats:
    """1 for women, 0 for men."""
    return (data["sex"].astype(str).str.lower().str[0] == "f").to_numpy(dtype=float)


def _flag(condition: np.ndarray, known: np.ndarray) -> Floats:
    return np.where(known, condition.astype(float), np.nan)


def what_is_known(data: pd.DataFrame, reliability: dict[str, Floats]) -> dict[str, Floats]:
    """Variable -> (N,) value, nan where it was not asked; the names are those of `FittedTerm`.

    `reliability`: for each intake the (N,) reliability of one recalled day.
    """
    age = column(data, "age_years")
    woman = female(data) > 0.5
    known: dict[str, Floats] = {"bmi": np.clip(column(data, "bmi"), 15, 55)}
    told = {
        "diabetes": data["diabetes"].astype(str).eq("yes").to_numpy(),
        "smoking": data["smoking"].astype(str).eq("current").to_numpy(),
    }
    for name, flag in told.items():
        known[f"history:{name}"] = _flag(flag, data[name].notna().to_numpy())
    for source, name in (
        ("told_weak_kidneys", "chronic_kidney_disease"),
        ("told_liver", "liver_disease"),
        ("told_heart_failure", "heart_failure"),
        ("told_hypertension", "high_blood_pressure"),
        ("told_thyroid", "thyroid_disease"),
        ("told_cancer", "cancer"),
        ("told_coeliac", "coeliac_disease"),
        ("pregnant", "pregnant"),
        ("breastfeeding", "breastfeeding"),
    ):
        known[f"history:{name}"] = column(data, source)
    for name in ("pregnant", "breastfeeding"):  # not asked of older people and of men: no
        flag = known[f"history:{name}"]
        known[f"history:{name}"] = np.where(np.isnan(flag) & (~woman | (age > 50)), 0.0, flag)
    drinks = column(data, "alcohol_drinks_per_week")
    known["history:alcohol_heavy"] = _flag(drinks >= 14, ~np.isnan(drinks))
    periods = column(data, "periods_past_12mo")
    past = _flag(woman & (age >= 40) & (periods == 0), ~np.isnan(periods) | ~woman | (age > 60))
    past = np.where(woman & (age > 60), 1.0, past)
    known["history:postmenopausal"] = np.where(woman & (age < 40), 0.0, past)
    low_mood = column(data, "phq9_total")
    known["history:depression"] = _flag(low_mood >= 10, ~np.isnan(low_mood))
    milk = column(data, "milk_past_30d")
    known["history:low_dairy"] = _flag(milk <= 1, (milk >= 0) & (milk <= 3))
    dark = data["race_ethnicity"].astype(str).str.lower().str.contains("black").to_numpy()
    known["history:covered_skin_or_dark_skin_at_high_latitude"] = dark.astype(float)
    half = data["exam_half_year"].astype(str).str.lower() if "exam_half_year" in data else None
    if half is not None:
        cold = half.str.startswith("nov").fillna(False).to_numpy(dtype=bool)
        known["winter"] = _flag(cold, data["exam_half_year"].notna().to_numpy())
    for source, name in MEDICINES.items():
        known[f"medicine:{name}"] = column(data, source)
    for source, name in SUPPLEMENTS.items():
        dose = column(data, source)
        known[f"supplement:{name}"] = _flag(dose > 0, ~np.isnan(dose))
    days = column(data, "diet_days")
    for name, (source, _) in INTAKES.items():
        eaten = column(data, source)
        one = reliability.get(name)
        if one is None:
            continue
        known[f"recall:{name}"] = np.where((days > 0) & (eaten > 0), eaten, np.nan)
        known[f"reliability:{name}"] = days * one / (1 + (days - 1) * one)
    return known


def reliability_of_one_day(data: pd.DataFrame, folder: Path) -> dict[str, Floats]:
    """Nutrient -> (N,) reliability of one recalled day, from the table beside the files."""
    path = folder / "intake_variance.csv"
    if not path.exists():
        return {}
    table = pd.read_csv(path)
    woman = female(data) > 0.5
    age = column(data, "age_years")
    found: dict[str, Floats] = {}
    for name, (_, source) in INTAKES.items():
        rows = table[table["nutrient"] == source]
        if rows.empty:
            continue
        value = np.full(len(data), float(rows["reliability_one_day"].mean()))
        for row in rows.itertuples():
            low, _, high = str(row.age).replace("+", "-200").partition("-")
            fit = (woman == (row.sex == "female")) & (age >= float(low)) & (age <= float(high))
            value[fit] = row.reliability_one_day
        found[name] = value
    return found


OUTCOMES = {
    "low_vitamin_b12": "B12 under 148 pmol/L (Roche), or under 221 with methylmalonic acid over 271 nmol/L",
    "low_vitamin_d": "25-hydroxyvitamin D under 30 nmol/L",
    "low_iron": "ferritin under 30 ug/L (Elecsys)",
    "low_folate": "serum folate under 10 nmol/L",
    "low_potassium": "serum potassium under 3.5 mmol/L",
    "low_sodium": "serum sodium under 135 mmol/L",
    "low_calcium": "total and albumin-corrected calcium both under 2.15 mmol/L",
    "low_phosphate": "serum phosphate under 0.80 mmol/L",
}


def outcome(data: pd.DataFrame, cause: str) -> Floats:
    """(N,) 1 where the cause's definition holds, 0 where not, nan where it was not measured."""

    def below(name: str, bound: float) -> Floats:
        value = column(data, name)
        return _flag(value < bound, ~np.isnan(value))

    if cause == "low_vitamin_b12":
        # cycles without methylmalonic acid would count fewer people as short: left out
        b12 = column(data, "b12_roche_equiv_pmol_l")
        raw = column(data, "b12_pmol_l")
        modern = data["cycle"].astype(str).str[:4].astype(int).to_numpy() >= 2011
        b12 = np.where(np.isnan(b12) & modern, raw, b12)
        mma = column(data, "mma_nmol_l")
        low = (b12 < 148) | ((b12 < 221) & (mma > 271))
        return _flag(low, ~np.isnan(b12) & ~np.isnan(mma))
    if cause == "low_iron":
        return below(
            "ferritin_e170_equiv_ug_l" if "ferritin_e170_equiv_ug_l" in data else "ferritin_ug_l",
            30,
        )
    if cause == "low_calcium":
        both = np.fmax(
            column(data, "calcium_mmol_l"), column(data, "calcium_albumin_corrected_mmol_l")
        )
        return _flag(both < 2.15, ~np.isnan(column(data, "calcium_mmol_l")))
    source, bound = {
        "low_vitamin_d": ("vitamin_d_25oh_nmol_l", 30.0),
        "low_folate": ("serum_folate_nmol_l", 10.0),
        "low_potassium": ("potassium_mmol_l", 3.5),
        "low_sodium": ("sodium_mmol_l", 135.0),
        "low_phosphate": ("phosphate_mmol_l", 0.80),
    }[cause]
    return below(source, bound)
