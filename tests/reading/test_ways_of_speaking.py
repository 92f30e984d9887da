"""Ways of speaking of killing and dying, each beside words that mean it: the first alarms nobody, the second always."""

import pytest

from stillwell.assess.assessment import assess
from stillwell.case.read import case_from

OF_HARM = {"suicidal_thoughts", "suicide_plan", "thoughts_of_harming_others", "low_mood"}

PAIRS = [
    ("I wanna murder my flatmate", "I wanna murder my flatmate, I keep a knife by the bed"),
    ("I could murder a curry", "I want to murder my brother"),
    ("my calves are killing me", "I keep thinking of killing myself"),
    ("this cramp is killing me", "this cramp makes me want to kill myself"),
    ("I'm dying for a wee", "I want to be dead"),
    ("I could kill for a coffee", "I could kill myself, the tablets are here"),
    ("I'd kill for a good night's sleep", "I can't go on without sleep, I want to end my life"),
    ("my mum would kill me if she knew", "voices tell me to kill my mum"),
    ("I could have killed him for waking me", "I have urges to kill him, I can't stop thinking it"),
    ("I nearly died laughing", "I wish I had died in my sleep"),
    ("I'm dead on my feet", "I'd be better off dead"),
    ("dying of boredom here", "I want to die, nothing helps"),
    ("these stairs are murder on my knees", "I have thoughts of murdering my father"),
    ("my wife will murder me if I forget the milk", "I will murder my wife tonight"),
    ("I want to die of embarrassment when my hand shakes", "I want to die when my hand shakes"),
    ("scared to death of spiders", "I think of death every night and want it to end"),
    ("bored to death on the sofa", "I would rather be dead than on this sofa"),
    ("I'd rather die than go back to that gym", "I'd rather die than live with these legs"),
    ("my legs will be the death of me", "I have planned my death"),
    ("I could strangle my boss", "I am going to strangle my boss, I have a rope"),
    ("I died a death on the treadmill", "I tried to hang myself last night"),
    ("to die for, that cake", "I am ready to die, I have written a note"),
    ("my phone died and so did I, so tired", "I wish I were dead, I am so tired"),
    ("dead tired every evening", "every evening I wish I was dead"),
    (
        "I could wring his neck when he snores",
        "I want to suffocate him with a pillow when he snores",
    ),
    ("He'll kill me for being late", "I am thinking of killing him"),
    ("my back was killing me all weekend", "all weekend I thought about killing myself"),
    ("I felt like throttling the neighbour's band", "I want to stab the neighbour"),
    ("dying to know what it is", "I do not care what it is, I want to end it all"),
    ("she'd murder me if I smoked", "I want to hurt my baby"),
    ("the boss will kill me if I nap", "I am going to kill my boss"),
    ("I'm dying of thirst after the gym", "I stopped drinking so that I die"),
    ("worried to death about my exam", "I am so worried that I want to take my own life"),
    ("jumped out of my skin", "I want to jump off a bridge"),
    ("my feet kill me after a shift", "after a shift I think of killing myself"),
    ("legs dead after leg day", "I wish I was dead, and my legs ache after leg day"),
    ("could have died of shame", "could have died, I took the whole box of tablets on purpose"),
    ("I'm going to kill it at the gym", "I'm going to kill myself"),
    ("my sister would have killed me", "I want to kill my sister"),
    ("I could throttle my alarm clock", "I want to throttle my baby"),
    ("cramp from hell, murder it was", "hell every night, I want to end my life"),
]


def read(words):
    return assess(case_from({"complaint": words}), draws=0, detail=False)


@pytest.mark.parametrize("words", [idiom for idiom, _ in PAIRS])
def test_a_way_of_speaking_alarms_nobody(words):
    done = read(words)
    assert not any({*alert.because} & OF_HARM for alert in done.urgency.alerts)
    assert done.urgency.level not in ("emergency", "today"), done.urgency.alerts


@pytest.mark.parametrize("words", [meant for _, meant in PAIRS])
def test_what_is_meant_always_alarms(words):
    done = read(words)
    assert done.urgency.level in ("emergency", "today")
    causing = {name for alert in done.urgency.alerts for name in alert.because}
    net = any(alert.id == "sounds_urgent" for alert in done.urgency.alerts)
    assert causing or net
