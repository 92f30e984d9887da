"""A result that is told as normal, by name, by group or by number, counts as normal for an alarm too."""

import pytest

from stillwell.assess.assessment import assess
from stillwell.case.read import case_from

SPASM = "My fingers cramp into claws and my lips tingle. "
PANIC = "Panic attacks: my lips tingle and my fingers go into claws, it passes when I calm down. "


def ruled_out(words):
    return " ".join(assess(case_from({"complaint": words})).rule_out)


@pytest.mark.parametrize(
    "result",
    [
        "Calcium normal.",
        "My calcium came back normal last week.",
        "Bone profile normal.",
        "Calcium 2.38 mmol/L.",
        "Bone profile and U&E all normal.",
    ],
)
def test_normal_calcium_is_not_to_be_ruled_out(result):
    assert "low calcium" in ruled_out(SPASM)
    assert "calcium" not in ruled_out(SPASM + result)


@pytest.mark.parametrize("result", ["U&E normal.", "Potassium normal.", "Electrolytes are fine."])
def test_normal_potassium_is_not_to_be_ruled_out(result):
    words = "My legs went weak over two days and my heart skips. I take spironolactone. "
    assert "potassium" in ruled_out(words)
    assert "potassium" not in ruled_out(words + result)


@pytest.mark.parametrize("result", ["Bone profile normal three years ago.", "Calcium 1.9 mmol/L."])
def test_an_old_or_a_low_result_rules_nothing_out(result):
    assert "low calcium" in ruled_out(SPASM + result)


@pytest.mark.parametrize(
    "words",
    [
        PANIC,
        PANIC + "Calcium 2.38 mmol/L, magnesium 0.84 mmol/L, all normal.",
        PANIC + "ECG and bloods all normal last month.",
        "Panic attacks with tingling lips and my hands go into claws, it settles if I breathe slowly.",
        "In a panic attack my hands claw up and lips tingle; calcium normal.",
    ],
)
def test_spasm_of_panic_is_overbreathing_and_no_alarm(words):
    assert assess(case_from({"complaint": words})).urgency.level == "routine"


@pytest.mark.parametrize("result", ["Calcium 1.9 mmol/L.", "Magnesium 0.4 mmol/L."])
def test_spasm_of_panic_beside_a_low_salt_is_an_alarm(result):
    assert assess(case_from({"complaint": PANIC + result})).urgency.level in ("today", "emergency")
