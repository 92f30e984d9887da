"""Measures how words are read, and writes the chapter "Reading plain words" of docs/validation.md.

    python tools/validate_reading.py --cases FOLDER --messages data/reader

`--cases` holds `lay_dev.jsonl`, `questions_real_dev.jsonl`, `triage_dev.csv` and `everyday_dev/`. The authors
that the reader has not seen are named in its own description. What cannot be measured anew (the learning
curve, trials of other ways) is kept in `data/reader/trials.yaml` with how it was found.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import yaml

from stillwell.assess.evaluate import evaluate
from stillwell.assess.evaluate_reading import ReadingEvaluation, evaluate_reading
from stillwell.assess.evaluate_rewordings import evaluate_rewordings
from stillwell.assess.evaluate_triage import TriageEvaluation, evaluate_triage
from stillwell.assess.labelled_files import read_messages, read_pairs, read_situations
from stillwell.assess.shares import Share
from stillwell.knowledge.store import knowledge
from stillwell.language.claims import claims_in, remembered
from stillwell.language.encoder import encoder

ROOT = Path(__file__).resolve().parent.parent
BEGIN, END = "<!-- reading: begins -->", "<!-- reading: ends -->"
SMALL = 0.02  # shares under this are shown with a digit more
BINS = (0.2, 0.4, 0.6, 0.8, 0.95, 1.01)
Rows = list[list[str]]


def percent(share: Share | None) -> str:
    """A share with its interval."""
    if share is None or share.share is None:
        return "–"
    low, high = share.low or 0.0, share.high or 0.0
    return f"{share.part}/{share.whole} = {share.share:.0%} ({low:.0%}–{high:.0%})"


def table(head: list[str], rows: Iterable[list[str]]) -> list[str]:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(line)} |" for line in lines] + [""]


def reading_rows(found: ReadingEvaluation, names: list[tuple[str, str, str]]) -> Rows:
    """Rows of (what, figure) from sections and figures."""
    rows = []
    for section, figure, text in names:
        share = found.sections[section].get(figure) if section else found.figures.get(figure)
        rows.append([text, percent(share)])
    return rows


LAY = [
    ("all", "recall", "told, and read"),
    ("all", "precision", "claimed as there, and told"),
    ("all", "denials_read", "denials read"),
    ("all", "false_claims", "must not be claimed, and was"),
    ("all", "wrong_denials", "told, but booked absent"),
    ("", "urgent_told", "today or emergency needed, and told so"),
    ("", "emergency_told", "emergency needed, and told so"),
    ("", "urgency_high", "today or emergency where routine or self-care is enough"),
]
QUESTIONS = [
    ("findings", "recall", "findings without course: told, and read"),
    ("findings", "precision", "findings without course: claimed, and told"),
    ("course", "recall", "course: told, and read"),
    ("course", "precision", "course: claimed, and told"),
    ("history", "recall", "history: told, and read"),
    ("history", "precision", "history: claimed, and told"),
    ("", "medicines_read", "medicines read"),
    ("", "medicines_wrong", "medicines claimed, and not taken"),
    ("", "empty_claimed", "questions that hold nothing of ours, with a claim"),
    ("", "urgent_told", "today or emergency needed, and told so"),
    ("", "urgency_above", "above the highest acceptable urgency"),
]


def aims(lay: ReadingEvaluation, asked: ReadingEvaluation, told: TriageEvaluation) -> Rows:
    """What issue and version 0.2.0 say of each figure, and what is reached."""

    def rate(share: Share | None, turned: bool = False) -> str:
        value = 0.0 if share is None or share.share is None else share.share
        value = 1 - value if turned else value
        return f"{value:.1%}" if value < SMALL else f"{value:.0%}"

    every, found, course = lay.sections["all"], asked.sections["findings"], asked.sections["course"]
    return [
        ["messages: recall", "76%", "at least 88%", rate(every["recall"])],
        ["messages: precision", "58%", "at least 82%", rate(every["precision"])],
        ["messages: denials read", "33%", "at least 75%", rate(every["denials_read"])],
        ["messages: must not be claimed, and was", "38%", "at most 7%", rate(every["false_claims"])],
        ["messages: told, but booked absent", "1.8%", "at most 0.7%", rate(every["wrong_denials"])],
        ["messages: urgent, not told today or emergency", "51% told slower", "at most 8%",
         rate(lay.figures["urgent_told"], turned=True)],
        ["questions: recall", "88%", "at least 92%", rate(found["recall"])],
        ["questions: precision", "82%", "at least 90%", rate(found["precision"])],
        ["questions: precision of course", "40%", "at least 75%", rate(course["precision"])],
        ["questions: history claimed wrongly", "33%", "at most 8%",
         rate(asked.sections["history"]["precision"], turned=True)],
        ["questions: medicines claimed wrongly", "31%", "at most 8%", rate(asked.figures["medicines_wrong"])],
        ["questions: nothing of ours, with a claim", "13%", "at most 5%", rate(asked.figures["empty_claimed"])],
        ["questions: today or emergency needed, told so", "36%", "at least 85%",
         rate(asked.figures["urgent_told"])],
        ["situations: urgent as urgent as expected", "64%", "at least 96%", rate(told.figures["enough"])],
        ["situations: harmless alarmed", "8%", "at most 6%", rate(told.figures["false_alarms"])],
    ]  # fmt: skip


def calibration(messages: Path, held: list[str]) -> tuple[Rows, Rows]:
    """(stated against observed, recall and precision by author) on the authors held out."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    by_author: Rows = []
    for author in held:
        path = next(p for p in messages.glob("*.jsonl") if _author(p) == author)
        hit = claimed = told = 0
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            said = {r["id"] for r in row["readings"] if r["status"] == "present"}
            claims = claims_in(row["text"]).of("present", "perhaps")
            for claim in claims:
                place = next(i for i, top in enumerate(BINS) if claim.probability < top)
                bins.setdefault(place, []).append((claim.probability, claim.id in said))
            read = {c.id for c in claims if c.kind == "present"}
            hit, claimed, told = hit + len(read & said), claimed + len(read), told + len(said)
        by_author.append([author, f"{hit / told:.0%}", f"{hit / claimed:.0%}"])
    stated = [
        [
            f"under {BINS[k]:.0%}" if BINS[k] <= 1 else "95% and more",
            str(len(found)),
            f"{sum(p for p, _ in found) / len(found):.2f}",
            f"{sum(t for _, t in found) / len(found):.2f}",
        ]
        for k, found in sorted(bins.items())
    ]
    return stated, by_author


def _author(path: Path) -> str:
    with path.open(encoding="utf-8") as file:
        return str(json.loads(file.readline())["author"])


def times() -> Rows:
    """Time of reading 200 words in this process, of a cold assessment, and memory."""
    words = (
        "my legs shake at night and I cannot sleep because of cramps in my calves " * 14
    ).split()
    text = " ".join(words[:200])
    claims_in(text)
    took = []
    for _ in range(20):
        remembered.cache_clear()
        began = time.perf_counter()
        claims_in(text)
        took.append(time.perf_counter() - began)
    program = Path(sys.executable).with_name("stillwell")
    command = [str(program), "assess", str(ROOT / "examples/restless_evenings.yaml")]
    cold = []
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        cold.append(time.perf_counter() - began)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return [
        ["reading 200 words (median of 20)", f"{1000 * sorted(took)[10]:.0f} ms"],
        ["cold `assess` of the example (median of 5)", f"{sorted(cold)[2]:.2f} s"],
        ["its memory", f"{peak:.0f} MB"],
    ]


def chapter(cases: Path, messages: Path) -> list[str]:
    """All lines of the chapter."""
    known = knowledge()
    lay = evaluate_reading(read_messages(cases / "lay_dev.jsonl", known), known)
    asked = evaluate_reading(read_messages(cases / "questions_real_dev.jsonl", known), known)
    told = evaluate_triage(read_situations(cases / "triage_dev.csv"))
    stories = evaluate(cases / "everyday_dev", from_story=True)
    held = encoder().about["calibration"]["held_out"]
    stated, by_author = calibration(messages, held)
    trials = yaml.safe_load((messages / "trials.yaml").read_text("utf-8"))
    lines = [
        BEGIN, "## Reading plain words", "",
        "Written by `tools/validate_reading.py`. The sets were written or collected by others and never trained on; "
        "they were looked at for kinds of fault, so expect unseen texts to be read somewhat worse.", "",
        *table(["figure", "0.2.0", "aim", "reached"], aims(lay, asked, told)),
        "933 short messages by one independent author, nearly half of them hard negatives:", "",
        *table(["figure", "share (95 %)"], reading_rows(lay, LAY)),
        "394 raw questions of real people:", "",
        *table(["figure", "share (95 %)"], reading_rows(asked, QUESTIONS)),
        "Urgent and harmless situations in words:", "",
        *table(["figure", "share (95 %)"], [[name, percent(share)] for name, share in told.figures.items()]),
        f"Everyday stories ({stories.n}): the label among the first three from the story's words in "
        f"{stories.top3:.0%}, first in {stories.top1:.0%}; less urgent than the label in "
        f"{stories.under_triage:.0%}.", "",
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        pairs = Path(folder) / "pairs.jsonl"
        script = [
            sys.executable,
            str(ROOT / "tools/rewordings.py"),
            str(cases / "triage_dev.csv"),
            "--out",
            str(pairs),
        ]
        subprocess.run(script, check=True, stdout=subprocess.DEVNULL)
        reworded = evaluate_rewordings(read_pairs(pairs))
    lines += ["Neutral rewordings of the situations (`tools/rewordings.py`):", ""]
    lines += table(
        ["figure", "share (95 %)"], [[n, percent(s)] for n, s in reworded.how["all"].items()]
    )
    lines += [
        f"Authors that training has not seen ({', '.join(held)}), by one who knows their labels:",
        "",
    ]
    lines += table(["author", "recall", "precision"], by_author)
    lines += ["What a stated probability means there:", ""]
    lines += table(["stated", "claims", "mean stated", "observed"], stated)
    lines += ["Learning curve (held-out F1 at the best threshold; the last row ships):", ""]
    lines += table(
        ["messages", "readings", "rounds", "F1", "note"],
        [[str(x) for x in r] for r in trials["curve"]],
    )
    lines += ["Ways that were compared:", ""]
    lines += table(["way", "lay: recall", "precision", "questions: recall", "precision", "note"],
                   [[str(x) for x in r] for r in trials["ways"]])  # fmt: skip
    lines += ["Time and memory:", "", *table(["what", "figure"], times())]
    lines += [trials["misses"].strip(), "", END]
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=Path, required=True)
    parser.add_argument("--messages", type=Path, default=ROOT / "data" / "reader")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "validation.md")
    options = parser.parse_args()
    text = options.out.read_text("utf-8")
    new = "\n".join(chapter(options.cases, options.messages))
    if BEGIN in text:
        text = text[: text.index(BEGIN)] + new + text[text.index(END) + len(END) :]
    else:
        first = text.index("\n## ") + 1
        text = text[:first] + new + "\n\n" + text[first:]
    options.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
