"""What the list of stories calls a story: the sign of an emergency, else what is complained of."""

from __future__ import annotations

import msgspec

from stillwell.assess.assessment import Assessment
from stillwell.case.claims_kept import HARM_TO_OTHERS
from stillwell.knowledge.store import knowledge
from stillwell.language.durations import ONSETS
from stillwell.report.build import heading_of
from stillwell.web.desk import Visit
from stillwell.web.journey import Journey
from stillwell.web.wording import words
from stillwell.writing import capital

QUOTED = 40  # letters of the own words, where nothing better is known


def story_name(assessed: Assessment) -> str:
    """A name for the person's own list; "" where nothing was understood.

    How it began names no story, and thoughts of dying, or of harming somebody, are not written on a page that others may glance at.
    """
    base = knowledge().base
    mind = {name for story in base.stories.values() for name in story.mind}
    mind.add(HARM_TO_OTHERS)
    mind |= {name for name, finding in base.findings.items() if mind & set(finding.implies)}
    unsaid = {base.findings[name].name for name in {*ONSETS, *mind} if name in base.findings}
    for alert in assessed.urgency.alerts:
        if alert.level == "emergency":
            signs = [name for name in alert.because if name not in unsaid]
            if signs:
                return capital(signs[0])
    if unsaid & set(assessed.complaint):  # nor what follows from them
        unsaid |= {
            base.findings[i].name
            for n in mind & base.findings.keys()
            for i in base.findings[n].implies
        }
    said = [name for name in assessed.complaint if name not in unsaid]
    if assessed.complaint and not said:
        return str(words()["home"]["private"])
    return heading_of(msgspec.structs.replace(assessed, complaint=said))


async def keep_name(visit: Visit, urgent_first: bool = False) -> None:
    """Name a story by what it tells now, and keep whether its alarm is shown before anything else.

    Raises:
        CaseError: it cannot be used.
        TooBusy: it could not be worked out.
        StoreError: it could not be kept.
    """
    name = story_name(await visit.assessment("bars"))
    if name == visit.journey.name and (visit.journey.urgent_first or not urgent_first):
        return

    def change(journey: Journey) -> None:
        journey.name = name
        journey.urgent_first = journey.urgent_first or urgent_first

    await visit.keep(change)


def quoted(told: str) -> str:
    """The beginning of a person's own words, for a story that has no name.

    >>> quoted("My legs feel odd when I lie down and I cannot sleep")
    '“My legs feel odd when I lie down and …”'
    """
    text = " ".join(told.split())
    if not text:
        return ""
    short = text if len(text) <= QUOTED else text[:QUOTED].rsplit(" ", 1)[0] + " …"
    return f"“{short}”"
