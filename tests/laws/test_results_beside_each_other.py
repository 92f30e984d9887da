"""Results and a diet that seem to contradict each other: the report says which counts, and why."""

import pytest

from stillwell.assess.assessment import assess
from stillwell.case.read import case_from
from stillwell.report.write import write

EATS_IRON = (
    "breakfast 60 g bran flakes; lunch 300 g lentil soup; dinner 200 g beef steak and spinach"
)


def assessed(**fields):
    person = {"age": 34, "sex": "female"}
    return assess(case_from({"person": person, **fields}), draws=0)


@pytest.mark.parametrize(
    "other", [("serum iron", 16, "umol/L"), ("transferrin saturation", 28, "%")]
)
def test_a_low_ferritin_beside_a_normal_iron_is_explained_with_its_source(other):
    name, value, unit = other
    labs = [
        {"name": "ferritin", "value": 9, "unit": "ng/mL"},
        {"name": name, "value": value, "unit": unit},
    ]
    done = assessed(complaint="my legs fidget in bed", labs=labs)
    (note,) = done.result_notes
    assert note.text.startswith("Ferritin counts here") and name in note.text.lower()
    assert all(key in done.references for key in note.cite)
    assert note.cite
    text = " ".join(write(done, "terminal").split())
    assert "Ferritin counts here" in text


@pytest.mark.parametrize(
    "labs",
    [
        [("ferritin", 9, "ng/mL")],
        [("ferritin", 90, "ng/mL"), ("serum iron", 16, "umol/L")],
        [("ferritin", 9, "ng/mL"), ("serum iron", 5, "umol/L")],
    ],
)
def test_what_does_not_contradict_is_not_explained(labs):
    rows = [{"name": n, "value": v, "unit": u} for n, v, u in labs]
    assert assessed(complaint="my legs fidget in bed", labs=rows).result_notes == []


def test_a_diet_that_holds_enough_is_not_told_as_enough_beside_an_empty_store():
    labs = [{"name": "ferritin", "value": 9, "unit": "ng/mL"}]
    done = assessed(complaint="my legs fidget in bed", diary=EATS_IRON, labs=labs)
    text = " ".join(write(done, "terminal").split())
    assert "Your ferritin 9 ng/mL is low all the same: what you eat may be enough" in text
    without = assessed(complaint="my legs fidget in bed", diary=EATS_IRON)
    assert "all the same" not in " ".join(write(without, "terminal").split())
