"""Laws of safety: never above the upper level, never contraindicated, no interaction unsaid."""

from hypothesis import given, settings
from hypothesis import strategies as st

from stillwell.assess.plan import supplement_line, upper_level
from stillwell.case.model import Person
from stillwell.case.understand import TakenMedicine, Understood
from stillwell.knowledge.store import knowledge

base = knowledge().base
people = st.builds(
    Understood,
    st.builds(
        Person, age=st.none() | st.floats(18, 95), sex=st.sampled_from([None, "female", "male"])
    ),
    history_present=st.lists(st.sampled_from(sorted(base.history)), max_size=5, unique=True),
    medicines=st.lists(
        st.sampled_from(sorted(base.medicines)).map(
            lambda g: TakenMedicine(g, g, base.medicines[g].members[0].name)
        ),
        max_size=4,
    ),
)


@settings(max_examples=200, deadline=None)
@given(
    people,
    st.sampled_from(sorted(base.nutrients)),
    st.sampled_from(sorted(base.causes)),
    st.floats(0, 1),
)
def test_the_plan_is_safe(person, name, cause, p):
    nutrient = base.nutrients[name]
    line = supplement_line(knowledge(), person, nutrient, {cause: p})
    if nutrient.supplement is None:
        assert line.verdict == "no"
        return
    for barred in nutrient.supplement.contraindicated:
        held = (barred.removeprefix("history:") in person.history_present) or (
            barred == cause and p >= 0.05
        )
        if held:
            assert line.verdict == "no"
    limit = upper_level(nutrient, person)
    if line.verdict != "no" and limit is not None:
        amounts = [
            float(t)
            for t in line.text.split(nutrient.unit)[0].replace(",", "").split()
            if t.replace(".", "").isdigit()
        ]
        assert amounts
        assert max(amounts) <= limit[0]
    for taken in person.medicines:
        for meeting in base.medicines[taken.group].interactions:
            if meeting.with_ == name:
                assert any(meeting.effect in w for w in line.warnings)
