"""A question about a red flag is one whose yes alone makes the case urgent."""

import pytest

from stillwell.knowledge.store import knowledge
from stillwell.triage.red_flags import unasked_red_flags
from stillwell.triage.rules import LEVELS, triage
from tests.case_helpers import told

STORIES = [
    "my back hurts and my legs tingle",
    "my calf is swollen and hurts",
    "my legs are weak",
    "I shake and sweat since I stopped drinking",
    "my thighs hurt after the gym",
]


@pytest.mark.parametrize("story", STORIES)
def test_each_red_flag_asked_would_make_the_case_urgent_and_was_not_told(story):
    known = knowledge()
    case = told(story)
    before = {alert.id for alert in triage(case, known).alerts}
    flags = unasked_red_flags(case, known, {})
    assert flags
    for flag in flags[:40]:
        assert flag not in case.present and flag not in case.absent
        more = told(story)
        more.present.append(flag)
        after = triage(more, known)
        new = [a for a in after.alerts if a.id not in before]
        assert any(LEVELS.index(a.level) <= LEVELS.index("today") for a in new), flag


def test_a_denied_sign_is_not_asked_again():
    known = knowledge()
    case = told("my back hurts and my legs tingle")
    flag = unasked_red_flags(case, known, {})[0]
    case.absent.append(flag)
    assert flag not in unasked_red_flags(case, known, {})
