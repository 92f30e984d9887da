"""Takes in medicines and supplements, from lists and from words, with their doses."""

from __future__ import annotations

from dataclasses import replace

from stillwell.case.daily_amount import Portion, portion
from stillwell.case.dose_words import dose_words
from stillwell.case.doses import (
    REACH,
    count_before,
    daily_dose,
    dose_beside,
    of_element,
    taken_a_day,
)
from stillwell.case.medicines_in_words import NamedMedicine
from stillwell.case.model import Medicine
from stillwell.case.readers import Readers
from stillwell.case.understood import NotKnown, TakenMedicine, Understood
from stillwell.knowledge.base import Base
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
        record = base.medicines.get(group) or base.supplements[group]
        dose = _dose_of_name(record, member, one.after, one.before)
        taken = TakenMedicine(
            one.told,
            group,
            member,
            one.stopped,
            dose,
            many,
            dose_told=dose_words(_own(one.after, others), one.before),
        )
        dosed_as = _dosed_as(group, member, base)
        if dose is None and dosed_as is not None:
            dose = dose_beside(one.before, one.after, others, dosed_as)
            if dose is not None:
                beside = " ".join([*one.before.split()[-4:], one.told, *one.after.split()[:6]])
                taken = _with_dose(taken, beside, dose, dosed_as, understood, readers)
        if one.status in ("taking", "wished"):
            found = portions_of(base, one.told, member, one.before, _till_next(one.after, others))
            understood.portions += [replace(p, planned=one.status == "wished") for p in found]
        listed = understood.medicines if group in base.medicines else understood.supplements
        (listed if one.counts else understood.planned).append(taken)


def _till_next(words: str, others: list[str]) -> str:
    """Words up to the next name of a medicine."""
    for other in others:
        words = f" {words} ".split(f" {other} ")[0].strip() if other else words
    return words


def portions_of(base: Base, told: str, member: str, before: str, after: str) -> list[Portion]:
    """What words beside a name tell of each medicine of limited amount that the product holds.

    A name that no product has ("paracetomol") is read as the medicine's own.
    """
    words = _plain(told)
    names = {words, words.removesuffix("s")}
    known = {
        _plain(word): (limited.id, product.mg)
        for limited in base.dose_limits.values()
        for product in limited.products
        for word in product.words
    }
    held = [
        portion(limited.id, told, before, after, product.mg)
        for limited in base.dose_limits.values()
        for product in limited.products
        if names & {_plain(word) for word in product.words}
    ]
    if held or _plain(member) not in known or _is_brand(base, words):
        return held
    of, milligrams = known[_plain(member)]
    return [portion(of, told, before, after, milligrams)]


def _plain(name: str) -> str:
    return " ".join(name.lower().replace("-", " ").split())


def _is_brand(base: Base, name: str) -> bool:
    """Whether a name is a brand, which may hold more or less of a medicine than its plain tablet."""
    return any(
        name == _plain(brand)
        for record in base.medicines.values()
        for medicine in record.members
        for brand in medicine.brands
    )


def _dose_of_name(record: DrugClass, member: str, words: str, before: str = "") -> float | None:
    """What a product whose name tells it ("B-50") brings a day of the nutrient of its class."""
    holds = next((m.holds for m in record.members if m.name == member), {})
    if record.id not in holds:
        return None
    return holds[record.id] * count_before(before) * taken_a_day(words[:REACH])


def _dosed_as(group: str, member: str, base: Base) -> DrugClass | None:
    """The supplement by whose units and salts a dose is read; None where a weight tells no nutrient."""
    record = base.medicines.get(group) or base.supplements[group]
    product = next((m for m in record.members if m.name == member), None)
    if product is not None and product.element_of is not None:
        return base.supplements[product.element_of]
    if not record.dose_unit or (product is not None and product.mixture):
        return None
    return record


def _with_dose(
    taken: TakenMedicine,
    words: str,
    dose: float,
    record: DrugClass,
    understood: Understood,
    readers: Readers,
) -> TakenMedicine:
    """The same with its dose as the element; where that is unclear both are kept and said."""
    least, most = of_element(words, dose, record)
    if least == most:
        return replace(taken, dose=most)
    said = readers.known.base.wording.readings["salt_or_element"]
    amounts = {"least": f"{least:.3g}", "most": f"{most:g}", "unit": record.dose_unit}
    understood.unclear.append(said.format(words=taken.told, element=record.name, **amounts))
    return replace(taken, dose=most, dose_least=least)


def _say_ambiguous(words: str, targets: list[str], understood: Understood, known: Knowledge) -> int:
    """How many classes a word stands for ("water tablet"); where several, say so."""
    groups = list(dict.fromkeys(t.split(":")[0] for t in targets))
    if len(groups) > 1:
        understood.unclear.append(_several(words, groups, known))
    return len(groups)


def _several(words: str, groups: list[str], known: Knowledge) -> str:
    """The line that a word may mean several classes of medicines."""
    table = {**known.base.medicines, **known.base.supplements}
    ways = ", ".join(table[g].name for g in groups)
    return known.base.wording.readings["several_medicines"].format(words=words, ways=ways)


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
        kind = names.strange.is_kind(medicine.name.lower())
        said = base.wording.readings["unknown_kind" if kind else "unknown_medicine"]
        understood.unclear.append(said.format(words=medicine.name))
        understood.not_known.append(NotKnown(medicine.name, medicine.dose or "", stopped))
        return frozenset()
    many = _say_ambiguous(medicine.name, found, understood, readers.known)
    if not stopped and target is understood.medicines:
        piece = pieces[0] if pieces else None
        name = piece.told if piece else medicine.name
        before, after = (piece.before.removeprefix("taking"), piece.after) if piece else ("", "")
        if medicine.duration and medicine.duration not in after:
            after = f"{after} for {medicine.duration}"
        for place in found[:1]:
            understood.portions += portions_of(base, name, place.split(":")[1], before, after)
    for place in found:
        group, member = place.split(":")
        record = base.medicines.get(group) or base.supplements[group]
        dose = _dose_of_name(record, member, words)
        taken = TakenMedicine(
            medicine.name,
            group,
            member,
            stopped,
            dose,
            many,
            dose_told=(medicine.dose or "").strip() or dose_words(_behind_name(words, pieces)),
        )
        dosed_as = _dosed_as(group, member, base)
        if dose is None and dosed_as is not None:
            dose = daily_dose(medicine.dose or medicine.name, dosed_as)
            if dose is not None:
                taken = _with_dose(taken, words, dose, dosed_as, understood, readers)
        target.append(taken)
    return groups


def _own(after: str, others: list[str]) -> str:
    """What follows a name, up to the name of another medicine."""
    for other in others:
        after = after.split(f" {other} ")[0] if other else after
    return after


def _behind_name(words: str, pieces: list[NamedMedicine]) -> str:
    """What follows the medicine's name in an entry of a list."""
    return pieces[0].after if pieces else words.partition(" ")[2]


def join_doses(understood: Understood) -> None:
    """Several products of one kind, told with doses of their own, are one entry with their sum.

    The same dose told again ("magnesium 400 mg" in the list and in the story) is the same product; a product
    without its dose beside one with it is that product.
    """
    for listed in (understood.medicines, understood.supplements):
        products: dict[tuple[str, str, bool], dict[float, TakenMedicine]] = {}
        for one in listed:
            if one.dose is not None:
                of_kind = products.setdefault((one.group, one.member, one.stopped), {})
                of_kind.setdefault(one.dose, one)
        kept = []
        for one in listed:
            same = products.get((one.group, one.member, one.stopped), {})
            if one.dose is None or not same:
                kept.append(one)
            elif one is next(iter(same.values())):
                sure, most = (sum(o.sure_dose or 0.0 for o in same.values()), sum(same))
                told = " + ".join(o.dose_told for o in same.values() if o.dose_told)
                least = sure if sure < most else None
                kept.append(replace(one, dose=most, dose_least=least, dose_told=told))
        listed[:] = kept


def name_kinds(understood: Understood, known: Knowledge) -> None:
    """A word that may mean several classes ("water tablet") is the medicine of one of them that is named beside it."""
    for listed in (understood.medicines, understood.supplements):
        named = {one.group for one in listed if one.one_of == 1 and not one.stopped}
        for told in dict.fromkeys(one.told for one in listed if one.one_of > 1):
            ways = list(dict.fromkeys(o.group for o in listed if o.told == told and o.one_of > 1))
            if named.isdisjoint(ways):
                continue
            listed[:] = [o for o in listed if o.told != told or o.one_of == 1]
            line = _several(told, ways, known)
            understood.unclear = [u for u in understood.unclear if u != line]


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
