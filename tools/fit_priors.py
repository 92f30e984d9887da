"""Fit the prior of each deficiency on the survey, check it on cycles left out, write it as knowledge.

    python tools/fit_priors.py --data FOLDER [--only CAUSE] [--out FOLDER]

Penalised weighted logistic regression (Gaussian priors on log odds ratios: around the
literature's figure where the knowledge base holds one, else around no effect), covariance by linearisation over strata and sampling units (Binder 1983,
doi:10.2307/1402588). Beside it, on the same columns and the same folds, a gradient-boosted model.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
import yaml
from measures import calibration, measures
from sklearn.ensemble import HistGradientBoostingClassifier
from survey import (
    OUTCOMES,
    column,
    female,
    outcome,
    read_survey,
    reliability_of_one_day,
    what_is_known,
)

from stillwell.assess.fitted_prior import (
    BANDS,
    age_band,
    age_basis,
    base_log_odds,
    fitted_probability,
    term_input,
)
from stillwell.assess.parameters import spread_log
from stillwell.inference.network import Floats
from stillwell.knowledge.loader import load
from stillwell.knowledge.schema import FittedPrior, FittedTerm

BASE = load()[0]
OUT = Path(__file__).parents[1] / "src" / "stillwell" / "knowledge" / "data" / "fitted_priors"
KNOTS = [18.0, 32.0, 46.0, 60.0, 75.0]
POOLING = (
    0.1,
    0.2,
    0.35,
    0.7,
)  # prior sd of a log odds ratio of which nothing was read, to choose from
LEAST = 8  # cases among people with a factor, below which it is left to the literature
WIDEST = 0.6  # standard error of a log odds ratio, above which it is left to the literature

SURE = 2.0  # standard errors by which what is eaten must lower the held-out log loss to be used
USEFUL = 0.55  # held-out area under the curve below which the literature is kept instead

SKIN = "history:covered_skin_or_dark_skin_at_high_latitude"
COMMON = ["bmi", SKIN, "history:smoking", "history:alcohol_heavy", "history:diabetes"]
KIDNEY = "history:chronic_kidney_disease"
TERMS = {
    "low_vitamin_b12": [
        *COMMON, KIDNEY, "history:thyroid_disease", "history:liver_disease", "history:coeliac_disease",
        "history:depression", "medicine:metformin", "medicine:proton_pump_inhibitors",
        "medicine:h2_blockers", "medicine:oral_contraceptives|hrt", "supplement:vitamin_b12|multivitamin",
        "intake:vitamin_b12",
    ],
    "low_vitamin_d": [
        *COMMON, KIDNEY, "winter", "history:pregnant", "history:liver_disease", "history:depression",
        "history:low_dairy", "history:high_blood_pressure", "medicine:oral_contraceptives|hrt",
        "medicine:statins", "medicine:enzyme_inducing_antiepileptics",
        "supplement:vitamin_d|multivitamin", "intake:vitamin_d",
    ],
    "low_iron": [
        *COMMON, KIDNEY, "history:pregnant", "history:breastfeeding", "history:postmenopausal",
        "history:heart_failure", "history:thyroid_disease", "medicine:oral_contraceptives|hrt",
        "medicine:proton_pump_inhibitors", "medicine:nsaids",
        "medicine:anticoagulants_antiplatelets|warfarin", "supplement:iron", "intake:iron",
    ],
    "low_folate": [
        *COMMON, "history:depression", "history:pregnant", "medicine:rheumatic_medicines",
        "medicine:enzyme_inducing_antiepileptics", "supplement:folic_acid|multivitamin",
        "intake:folate",
    ],
    "low_potassium": [
        *COMMON, KIDNEY, "history:high_blood_pressure", "history:pregnant", "history:heart_failure",
        "medicine:thiazides", "medicine:loop_diuretics", "medicine:potassium_sparing_diuretics",
        "medicine:ace_inhibitors|arbs", "medicine:beta_agonists", "medicine:corticosteroids",
        "medicine:potassium_prescribed", "intake:potassium",
    ],
    "low_sodium": [
        *COMMON, KIDNEY, "history:heart_failure", "history:liver_disease", "history:cancer",
        "history:pregnant", "history:thyroid_disease", "history:high_blood_pressure",
        "medicine:thiazides", "medicine:loop_diuretics", "medicine:ssri|snri",
        "medicine:enzyme_inducing_antiepileptics", "medicine:ace_inhibitors|arbs",
        "medicine:proton_pump_inhibitors", "medicine:potassium_sparing_diuretics",
    ],
    "low_calcium": [
        *COMMON, KIDNEY, "history:thyroid_disease", "history:pregnant", "medicine:loop_diuretics",
        "medicine:proton_pump_inhibitors", "medicine:bisphosphonates", "intake:calcium",
    ],
    "low_phosphate": [
        *COMMON, KIDNEY, "history:pregnant", "history:high_blood_pressure", "medicine:thiazides",
        "intake:phosphorus",
    ],
}  # fmt: skip


# Fitted so that the others are right, then not used: the limits are for people who are not pregnant,
# and the normal level falls in pregnancy (sodium 129-148 mmol/L).
NOT_USED = {("low_sodium", "history:pregnant"), ("low_potassium", "history:pregnant")}


def weights(data: pd.DataFrame, cause: str) -> Floats:
    """Survey weights, those of the folate subsample where they are given."""
    weight = column(data, "wt_exam")
    if cause == "low_folate":
        own = column(data, "wt_folate")
        weight = np.where(np.isnan(own), weight, own)
    return weight


def draft(cause: str, variables: list[str], prior: FittedPrior | None = None) -> list[FittedTerm]:
    """Terms without coefficients yet."""
    zero = [[0.0] * len(BANDS)] * 2
    return [
        FittedTerm(
            variable=v, coefficient=0.0, se=0.0, centre=zero,
            around=28.0 if v == "bmi" else 0.0, scale=5.0 if v == "bmi" else 1.0,
            unit="kg/m2" if v == "bmi" else "",
        )
        for v in variables
    ]  # fmt: skip


def with_intakes(
    terms: list[FittedTerm], known: dict[str, Floats], woman: Floats, age: Floats, w: Floats
) -> None:
    """Set each intake term's geometric means, and the shrunken intake of each person in `known`.

    A person's usual intake is the mean of the recalled days drawn towards that of the person's sex
    and age by the reliability of so many days (regression calibration, Carroll et al. 2006,
    doi:10.1201/9781420010138): the form in which a diary will bring it.
    """
    band = age_band(age)
    for term in terms:
        kind, _, name = term.variable.partition(":")
        if kind != "intake" or f"recall:{name}" not in known:
            continue
        eaten = np.log(known[f"recall:{name}"])
        term.unit = "ug" if name in ("vitamin_b12", "vitamin_d", "folate") else "mg"
        if not term.mean:
            table = []
            for sex in (1.0, 0.0):
                row = []
                for b in range(len(BANDS)):
                    at = (woman == sex) & (band == b) & ~np.isnan(eaten)
                    seen = at if at.any() else ~np.isnan(eaten)
                    row.append(round(float(np.average(eaten[seen], weights=w[seen])), 4))
                table.append(row)
            term.mean = table
        mean = np.asarray(term.mean)[np.where(woman > 0.5, 0, 1), band]
        known[term.variable] = np.exp(mean + known[f"reliability:{name}"] * (eaten - mean))


def solve(
    x: Floats, y: Floats, w: Floats, offset: Floats, penalty: Floats, expected: Floats | None = None
) -> tuple[Floats, Floats, Floats]:
    """Maximum a posteriori logistic regression: (coefficients, information, residual scores).

    Coefficients have Gaussian priors of precision `penalty` around `expected` (zeros).
    """
    middle = np.zeros(x.shape[1]) if expected is None else expected
    beta = middle.copy()
    for _ in range(60):
        p = 1 / (1 + np.exp(-(x @ beta + offset)))
        gradient = x.T @ (w * (y - p)) - penalty * (beta - middle)
        information = (x * (w * p * (1 - p))[:, None]).T @ x + np.diag(penalty)
        step = np.linalg.solve(information, gradient)
        beta = beta + np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-8:
            break
    p = 1 / (1 + np.exp(-(x @ beta + offset)))
    return beta, information, x * (w * (y - p))[:, None]


def literature(cause: str, variable: str) -> tuple[float, float] | None:
    """(log odds ratio, spread) that the knowledge base holds for a factor: the prior of its fit.

    The spread of a published figure is widened by 0.35, what odds ratios of one factor commonly
    differ by between populations; that of a judgement by twice as much.
    """
    kind, _, names = variable.partition(":")
    found: list[tuple[float, float]] = []
    for name in names.split("|"):
        if kind == "history":
            numbers = [f for f in BASE.causes[cause].risk_factors if f.factor == name]
        elif kind == "medicine":
            effects = BASE.medicines[name].effects
            numbers = [
                e for e in effects if e.cause == cause and e.when == "take" and not e.members
            ]
        else:
            return None
        found += [
            (
                float(np.log(n.odds_ratio)),
                float(np.hypot(spread_log(n.interval, n.n), 0.7 if n.judgement else 0.35)),
            )
            for n in numbers
            if n.odds_ratio is not None
        ]
    return found[0] if found else None


def sandwich(information: Floats, scores: Floats, data: pd.DataFrame, penalty: Floats) -> Floats:
    """Covariance allowing for strata and sampling units (with-replacement linearisation).

    What the priors of the coefficients bring counts as further independent information.
    """
    key = data["cycle"].astype(str) + "/" + data["stratum"].astype(str)
    meat = np.diag(penalty)
    frame = pd.DataFrame(scores)
    frame["stratum"], frame["psu"] = key.to_numpy(), data["psu"].to_numpy()
    for _, stratum in frame.groupby("stratum"):
        totals = stratum.drop(columns="stratum").groupby("psu").sum().to_numpy()
        if len(totals) > 1:
            d = totals - totals.mean(axis=0)
            meat += d.T @ d * len(totals) / (len(totals) - 1)
    inverse = np.linalg.inv(information)
    return inverse @ meat @ inverse


def fit(
    data: pd.DataFrame, cause: str, known: dict[str, Floats], pooling: float, prune: bool = True
) -> FittedPrior:
    """The fitted prior of one cause on the rows of `data` (with `known` of the same rows)."""
    y = outcome(data, cause)
    w = weights(data, cause)
    rows = ~np.isnan(y) & (w > 0)
    data, y, w = data[rows].reset_index(drop=True), y[rows], w[rows]
    known = {k: v[rows] for k, v in known.items()}
    w = w * len(w) / w.sum()
    woman, age = female(data), column(data, "age_years")
    band = age_band(age)
    terms = draft(cause, [v for v in TERMS[cause]])
    with_intakes(terms, known, woman, age, w)
    terms = [
        t
        for t in terms
        if t.variable in known
        and (t.mean or t.variable == "bmi" or np.nansum(known[t.variable] * y) >= LEAST)
    ]
    basis = age_basis(age, KNOTS)
    base = np.hstack([basis * woman[:, None], basis * (1 - woman)[:, None]])
    k = basis.shape[1]
    curves = np.tile(np.r_[1e-6, 1e-3, np.full(k - 2, 1.0)], 2)
    while True:
        x = np.stack([term_input(t, known[t.variable], woman, age) for t in terms], axis=1)
        x = np.where(np.isnan(x), 0.0, x - _band_means(x, woman, band, w))
        whole = np.hstack([base, x])
        known_before = [literature(cause, t.variable) or (0.0, pooling) for t in terms]
        penalty = np.r_[curves, [sd**-2 for _, sd in known_before]]
        expected = np.r_[np.zeros(2 * k), [mean for mean, _ in known_before]]
        beta, information, scores = solve(whole, y, w, np.zeros(len(y)), penalty, expected)
        covariance = sandwich(information, scores, data, penalty)
        se = np.sqrt(np.diag(covariance))[2 * k :]
        wide = [i for i in range(len(terms)) if se[i] > WIDEST]
        if not prune or not wide:
            break
        terms = [t for i, t in enumerate(terms) if i not in wide]
    for i, term in enumerate(terms):
        term.coefficient, term.se = float(beta[2 * k + i]), float(se[i])
        raw = term_input(term, known[term.variable], woman, age)
        term.centre = _centres(term.coefficient * raw, woman, band, w)
    # the base is fitted again behind the centred terms, as it will be used
    shift = np.zeros(len(y))
    rounded = [_rounded(t) for t in terms]
    for t in rounded:
        raw = t.coefficient * term_input(t, known[t.variable], woman, age)
        raw = raw - np.asarray(t.centre)[np.where(woman > 0.5, 0, 1), band]
        shift += np.where(np.isnan(raw), 0.0, raw)
    beta_base, _, _ = solve(base, y, w, shift, curves)
    return FittedPrior(
        id=cause,
        outcome=OUTCOMES[cause],
        cycles=sorted(data["cycle"].astype(str).unique()),
        n=len(y),
        cases=int(y.sum()),
        knots=KNOTS,
        female=[round(float(b), 5) for b in beta_base[:k]],
        male=[round(float(b), 5) for b in beta_base[k:]],
        terms=rounded,
        covariance=[[float(f"{c:.4g}") for c in row] for row in covariance],
        held_out={},
        cite="nhanes",
    )


def _rounded(term: FittedTerm) -> FittedTerm:
    return FittedTerm(
        variable=term.variable, coefficient=round(term.coefficient, 4), se=round(term.se, 4),
        around=term.around, scale=term.scale, unit=term.unit, mean=term.mean, centre=term.centre,
    )  # fmt: skip


def _band_means(x: Floats, woman: Floats, band: np.ndarray, w: Floats) -> Floats:
    means = np.zeros_like(x)
    for sex in (0.0, 1.0):
        for b in range(len(BANDS)):
            at = (woman == sex) & (band == b)
            for j in range(x.shape[1]):
                seen = at & ~np.isnan(x[:, j])
                means[at, j] = np.average(x[seen, j], weights=w[seen]) if seen.any() else 0.0
    return means


def _centres(effect: Floats, woman: Floats, band: np.ndarray, w: Floats) -> list[list[float]]:
    table = []
    for sex in (1.0, 0.0):
        row = []
        for b in range(len(BANDS)):
            at = (woman == sex) & (band == b) & ~np.isnan(effect)
            row.append(
                round(float(np.log(np.average(np.exp(effect[at]), weights=w[at]))), 4)
                if at.any()
                else 0.0
            )
        table.append(row)
    return table


def held_out(
    data: pd.DataFrame, cause: str, known: dict[str, Floats], pooling: float, beside: bool = True
) -> dict[str, float]:
    """Accuracy on each cycle by a fit on the others, pooled, `beside` a boosted model."""
    y = outcome(data, cause)
    w = weights(data, cause)
    woman, age = female(data), column(data, "age_years")
    measured = ~np.isnan(y) & (w > 0)
    cycles = data["cycle"].astype(str).to_numpy()
    names = [
        c
        for c in np.unique(cycles)
        if measured[cycles == c].sum() > 200 and np.nansum(y[(cycles == c) & measured]) > 0
    ]
    p, alone, boosted, uneaten = (np.full(len(y), np.nan) for _ in range(4))
    for name in names if len(names) > 1 else []:
        train, test = cycles != name, (cycles == name) & measured
        # people of a kind that no other cycle measured cannot be foretold from the others
        kind = age_band(age) * 2 + (woman > 0.5)
        test &= np.isin(
            kind, [k for k in np.unique(kind) if (train & measured & (kind == k)).sum() > 100]
        )
        model = fit(
            data[train].reset_index(drop=True),
            cause,
            {k: v[train] for k, v in known.items()},
            pooling,
        )
        here = {k: v[test].copy() for k, v in known.items()}
        with_intakes(model.terms, here, woman[test], age[test], w[test])
        p[test] = fitted_probability(model, woman[test], age[test], here)
        silent = {k: v for k, v in here.items() if not k.startswith("intake:")}
        uneaten[test] = fitted_probability(model, woman[test], age[test], silent)
        alone[test] = 1 / (1 + np.exp(-base_log_odds(model, woman[test], age[test])))
        if not beside:
            continue
        fitting = train & measured
        columns = _boost_columns(known, woman, age, model)
        columns = columns[:, ~np.isnan(columns[fitting]).all(axis=0)]
        machine = HistGradientBoostingClassifier(
            max_depth=4, learning_rate=0.04, max_iter=200, min_samples_leaf=60, l2_regularization=5.0,
            random_state=0,
        )  # fmt: skip
        machine.fit(columns[fitting], y[fitting], sample_weight=w[fitting] / w[fitting].mean())
        boosted[test] = machine.predict_proba(columns[test])[:, 1]
    seen = ~np.isnan(p)
    if not seen.any():
        return {}
    found = measures(y[seen], p[seen], w[seen])
    if not beside:
        return found
    found["pooling"] = pooling
    if any(v.startswith("intake:") for v in TERMS[cause]):
        found["log_loss_without_intake"] = measures(y[seen], uneaten[seen], w[seen])["log_loss"]
        found["intake_gain"], found["intake_gain_se"] = gain(
            y[seen], uneaten[seen], p[seen], w[seen], data[seen]
        )
    found["log_loss_age_and_sex"] = measures(y[seen], alone[seen], w[seen])["log_loss"]
    found["auc_age_and_sex"] = measures(y[seen], alone[seen], w[seen])["auc"]
    found["ece_age_and_sex"] = measures(y[seen], alone[seen], w[seen])["ece"]
    found.update(
        {
            f"boosted_{k}": v
            for k, v in measures(y[seen], boosted[seen], w[seen]).items()
            if k in ("auc", "brier", "ece")
        }
    )
    found["n"], found["cases"] = int(seen.sum()), int(y[seen].sum())
    return {k: round(float(v), 5) for k, v in found.items()}


def gain(
    y: Floats, before: Floats, after: Floats, w: Floats, data: pd.DataFrame
) -> tuple[float, float]:
    """(mean fall of the log loss, its standard error by sampling units) from one prediction to another.

    Paired over the same people; units are drawn with replacement within strata (Binder 1983).
    """
    eps = 1e-9
    one, two = np.clip(before, eps, 1 - eps), np.clip(after, eps, 1 - eps)
    fall = y * np.log(two / one) + (1 - y) * np.log((1 - two) / (1 - one))
    mean = float(np.average(fall, weights=w))
    frame = pd.DataFrame({
        "stratum": data["cycle"].astype(str).to_numpy() + "/" + data["stratum"].astype(str).to_numpy(),
        "psu": data["psu"].to_numpy(), "z": w * (fall - mean) / w.sum(),
    })  # fmt: skip
    variance = 0.0
    for _, stratum in frame.groupby("stratum"):
        totals = stratum.groupby("psu")["z"].sum().to_numpy()
        if len(totals) > 1:
            variance += (
                float(((totals - totals.mean()) ** 2).sum()) * len(totals) / (len(totals) - 1)
            )
    return mean, float(np.sqrt(variance))


def _boost_columns(
    known: dict[str, Floats], woman: Floats, age: Floats, model: FittedPrior
) -> Floats:
    """The same columns: sex, age and every candidate of the cause, intakes as recalled."""
    names = [v.replace("intake:", "recall:") for v in TERMS[model.id]]
    return np.stack([woman, age, *(known[n] for n in names if n in known)], axis=1)


def main() -> None:
    """Fit, check, write."""
    parser = argparse.ArgumentParser(description="Fit the priors of deficiencies on a survey.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--only")
    arguments = parser.parse_args()
    data = read_survey(arguments.data)
    known = what_is_known(data, reliability_of_one_day(data, arguments.data))
    arguments.out.mkdir(parents=True, exist_ok=True)
    print(
        f"{'cause':16} {'n':>6} {'cases':>6}  AUC (boosted, age+sex)   Brier   ECE (boosted)  slope intercept"
    )
    for cause in [arguments.only] if arguments.only else list(TERMS):
        pooling = min(
            POOLING, key=lambda sd: held_out(data, cause, dict(known), sd, False)["log_loss"]
        )
        model = fit(data, cause, dict(known), pooling)
        checks = held_out(data, cause, dict(known), pooling)
        if "intake_gain" in checks:
            print(
                f"{cause:16} held-out log loss falls by {checks['intake_gain']:.5f} "
                f"(se {checks['intake_gain_se']:.5f}) with what is eaten"
            )
        if checks.get("intake_gain", np.inf) <= SURE * checks.get("intake_gain_se", 0.0):
            print(f"{cause:16} what is eaten foretells nothing more: left out")
            tried = {k: checks[k] for k in ("intake_gain", "intake_gain_se")}
            TERMS[cause] = [v for v in TERMS[cause] if not v.startswith("intake:")]
            model = fit(data, cause, dict(known), pooling)
            checks = {**held_out(data, cause, dict(known), pooling), **tried}
        model = FittedPrior(
            **{f: getattr(model, f) for f in model.__struct_fields__ if f != "held_out"},
            held_out=checks,
        )
        path = arguments.out / f"{cause}.yaml"
        if checks["log_loss"] > checks["log_loss_age_and_sex"] or checks["auc"] < USEFUL:
            path.unlink(missing_ok=True)
            print(f"{cause:16} what is known foretells no better than age and sex: not written")
        else:
            write(model, path)
        if checks:
            print(
                f"{cause:16} {model.n:6} {model.cases:6}  {checks['auc']:.3f} ({checks['boosted_auc']:.3f}, "
                f"{checks['auc_age_and_sex']:.3f})  {checks['brier']:.4f}  {checks['ece']:.4f} "
                f"({checks['boosted_ece']:.4f})  {checks['slope']:.2f}  {checks['intercept']:+.2f}",
                flush=True,
            )


def write(model: FittedPrior, path: Path) -> None:
    """The model as a knowledge file, replaced in one move."""
    import msgspec

    text = "# Made by tools/fit_priors.py from person-level survey files; do not edit by hand.\n"
    content = msgspec.to_builtins(model)
    for term in content["terms"]:
        if (model.id, term["variable"]) in NOT_USED:
            term["coefficient"] = 0.0
    text += yaml.safe_dump(
        content, sort_keys=False, allow_unicode=True, width=4000,
        default_flow_style=None,
    )  # fmt: skip
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


__all__ = ["calibration", "fit", "held_out"]

if __name__ == "__main__":
    main()
