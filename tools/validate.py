"""Measure everything that docs/validation.md states, and write it.

    python tools/validate.py --cases FOLDER --data FOLDER [--people 600] [--out docs/validation.md]

Needs the labelled cases and the person-level survey files; takes some minutes.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from math import sqrt
from pathlib import Path
from typing import Any

import matplotlib as mpl
import msgspec
import numpy as np
import yaml
from benchmarks.baselines import ABLATIONS, BASELINES, ablated
from leaks_chapter import leaks_chapter
from rapidfuzz import fuzz, process
from simulate import calibration_run, implied_odds_ratio
from validate_food import food_lines

from stillwell.assess.assessment import assess
from stillwell.assess.evaluate import Evaluation, evaluate, labelled
from stillwell.assess.model import model
from stillwell.assess.posterior import order_of
from stillwell.case.model import Case, Told
from stillwell.case.read import case_from
from stillwell.case.understand import understand
from stillwell.cli.knowledge_commands import counts
from stillwell.knowledge.store import knowledge
from stillwell.learn.answer import Library
from stillwell.triage.rules import LEVELS

mpl.use("Agg")
import itertools

import matplotlib.pyplot as plt

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "img"
MAPPING = {
    "emergency": "emergency", "today": "emergency", "soon": "non-emergency", "routine": "non-emergency",
    "self_care": "self-care",
}  # fmt: skip
ASSOCIATIONS = [
    # cause, findings, ages, sexes, survey's odds ratio with interval (associations.md of the survey files)
    ("low_vitamin_b12", ["numbness_feet"], (45.0, 60.0, 75.0), ("female", "male"), 2.6, 1.4, 4.8),
    ("low_vitamin_d", ["leg_cramps"], (30.0, 50.0, 70.0), ("female", "male"), 1.05, 0.83, 1.33),
    ("low_iron", ["leg_cramps"], (25.0, 35.0, 45.0), ("female",), 1.11, 0.82, 1.51),
    ("low_potassium", ["leg_cramps"], (30.0, 50.0, 70.0), ("female", "male"), 1.24, 0.93, 1.66),
    ("low_sodium", ["leg_cramps"], (30.0, 50.0, 70.0), ("female", "male"), 0.83, 0.61, 1.13),
    ("low_phosphate", ["leg_cramps"], (30.0, 50.0, 70.0), ("female", "male"), 0.88, 0.41, 1.89),
    ("low_calcium", ["leg_cramps"], (30.0, 50.0, 70.0), ("female", "male"), 0.75, 0.39, 1.44),
    ("low_vitamin_b12", ["leg_cramps"], (30.0, 50.0, 70.0), ("female", "male"), 1.34, 0.62, 2.90),
]


def wilson(k: float, n: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927)."""
    if n == 0:
        return 0.0, 1.0
    p, z = k / n, 1.96
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(0.0, centre - half), min(1.0, centre + half)


def share(k: float, n: int) -> str:
    """A share with its interval, for people."""
    low, high = wilson(k, n)
    return f"{k / n:.0%} ({low:.0%}–{high:.0%})" if n else "–"


def row(*cells: object) -> str:
    return "| " + " | ".join(str(c) for c in cells) + " |"


def head(*cells: str) -> list[str]:
    return [row(*cells), row(*("---" for _ in cells))]


FIRST_SET = (
    "Labelled cases, first set",
    "development cases (question banks and case reports, stranger than everyday life). The first red flags and "
    "phrases were written with these stories in view, so the figures flatter.",
    "reliability_cases.svg",
)
SECOND_SET = (
    "Labelled cases, second set",
    "cases of `tests/cases/published`, retold from published sources for almost every cause by an author who had "
    "not seen the knowledge base. When they were first run, before the mends that they led to, the figures "
    "were: with results 68 % and 80 %, without 64 % and 76 %, from the story 53 % and 65 % (top-1 and top-3), "
    "under-triage 28 %. What stands here is after those mends (structure, missing evidence, rules; no number "
    "was set for a case), so it flatters as well.",
    "reliability_published.svg",
)


def labelled_chapter(folder: Path, about: tuple[str, str, str]) -> tuple[list[str], Evaluation]:
    """Accuracy with and without results, from the story; by level; misses; Brier and reliability."""
    title, intro, image = about
    out = [f"## {title}", ""]
    runs = {
        "findings listed, with results": evaluate(folder),
        "findings listed, without results": evaluate(folder, without_labs=True),
        "story's words only": evaluate(folder, from_story=True),
    }
    full = runs["findings listed, with results"]
    out += [f"{full.n} {intro} 95 % intervals (Wilson).", ""]
    out += head(
        "evidence", "top-1", "top-3", "under-triage", "over-triage", "listed findings recognised"
    )
    for name, run in runs.items():
        n = run.n
        seen = f"{run.recognised:.0%}" if run.recognised is not None else ""
        out.append(
            row(
                name,
                share(run.top1 * n, n),
                share(run.top3 * n, n),
                share(run.under_triage * n, n),
                share(run.over_triage * n, n),
                seen,
            )
        )
    out += ["", "In the words of studies of symptom checkers (our five levels mapped as: emergency and today = "
            "emergency; soon and routine = non-emergency; self-care = self-care):", ""]  # fmt: skip
    out += head("label", "cases", "accuracy of advice", "safe (as urgent or more)")
    for level in ("emergency", "non-emergency", "self-care"):
        rows = [r for r in full.cases if MAPPING[r.urgency_expected] == level]
        same = sum(MAPPING[r.urgency_given] == level for r in rows)
        safe = sum(
            LEVELS.index(r.urgency_given) <= LEVELS.index(r.urgency_expected)
            or MAPPING[r.urgency_given] == level
            for r in rows
        )
        out.append(row(level, len(rows), share(same, len(rows)), share(safe, len(rows))))
    listed = [r for r in full.cases if r.ranked]  # somebody under 18 gets no causes
    most = max(len(r.ranked) for r in listed)
    listed = [r for r in listed if len(r.ranked) == most]
    given = np.array([[float(x["contributes"]) for x in r.ranked] for r in listed])
    right = np.array([[x["id"] == r.primary for x in r.ranked] for r in listed])
    brier = float(((given - right) ** 2).sum(axis=1).mean())
    top = np.array([g[0] for g in given])
    hit = np.array([r.rank == 1 for r in listed])
    out += ["", f"Comprehensiveness: every one of the {len(knowledge().base.causes)} causes of the vocabulary is ranked in "
            f"{len(listed)} of {full.n} cases (nobody under 18). Inclination to over-triage (advice above the label): "
            f"{share(sum(LEVELS.index(r.urgency_given) < LEVELS.index(r.urgency_expected) for r in full.cases), full.n)}. "
            f"Brier score summed over causes, per case: {brier:.3f}. The first cause is given {top.mean():.0%} on "
            f"average and is right in {hit.mean():.0%}.", "", f"![reliability](img/{image})", ""]  # fmt: skip
    reliability(
        given.ravel(),
        right.ravel(),
        IMAGES / image,
        f"{title}: probability that a cause contributes",
    )
    misses = [r for r in full.cases if r.rank > 1]
    if misses:
        out += ["Not first:", "", *head("case", "label", "rank", "ranked before it")]
        for r in misses:
            ahead = ", ".join(
                f"{x['id']} {float(x['contributes']):.0%}" for x in r.ranked[: min(r.rank - 1, 3)]
            )
            out.append(row(r.id, r.primary, r.rank, ahead))
        out.append("")
    recall: dict[str, list[int]] = {}
    for r in full.cases:
        recall.setdefault(r.primary, []).append(r.rank <= 3)
    out += [
        "Recall (label among the first three) by cause: "
        + "; ".join(f"{c} {sum(v)}/{len(v)}" for c, v in sorted(recall.items()))
        + ".",
        "",
    ]
    return out, full


def reliability(p: np.ndarray, y: np.ndarray, path: Path, title: str) -> None:
    """A reliability diagram with the number of statements in each band."""
    bands = [0, 0.02, 0.1, 0.2, 0.35, 0.5, 0.7, 0.85, 1.0001]
    xs, ys, ns = [], [], []
    for a, b in itertools.pairwise(bands):
        at = (p >= a) & (p < b)
        if at.sum():
            xs.append(p[at].mean())
            ys.append(y[at].mean())
            ns.append(int(at.sum()))
    figure, axis = plt.subplots(figsize=(4.6, 4.2))
    axis.plot([0, 1], [0, 1], color="grey", lw=1)
    bars = np.array([wilson(k * n, n) for k, n in zip(ys, ns, strict=True)])
    axis.errorbar(
        xs,
        ys,
        yerr=np.clip(np.abs(bars.T - np.array(ys)), 0, 1),
        fmt="o-",
        color="#0b57a4",
        capsize=3,
    )
    for x, y_, n in zip(xs, ys, ns, strict=True):
        axis.annotate(str(n), (x, y_), textcoords="offset points", xytext=(6, -10), fontsize=7)
    axis.set(xlabel="stated", ylabel="observed", title=title, xlim=(0, 1), ylim=(0, 1))
    axis.title.set_fontsize(9)
    figure.tight_layout()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


def rivals_chapter(folders: list[Path]) -> list[str]:
    """Baselines and ablations on the same cases."""
    out = ["## Rivals and parts", "", "On both sets of labelled cases together, findings listed, with results. The rivals are ours "
           "(`benchmarks/baselines.py`) and use the same numbers.", ""]  # fmt: skip
    out += head("what", "top-1", "top-3")
    cases = [pair for folder in folders for pair in labelled(folder)]
    n = len(cases)

    def rate(order_of) -> tuple[int, int]:  # type: ignore[no-untyped-def]
        first = three = 0
        for case, truth in cases:
            right = {truth["primary"], *(truth.get("acceptable") or [])}
            order = order_of(case)
            first += order[0] in right
            three += bool(right & set(order[:3]))
        return first, three

    net = model()
    full = rate(lambda c: _order(net, c))
    out.append(row("the model", share(full[0], n), share(full[1], n)))
    for name, rival in BASELINES.items():
        a, b = rate(lambda c, rival=rival: rival(net, understand(c)))
        out.append(row(name, share(a, n), share(b, n)))
    for name in ABLATIONS:
        with ablated(knowledge(), name) as other:
            a, b = rate(lambda c, other=other: _order(other, c))
        out.append(row(f"the model {name}", share(a, n), share(b, n)))
    return [*out, ""]


def _order(net, case: Case) -> list[str]:  # type: ignore[no-untyped-def]
    return order_of(net, understand(case))


def everyday_chapter() -> list[str]:
    """The everyday situations that the tests carry."""
    out = ["## Everyday situations", "", "Ordinary people in their own words (`tests/cases/ordinary_*.yaml`), "
           "expectations argued in one line each and written before the program was run on them; no clinician "
           "has checked them.", ""]  # fmt: skip
    misses, n, good, level, under = [], 0, 0, 0, 0
    for path in sorted((ROOT / "tests" / "cases").glob("ordinary_*.yaml")):
        for case in yaml.safe_load(path.read_text("utf-8")):
            result = assess(case_from(case["given"]), draws=0, detail=False)
            first = [c.id for c in result.causes[:3]]
            n += 1
            ok, fit = (
                bool(set(first) & set(case["likely"])),
                result.urgency.level in case["urgency"],
            )
            good += ok
            level += fit
            least = max(LEVELS.index(u) for u in case["urgency"])
            under += LEVELS.index(result.urgency.level) > least
            if not ok or not fit:
                misses.append(
                    (
                        case["name"],
                        ", ".join(case["likely"]),
                        ", ".join(first),
                        result.urgency.level,
                        "/".join(case["urgency"]),
                    )
                )
    out += [f"{n} situations: an expected cause among the first three in {share(good, n)}; urgency as expected in "
            f"{share(level, n)}; less urgent than expected in {share(under, n)}.", ""]  # fmt: skip
    out += head("missed", "expected", "first three", "urgency", "expected urgency")
    out += [row(*m) for m in misses]
    return [*out, ""]


def robustness_chapter(folders: list[Path]) -> list[str]:
    """Drop, misspell, reorder, add something irrelevant: how often do the first three stay?"""
    net = model()
    rng = np.random.default_rng(11)
    kept = {
        "one answer dropped": [0, 0],
        "answers reordered": [0, 0],
        "a sign added that none of the ten likeliest causes brings": [0, 0],
        "one word misspelt (story)": [0, 0],
    }
    first_kept = 0
    drops = 0
    for case in (case for folder in folders for case, _ in labelled(folder)):
        whole = _order(net, case)
        told = case.findings
        dropped = rng.choice(len(told.present), min(3, len(told.present)), replace=False)
        for i in map(int, sorted(dropped)):
            less = msgspec.structs.replace(
                case,
                findings=Told(present=told.present[:i] + told.present[i + 1 :], absent=told.absent),
            )
            order = _order(net, less)
            kept["one answer dropped"][0] += set(order[:3]) == set(whole[:3])
            kept["one answer dropped"][1] += 1
            first_kept += order[0] == whole[0]
            drops += 1
        mixed = msgspec.structs.replace(
            case, findings=Told(present=told.present[::-1], absent=told.absent[::-1])
        )
        kept["answers reordered"][0] += _order(net, mixed)[:3] == whole[:3]
        kept["answers reordered"][1] += 1
        # a sign that none of the ten likeliest causes brings
        top = {net.cause_index[c] for c in whole[:10]}
        known = {*told.present, *told.absent}
        idle = [
            f
            for f in net.findings
            if f not in known
            and not f.startswith("lab:")
            and not any(v in top for v, _ in net.edges.get(f, {}))
        ]
        extra = str(rng.choice(idle)) if idle else None
        if extra:
            more = msgspec.structs.replace(
                case, findings=Told(present=[*told.present, extra], absent=told.absent)
            )
            kept["a sign added that none of the ten likeliest causes brings"][0] += (
                _order(net, more)[:3] == whole[:3]
            )
            kept["a sign added that none of the ten likeliest causes brings"][1] += 1
        if case.story:
            plain = msgspec.structs.replace(case, findings=Told(), history=Told(), diet=None)
            before = _order(net, plain)
            words = case.story.split()
            long = [i for i, w in enumerate(words) if len(w) > 5 and w.isalpha()]
            for i in rng.choice(long, size=min(2, len(long)), replace=False):
                w = words[i]
                j = int(rng.integers(1, len(w) - 2))
                changed = [*words]
                changed[i] = w[:j] + w[j + 1] + w[j] + w[j + 2 :]
                other = _order(net, msgspec.structs.replace(plain, story=" ".join(changed)))
                kept["one word misspelt (story)"][0] += set(other[:3]) == set(before[:3])
                kept["one word misspelt (story)"][1] += 1
    out = [
        "## Robustness",
        "",
        "Share of labelled cases and changes after which the first three causes are the same.",
        "",
    ]
    out += head("change", "first three unchanged", "tried")
    out += [row(name, share(a, n), n) for name, (a, n) in kept.items()]
    return [
        *out,
        "",
        f"After dropping one answer the first cause stays in {share(first_kept, drops)}.",
        "",
    ]


def interview_chapter(folder: Path, most: int = 12) -> list[str]:
    """Questions needed until the true cause is among the first three, from two opening findings."""
    net = model()
    base = knowledge().base
    rng = np.random.default_rng(4)
    results: dict[str, list[int]] = {
        "most informative first": [],
        "random order": [],
        "fixed order": [],
    }
    for case, truth in labelled(folder):
        right = {truth["primary"], *(truth.get("acceptable") or [])}
        yes, _no = case.findings.present, case.findings.absent
        askable = [f for f in base.findings if f not in yes[:1]]
        for way in results:
            told = msgspec.structs.replace(
                case, findings=Told(present=yes[:1], absent=[]), story=None, complaint=None, labs=[]
            )
            order = list(rng.permutation(askable)) if way == "random order" else list(askable)
            asked: set[str] = set()
            for number in range(most + 1):
                if right & set(_order(net, told)[:3]):
                    results[way].append(number)
                    break
                if way == "most informative first":
                    steps = [q.id for q in assess(told, draws=0).questions if q.id not in asked]
                    nxt = steps[0] if steps else None
                else:
                    nxt = next((f for f in order if f not in asked), None)
                if nxt is None:
                    results[way].append(most + 1)
                    break
                asked.add(nxt)
                f = told.findings
                told = msgspec.structs.replace(
                    told,
                    findings=Told(
                        present=[*f.present, nxt] if nxt in yes else f.present,
                        absent=f.absent if nxt in yes else [*f.absent, nxt],
                    ),
                )
            else:
                results[way].append(most + 1)
    out = ["## Interview", "", f"Starting from one finding (the first that the case lists) without results; a question about anything the case does not list is "
           f"answered no; at most {most} questions.", ""]  # fmt: skip
    out += head(
        "order of questions", "median questions until the label is among the first three", "reached"
    )
    for way, counts_ in results.items():
        reached = [c for c in counts_ if c <= most]
        out.append(
            row(
                way,
                f"{np.median(counts_):g}" if np.median(counts_) <= most else f"more than {most}",
                share(len(reached), len(counts_)),
            )
        )
    return [*out, ""]


def simulation_chapter(people: int) -> list[str]:
    """Calibration in people drawn from the model and from perturbed ones."""
    own = calibration_run(model(), people, False)
    moved = calibration_run(model(), max(people // 6, 60), True)
    out = ["## Simulation-based calibration", "", f"{len(own['stated'])} people with two complaints or more drawn from the model, "
           f"and {len(moved['stated'])} from models whose every number was redrawn within its interval; all are "
           "assessed with the model as published.", ""]  # fmt: skip
    out += head(
        "stated probability of a cause",
        "statements",
        "mean stated",
        "observed",
        "perturbed: mean stated",
        "observed ",
    )
    bands = [0, 0.01, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0001]
    for a, b in itertools.pairwise(bands):
        cells: list[object] = []
        for run in (own, moved):
            p, y = run["stated"].ravel(), run["truth"].ravel()
            at = (p >= a) & (p < b)
            cells += [
                int(at.sum()),
                f"{p[at].mean():.3f}" if at.any() else "",
                f"{y[at].mean():.3f}" if at.any() else "",
            ]
        out.append(
            row(f"{a:.0%}–{min(b, 1):.0%}", cells[0], cells[1], cells[2], cells[4], cells[5])
        )
    reliability(
        own["stated"].ravel(),
        own["truth"].ravel(),
        IMAGES / "sbc.svg",
        "People drawn from the model: cause present",
    )
    out += ["", f"The stated 90 % interval holds the probability that the true numbers would give in "
            f"{moved['inside'].mean():.0%} of {len(moved['inside'])} statements of 1 % and more (mean width "
            f"{moved['width'].mean():.2f}).", "", "![simulation](img/sbc.svg)", "", "### Against the survey", "",
            "Odds ratio between a lack and a symptom that the model implies, beside the survey's (adjusted).", ""]  # fmt: skip
    out += head("lack and symptom", "model", "survey (95 %)", "inside")
    for cause, findings, ages, sexes, mid, low, high in ASSOCIATIONS:
        ratio = implied_odds_ratio(model(), cause, findings, ages, sexes=sexes)
        out.append(
            row(
                f"{cause} and {'/'.join(findings)}",
                f"{ratio:.2f}",
                f"{mid} ({low}–{high})",
                "yes" if low <= ratio <= high else "NO",
            )
        )
    out += ["", "Outside the interval: the survey's low calcium and low sodium are nearly all mild and silent. The "
            "model's come partly through other causes (hypoparathyroidism, low magnesium, kidney failure, water tablets' "
            "companions) that cramp by themselves; this is its structure, not a fitted number, and is left."]  # fmt: skip
    return [*out, ""]


def priors_chapter() -> list[str]:
    """What tools/fit_priors.py measured on cycles left out."""
    out = ["## Priors from the survey", "", "Fitted by `tools/fit_priors.py`; each survey cycle foretold by a fit on the others. The boosted "
           "model has the same columns. `tools/validate_priors.py --data FOLDER` checks any other cycles.", ""]  # fmt: skip
    out += head(
        "nutrient",
        "people",
        "cases",
        "AUC",
        "boosted",
        "age and sex",
        "Brier",
        "ECE",
        "slope",
        "intercept",
        "log loss",
        "without intake",
    )
    for name, prior in sorted(knowledge().base.fitted_priors.items()):
        h = prior.held_out
        without = h.get("log_loss_without_intake")
        out.append(
            row(
                name,
                int(h["n"]),
                int(h["cases"]),
                f"{h['auc']:.3f}",
                f"{h['boosted_auc']:.3f}",
                f"{h['auc_age_and_sex']:.3f}",
                f"{h['brier']:.4f}",
                f"{h['ece']:.4f}",
                f"{h['slope']:.2f}",
                f"{h['intercept']:+.2f}",
                f"{h['log_loss']:.5f}",
                f"{without:.5f}" if without is not None else "no intake used",
            )
        )
    return [*out, "", "Low calcium: nothing known of a person foretold it better than chance (AUC under 0.55), so the literature's prior is kept. "
            "Serum magnesium was never measured in these cycles: its prior is the literature's.", ""]  # fmt: skip


def learn_chapter() -> list[str]:
    """Questions in ordinary words."""
    library = Library(knowledge())
    asked = yaml.safe_load((ROOT / "tests" / "cases" / "questions.yaml").read_text("utf-8"))
    known = [(q, e) for q, e in asked if e]
    first = sum(bool(a) and a[0].id in e for q, e in known for a in [library.answer(q)])
    three = sum(bool({x.id for x in library.answer(q)[:3]} & set(e)) for q, e in known)
    silent = sum(not library.answer(q) for q, e in asked if not e)
    n, m = len(known), len(asked) - len(known)
    return ["## Questions", "", f"{len(knowledge().base.claims)} sayings. {n} questions of our own writing (synonyms were completed with them in view): "
            f"right answer first {share(first, n)}, among three {share(three, n)}; {silent} of {m} questions without an answer were left unanswered.", ""]  # fmt: skip


def food_chapter(data: Path | None) -> list[str]:
    """Meal matching beside plain fuzzy matching; usual intakes beside the survey's own."""
    from stillwell.nutrition.foods.table import all_foods
    from stillwell.nutrition.intake.meals import match_phrase

    rows = list(csv.DictReader((ROOT / "tests" / "cases" / "meals.csv").open()))
    names = [f.name for f in all_foods() if f.source in ("fndds", "sr")]
    ours, plain = [0, 0, 0], [0, 0]
    start = time.perf_counter()
    for r in rows:
        wanted = re.compile(r["acceptable_name_regex"], re.IGNORECASE)
        item = match_phrase(r["text"])[0]
        found = [f.name for f in item.foods]
        ours[0] += bool(found and wanted.match(found[0]))
        ours[1] += any(wanted.match(x) for x in found[:5])
        ours[2] += bool(item.foods) and float(r["grams_min"]) <= item.foods[0].grams <= float(
            r["grams_max"]
        )
    took = (time.perf_counter() - start) / len(rows) * 1000
    for r in rows:
        wanted = re.compile(r["acceptable_name_regex"], re.IGNORECASE)
        near = [x[0] for x in process.extract(r["text"], names, scorer=fuzz.WRatio, limit=5)]
        plain[0] += bool(wanted.match(near[0]))
        plain[1] += any(wanted.match(x) for x in near)
    n = len(rows)
    out = [
        "## Food",
        "",
        f"{n} meal phrases of our own writing (the second hundred by another author, whose misses were not looked at in tuning; on phrases of strangers top-1 was 85 to 92 %).",
        "",
    ]
    out += head("matching", "top-1", "top-5", "grams in range")
    out.append(
        row(
            f"ours ({took:.1f} ms a phrase)",
            share(ours[0], n),
            share(ours[1], n),
            share(ours[2], n),
        )
    )
    out.append(
        row("plain fuzzy matching of the phrase", share(plain[0], n), share(plain[1], n), "–")
    )
    if data is not None:
        out += ["", *food_lines(data)]
    return [*out, ""]


def knowledge_chapter() -> list[str]:
    """Counts."""
    found = counts(knowledge().base)
    return [
        "## Knowledge",
        "",
        *head("what", "count"),
        *(row(k.replace("_", " "), v) for k, v in found.items()),
        "",
    ]


def chapters(cases: Path, data: Path | None, people: int) -> Iterator[list[str]]:
    """Every chapter in turn, worked out by two processes."""
    published = ROOT / "tests" / "cases" / "published"
    tasks: list[tuple[Callable[..., Any], tuple[Any, ...]]] = [
        (labelled_chapter, (cases, FIRST_SET)),
        (labelled_chapter, (published, SECOND_SET)),
        (rivals_chapter, ([cases, published],)),
        (everyday_chapter, ()),
        (robustness_chapter, ([cases, published],)),
        (interview_chapter, (cases,)),
        (simulation_chapter, (people,)),
        (priors_chapter, ()),
        (leaks_chapter, ()),
        (learn_chapter, ()),
        (food_chapter, (data,)),
        (knowledge_chapter, ()),
    ]
    with ProcessPoolExecutor(2) as pool:
        for future in [pool.submit(work, *given) for work, given in tasks]:
            found = future.result()
            yield found[0] if isinstance(found, tuple) else found


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description="Measure all that docs/validation.md states.")
    parser.add_argument("--cases", type=Path, required=True)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--people", type=int, default=600)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "validation.md")
    arguments = parser.parse_args()
    text = ["# Validation", "", "Written by `make validate` (`tools/validate.py`); edit the program, not this page. Engine speed stands in "
            "`docs/performance.md`.", ""]  # fmt: skip
    for chapter in chapters(arguments.cases, arguments.data, arguments.people):
        print(chapter[0], flush=True)
        text += chapter
    arguments.out.write_text("\n".join(text) + "\n", encoding="utf-8")


__all__ = ["json", "main"]

if __name__ == "__main__":
    main()
