"""What of all that was told is still unsure, each with the page where it is put right."""

from __future__ import annotations

from stillwell.errors import StillwellError
from stillwell.web.desk import Visit
from stillwell.web.wording import words


async def unsure(visit: Visit) -> list[tuple[str, str]]:
    """(line, step) of results that wait and of medicines that were not used."""
    journey, found = visit.journey, []
    if journey.sheet is not None:
        count = len(journey.sheet.rows)
        line = words()["tests"]["waiting" if count > 1 else "waiting_one"].format(count=count)
        found.append((str(line), "tests"))
    return [*found, *((line, "medicines") for line in await unused_medicines(visit))]


async def unused_medicines(visit: Visit) -> list[str]:
    """The lines that say which entry of what is taken was not used."""
    entries = [*(visit.journey.medicines or []), *visit.journey.supplements]
    if not (entries and visit.journey.told):
        return []
    try:
        unclear = (await visit.assessment("bars")).unclear
    except StillwellError:
        return []
    return [line for line in unclear if any(entry in line for entry in entries)]
