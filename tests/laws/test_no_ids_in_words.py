"""No text of a report holds an internal name: what is said to people is in people's words."""

import random
import re

import pytest

from stillwell.assess.assessment import assess
from stillwell.case.model import Case
from stillwell.case.understand import understand
from stillwell.knowledge.store import knowledge
from stillwell.report.build import build
from stillwell.report.render.terminal import render
from stillwell.triage.rules import triage

base = knowledge().base
IDS = {
    i
    for table in (base.findings, base.history, base.causes, base.triage, base.medicines)
    for i in table
}
IDS = {i for i in IDS if "_" in i}
_NAME = re.compile(r"(?<![\w/.:-])[a-z][a-z0-9]*(?:_[a-z0-9]+)+(?![\w/])")


def ids_in(text: str) -> set[str]:
    return set(_NAME.findall(text)) & IDS


@pytest.mark.parametrize(
    "story",
    [
        "I'm 66 on simvastatin and clarithromycin since Friday. Thighs ache and are weak. I have AF.",
        "My legs may be a bit weak, could it be serious? My pulse seems odd.",
        "Perhaps numb between the legs. I take co-codamol and paracetamol.",
    ],
)
def test_no_report_from_words_shows_an_id(story):
    document = build(assess(Case(story=story)))
    assert not ids_in(render(document, everything=True, width=200))


def test_no_alert_of_doubtful_words_names_an_id():
    known, choose = knowledge(), random.Random(5)
    names = sorted(base.findings)
    for _ in range(150):
        case = understand(Case(story="My legs ache."))
        case.present += choose.sample(names, 3)
        doubtful = choose.sample(names, 3)
        case.present += doubtful
        case.certainty.update(dict.fromkeys(doubtful, 0.4))
        case.present += base.findings[doubtful[0]].implies
        for alert in triage(case, known).alerts:
            assert not ids_in(" ".join([alert.why, alert.do, *alert.perhaps, *alert.also])), (
                alert.id
            )


def test_no_words_of_the_base_name_an_id():
    for rule in base.triage.values():
        assert not ids_in(f"{rule.why} {rule.do}"), rule.id
    for limited in base.dose_limits.values():
        for limit in limited.limits:
            assert not ids_in(f"{limit.harm} {limit.advice}"), limited.id


def test_the_law_sees_an_id_where_there_is_one():
    assert ids_in("If “leg_weakness” means what we think it may") == {"leg_weakness"}
