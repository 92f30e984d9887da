"""Takes in medicines and supplements, from lists and from words, with their doses."""

from __future__ import annotations

from stillwell.case.doses import daily_dose, dose_beside, of_element
from stillwell.case.medicines_in_words import NamedMedicine
from stillwell.case.model import Medicine
from stillwell.case.readers import Readers
from stillwell.case.understood import TakenMedicine, Understood
from stillwell.knowledge.schema import DrugClass
from stillwell.knowledge.store import Knowledge


def take_named(
    one: NamedMedicine, others: list[str], understood: Understood, readers: Readers
) -> None:
    """Take in a medicine or supplement that words name; `others`: the other names in the same words."""
    base = readers.known.base
    many = _say_ambiguous(one.told, one.targets, understood, readers.known) if one.counts else 1
    for target in one.targets if one.counts else one.targets[:1]:
        group, member = target.split(":")
        stopped = one.stopped
        if group in base.medicines:
            taken = TakenMedicine(one.told, group, member, stopped, one_of=many)
            (understood.medicines if one.counts else understood.planned).append(taken)
        else:
            dose = dose_beside(one.before, one.after, others, base.supplements[group])
            dose = None if _is_mixture(base.supplements[group], member) else dose
            if dose is not None:
                beside = " ".join([*one.before.split()[-4:], one.told, *one.after.split()[:6]])
                dose = of_element(beside, dose, base.supplements[group])
            taken = TakenMedicine(one.told, group, member, stopped, dose, many)
            (understood.supplements if one.counts else understood.planned).append(taken)


def _say_ambiguous(words: str, targets: list[str], understood: Understood, known: Knowledge) -> int:
    """How many classes a word stands for ("water tablet"); where several, say so."""
    groups = list(dict.fromkeys(t.split(":")[0] for t in targets))
    if len(groups) > 1:
        table = {**known.base.medicines, **known.base.supplements}
        ways = ", ".join(table[g].name for g in groups)
        said = known.base.wording.readings["several_medicines"]
        understood.unclear.append(said.format(words=words, ways=ways))
    return len(groups)


def take_medicine(
    item: Medicine | str, target: list[TakenMedicine], understood: Understood, readers: Readers
) -> frozenset[str]:
    """Take in one entry of a list; returns the classes that it names."""
    medicine = item if isinstance(item, Medicine) else Medicine(name=item)
    names, base = readers.names, readers.known.base
    found = names.find(medicine.name)
    stopped, status = medicine.stopped, "taking"
    words = " ".join(t for t in (medicine.name, medicine.dose, medicine.duration) if t)
    pieces = names.told(f"taking {words}")
    if pieces:
        found = found or pieces[0].targets  # "omeprazole 20 mg"
        status = names.entry_status(words, pieces[0])
        stopped = stopped or status in ("stopped", "past")
    groups = frozenset(place.split(":")[0] for place in found)
    if found and status == "other":
        understood.unclear.append(base.wording.readings["other"].format(words=medicine.name))
        return groups
    if found and status == "wished" and not stopped:
        target = understood.planned
    if not found:
        said = base.wording.readings["unknown_medicine"]
        understood.unclear.append(said.format(words=medicine.name))
        return frozenset()
    many = _say_ambiguous(medicine.name, found, understood, readers.known)
    for place in found:
        group, member = place.split(":")
        dose = None
        if group in base.supplements and not _is_mixture(base.supplements[group], member):
            dose = daily_dose(medicine.dose or medicine.name, base.supplements[group])
            if dose is not None:
                dose = of_element(words, dose, base.supplements[group])
        target.append(TakenMedicine(medicine.name, group, member, stopped, dose, many))
    return groups


def _is_mixture(group: DrugClass, member: str) -> bool:
    """Whether a product's weight tells nothing of its nutrient."""
    return any(m.mixture for m in group.members if m.name == member)


def count_doses(understood: Understood, known: Knowledge) -> None:
    """Doses decide whether a supplement counts as much of it."""
    for taken in understood.supplements:
        much = (
            known.base.supplements[taken.group].much
            if taken.group in known.base.supplements
            else None
        )
        if much is None or taken.dose is None or taken.stopped:
            continue
        if taken.dose > much.above:
            understood.history_present.append(much.history)
        elif much.history in understood.history_present and much.history in understood.from_words:
            understood.history_present.remove(much.history)
