"""Those more at risk of a deficiency have it more severely, as the survey counts."""

import pytest

from stillwell.assess.evidence import case_evidence
from stillwell.assess.model import model
from stillwell.case.read import case_from
from stillwell.case.understand import understand

PERSON = {"person": {"sex": "female", "age": 50}, "findings": {"present": ["leg_cramps"]}}


def severe_share(cause, **told):
    """The severe part of a cause's prior."""
    found = case_evidence(model(), understand(case_from({**PERSON, **told})), 0)
    _, mild, severe = found.network.prior[0, model().cause_index[cause]]
    return severe / (mild + severe)


def test_nothing_told_leaves_the_share_of_everybody():
    share = model().known.base.causes["low_potassium"].severe_share.p
    assert severe_share("low_potassium") == pytest.approx(share, rel=1e-6)


@pytest.mark.parametrize(
    ("cause", "told"),
    [
        ("low_potassium", {"medicines": ["furosemide 40 mg", "bendroflumethiazide 5 mg"]}),
        ("low_vitamin_d", {"history": {"present": ["little_sun", "obesity"]}}),
        ("low_iron", {"history": {"present": ["frequent_blood_donor", "coeliac_disease"]}}),
    ],
)
def test_what_makes_a_lack_likelier_makes_it_worse(cause, told):
    assert severe_share(cause, **told) > 1.15 * severe_share(cause)


def test_what_makes_a_lack_rarer_makes_it_milder():
    takes = {"supplements": ["vitamin D 1000 IU daily"]}
    assert severe_share("low_vitamin_d", **takes) < severe_share("low_vitamin_d")
