"""Nothing says that the shaking of an antidepressant passes by itself: no source that was read says so."""

import re

from stillwell.knowledge.store import knowledge

COMFORT = re.compile(
    r"\b(?:settles?|wears? off|fades?|passes|goes away|go away|gets? better by itself|subsides?)\b",
    re.I,
)


def test_no_record_of_antidepressants_or_shaking_from_a_medicine_comforts_without_a_source():
    base = knowledge().base
    groups = ("ssri", "snri", "tricyclics", "mirtazapine", "other_antidepressants")
    texts = [
        effect.note or ""
        for g in groups
        if g in base.medicines
        for effect in base.medicines[g].effects
    ]
    record = base.management["drug_induced_tremor"]
    texts += [step.text for step in (*record.steps, *record.home, *record.back)]
    texts += [
        f"{claim.claim} {claim.why}"
        for claim in base.claims.values()
        if re.search(r"antidepressant|ssri|sertraline", f"{claim.claim} {claim.why}", re.I)
    ]
    assert len(texts) > 10
    assert [t for t in texts if COMFORT.search(t)] == []
