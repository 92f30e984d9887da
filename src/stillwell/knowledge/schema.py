"""The shape of each kind of knowledge file.

Every number carries its source on the same line: `cite` with an `interval` or a sample size `n`,
or `judgement: true` with a `reason` and an `interval`. `interval` is a 95 % interval.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from stillwell.writing import capital

Level = Literal["emergency", "today", "soon", "routine", "self_care"]
Strength = Literal["high", "moderate", "low", "very low"]
Sex = Literal["female", "male", "any"]
Probability = Annotated[float, Meta(ge=0.0, le=1.0)]
Positive = Annotated[float, Meta(gt=0.0)]
Cite = str | list[str]


class Struct(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Base of all knowledge records: unknown fields are refused."""


Basis = Literal["counted", "derived", "worded"]
FrequencyWord = Literal["always", "usual", "common", "some", "rare", "listed"]


class Sourced(Struct, kw_only=True):
    """A number's standing: cited with an interval or sample size, or a judgement with a reason.

    `basis` of a cited number: `counted` (the figure stands in the source, for this quantity), `derived` (from
    figures of the source by arithmetic or an adjustment that `note` names), `worded` (the source has a word of
    frequency only). A judgement has none.
    """

    interval: tuple[float, float] | None = None
    n: Annotated[int, Meta(ge=1)] | None = None
    cite: Cite | None = None
    judgement: bool = False
    reason: str | None = None
    note: str | None = None
    basis: Basis | None = None


class Reference(Struct, kw_only=True):
    """A source that was read. `read` says what was read (abstract, table, page, full text).

    `accessed`: the year in which a page that shows no date was read.
    """

    title: str
    year: int | None = None
    authors: str | None = None
    journal: str | None = None
    doi: str | None = None
    pmid: int | None = None
    pmcid: str | None = None
    url: str | None = None
    accessed: int | None = None
    read: str


# ---- causes --------------------------------------------------------------------------------------


class Prior(Sourced, kw_only=True):
    """How common a cause is within four weeks, in one age band and sex.

    Either `p` (prevalence), or `incidence_per_100000_year` with `lasts_weeks`: then
    p = incidence x (4 + lasts_weeks) / 52.18 / 100000. `interval` is in the unit of the number given.
    """

    ages: tuple[int, int] = (18, 120)
    sex: Sex = "any"
    p: Probability | None = None
    incidence_per_100000_year: Positive | None = None
    lasts_weeks: float = 4.0


class Share(Sourced, kw_only=True):
    """A probability with its source."""

    p: Probability


class SevereRises(Sourced, kw_only=True):
    """How much severer a cause is in those more at risk of it.

    `slope`: the log-odds by which the severe share of those who have it rises with each log-odds of being
    more at risk than others of the same age and sex.
    """

    slope: float


class RiskFactor(Sourced, kw_only=True):
    """What a history item does to the prior: an odds ratio `or`, or a direct probability `p`.

    `factor` is a history id. `p` is P(cause within four weeks | factor present). Factors that share a
    `group` overlap: only the strongest one present counts.
    """

    factor: str
    odds_ratio: Positive | None = msgspec.field(default=None, name="or")
    p: Probability | None = None
    group: str | None = None


class RaisedBy(Sourced, kw_only=True):
    """Another cause that can produce this one: p = P(this arises | that cause present in `state`)."""

    cause: str
    p: Probability
    state: str = "any"
    gives: str | None = None


class Produces(Sourced, kw_only=True):
    """P(finding | cause), as observed among people with the cause (leak included).

    For a quality or a course item p is conditional on the cause having produced the finding it
    qualifies. `state: any` holds in every state, else name one. k of n may replace p. `word`: of a worded
    number, the source's word of frequency (`listed`: named without one).
    """

    finding: str
    word: FrequencyWord | None = None
    p: Probability | None = None
    k: int | None = None
    state: str = "any"


class Inhibits(Sourced, kw_only=True):
    """A finding that speaks against the cause: its probability is multiplied by `factor` (< 1)."""

    finding: str
    factor: Probability
    state: str = "any"


class LabEffect(Sourced, kw_only=True):
    """P(lab is outside the reference range on one side | cause). `marked`: share of those beyond
    the test's `marked` threshold. For tests that measure the cause itself use the test file's
    `measures` instead."""

    lab: str
    side: Literal["low", "high"]
    p: Probability
    marked: Probability | None = None
    state: str = "any"


class Claim(Struct, kw_only=True):
    """A popular saying about this cause and what the evidence says of it."""

    claim: str
    verdict: Literal["supported", "partly", "not supported", "unknown"]
    why: str
    strength: Strength
    cite: Cite | None = None
    judgement: bool = False
    reason: str | None = None


class GivesWay(Struct, kw_only=True):
    """Where `when` holds and `unless` does not, a cause is listed and told after the cause `to`, whatever the
    numbers: what would speak for it was not told, and the other is not to be missed. `text` says why, and goes
    on from "because"."""

    to: str
    when: Condition
    unless: Condition
    text: str
    judgement: bool = False
    reason: str | None = None


class Cause(Struct, kw_only=True):
    """One cause of shaking, restless, twitching, cramping, tingling or weak legs.

    `general`: it says what is wrong and not why (polyneuropathy); where one of the causes that raise it
    accounts for most of it, that one is listed first.
    `opposite`: the other end of what this cause is defined by (low and high potassium); nobody has both.
    `names_no_danger`: a state or a sign of many illnesses (pregnancy, a chill), not something to rule out: under
    an alarm the words of the rule (`also`) stand in its place.
    `behind`: dangers after which it is listed where an alarm names them (weak veins after a clot).
    `gives_way`: causes after which it is told where nothing speaks for it but what the other explains too.
    `told_by`: the history item that says the same; where it was told, the cause is there by the person's word and
    is given no chance of being there.
    `adults_only`: under an alarm not named to a child, unless a risk factor of it made the rule fire.
    """

    id: str
    name: str
    technical_name: str
    layer: Literal["nutrient", "exposure", "condition"]
    summary: str
    definition: str
    codes: dict[str, str] = {}
    parent: str | None = None
    told_by: str | None = None
    states: list[str] = msgspec.field(default_factory=lambda: ["present"])
    severe_share: Share | None = None
    severe_rises: SevereRises | None = None
    prior: list[Prior]
    risk_factors: list[RiskFactor] = []
    raised_by: list[RaisedBy] = []
    opposite: str | None = None
    findings: list[Produces] = []
    against: list[Inhibits] = []
    labs: list[LabEffect] = []
    tests: list[str] = []
    claims: list[Claim] = []
    see: str = ""
    actionable: bool = True
    general: bool = False
    behind: list[str] = []
    gives_way: list[GivesWay] = []
    names_no_danger: bool = False
    adults_only: bool = False
    reviewed: dt.date | None = None
    review_note: str | None = None


# ---- findings and history ------------------------------------------------------------------------


class Leak(Sourced, kw_only=True):
    """How common a finding is within four weeks in adults who have none of the listed causes.

    For a quality or course item: how often an unexplained finding of that kind shows it.
    """

    p: Probability
    ages: tuple[int, int] = (18, 120)
    sex: Sex = "any"


class Surveyed(Sourced, kw_only=True):
    """How common a finding is in all adults by a survey: what the leak and all causes must add up to.

    `interval` holds what the survey leaves open: its error, and what its question or window differs from ours
    (`note` says both). `over`: why the model lies outside it all the same; empty where it does not.
    """

    p: Probability
    ages: tuple[int, int] = (18, 120)
    sex: Sex = "any"
    over: str = ""


class Finding(Struct, kw_only=True):
    """Something a person can notice or a clinician can see.

    Which words tell it the trained reader has learned (`language/`). `triage_only`: the probabilistic
    model has no place for it; it counts there by what it `implies`, and in triage by itself. `told_unasked`: how
    many of those who have it, and complain of something, tell of it in free speech without being asked.
    `asked_alone`: it is what a cause is by definition, so what brings it is asked only where nothing else is told.
    `surveys`: how common it is in all adults (tests/knowledge/test_leaks.py holds the model to it).
    `uneven`: why its leak differs more than threefold between neighbouring ages or the sexes.
    """

    id: str
    name: str
    section: Literal["movement", "sensation", "strength_and_gait", "general", "course"]
    question: str
    why_asked: str = ""
    qualifies: str | None = None
    implies: list[str] = []
    excludes: list[str] = []
    complaint: bool = False
    asked_alone: bool = False
    sign: bool = False
    triage_only: bool = False
    told_unasked: Share | None = None
    leak: list[Leak] = []
    surveys: list[Surveyed] = []
    uneven: str = ""
    codes: dict[str, str] = {}
    parent: str | None = None


class Prevalence(Sourced, kw_only=True):
    """Share of adults with a history item."""

    p: Probability
    ages: tuple[int, int] = (18, 120)
    sex: Sex = "any"


class HistoryItem(Struct, kw_only=True):
    """Something about a person's life, illnesses or family that changes how likely causes are.

    `told_unasked`: as for a finding. `felt_as`: the complaint that people mean as well when they tell this illness in their own words.
    `words`: names that are read exactly, for illnesses that the trained reader does not know.
    """

    id: str
    name: str
    question: str
    prevalence: list[Prevalence]
    parent: str | None = None
    felt_as: str | None = None
    told_unasked: Share | None = None
    words: list[str] = []


# ---- tests ---------------------------------------------------------------------------------------


class ReferenceRange(Sourced, kw_only=True):
    """A usual laboratory range, in the test's unit."""

    low: float | None = None
    high: float | None = None
    sex: Sex = "any"
    ages: tuple[int, int] = (18, 120)
    pregnant: bool | None = None


class CountsAsLow(Sourced, kw_only=True):
    """A threshold inside the reference range below which a value counts as low here all the same.

    `below`: in the test's unit. `meaning`: what it counts as, `whose`: who says so, both as a report says them.
    `cause_below`: the lower threshold that the cause of this test means, where that is another one.
    """

    below: Positive
    meaning: str
    whose: str
    cause_below: Positive | None = None


class Distribution(Sourced, kw_only=True):
    """Class-conditional distribution; with `scale: log` mean and sd are of the natural logarithm."""

    mean: float
    sd: Positive
    sex: Sex = "any"
    ages: tuple[int, int] = (18, 120)
    pregnant: bool | None = None


class Measures(Distribution, kw_only=True):
    """The distribution of the test in people with a cause in one state."""

    cause: str
    state: str = "any"


class Adjustment(Sourced, kw_only=True):
    """How another lab moves this one. linear: value + slope x (around - other).
    factor: where the other lab is above or below a bound, value is divided by factor."""

    by: str
    kind: Literal["linear", "factor"]
    slope: float | None = None
    around: float | None = None
    above: float | None = None
    below: float | None = None
    factor: Positive | None = None


class MayMean(Struct, kw_only=True):
    """Another test that people call by some `names` of this one, where they give a number without a unit.

    `unless`: a class of the lexicon, any phrase of which in the text tells that this test is meant.
    """

    test: str
    names: list[str]
    unless: str | None = None


class Test(Struct, kw_only=True):
    """One laboratory test. `repeats`: another test that says the same; beside it this one is not counted.

    `unit_if_unsure`: the unit that is taken where a number without one is alarming in either, but low in
    one and high in the other.
    """

    id: str
    name: str
    words: list[str]
    specimen: str = "blood"
    loinc: list[str] = []
    unit: str
    us_unit: str | None = None
    unit_if_unsure: str | None = None
    may_mean: list[MayMean] = []
    molar_mass: Positive | None = None
    valence: Annotated[int, Meta(ge=1)] | None = None
    international_units_per_mg: Positive | None = None
    other_units: dict[str, float] = {}
    possible: tuple[float, float]
    reference: list[ReferenceRange]
    counts_as_low: CountsAsLow | None = None
    marked_low: float | None = None
    marked_high: float | None = None
    scale: Literal["linear", "log"] = "log"
    normal: list[Distribution] = []
    measures: list[Measures] = []
    leak_low: Share | None = None
    leak_high: Share | None = None
    adjust: list[Adjustment] = []
    repeats: str | None = None
    burden: Literal["finger", "blood", "special"] = "blood"
    what: str = ""
    prepare: str = ""
    if_low: str = ""
    if_high: str = ""
    limits: str = ""


class Counting(Struct, kw_only=True):
    """The marker of a panel that counts while another is normal; `why` says so with `{counts}` and `{others}`."""

    marker: str
    why: str
    cite: Cite


class Panel(Struct, kw_only=True):
    """Tests of one cause that are read together (or one test alone) by the density of their values in
    each state: `correlation` is that within a class.

    `defines`: a result beyond the range is what the cause is defined by, so that it is hardly ever seen
    without it; what else moves the test is written as `raised_by` of the cause. `counts`: the marker that
    counts where another is normal.
    """

    id: str
    cause: str
    markers: list[str]
    counts: Counting | None = None
    defines: bool = False
    correlation: list[list[float]] = msgspec.field(default_factory=lambda: [[1.0]])
    interval: tuple[float, float] | None = None
    n: int | None = None
    cite: Cite | None = None
    judgement: bool = False
    reason: str | None = None
    note: str | None = None


# ---- what people measure at home ------------------------------------------------------------------


class Shows(Struct, kw_only=True):
    """A reading beyond a bound shows a finding (a temperature of 39 is a fever)."""

    finding: str
    above: float | None = None
    below: float | None = None
    cite: Cite | None = None
    judgement: bool = False
    reason: str | None = None


class Vital(Struct, kw_only=True):
    """Something that people measure at home: pulse, blood pressure, temperature, oxygen ...

    `possible`: the range that a living adult can have, in `unit`. `words`: what stands before the number.
    `units`: words after the number, each with (factor, offset) to `unit`; `alone`: those that tell the
    measurement without its name ("84 bpm"). `not_beside`: words by which it is another's ("room
    temperature"). `effort`: a reading taken at exercise says nothing. `over`: "120/80" is this one over
    that one.
    """

    id: str
    name: str
    question: str
    unit: str
    possible: tuple[float, float]
    words: list[str]
    units: dict[str, tuple[float, float]] = {}
    alone: list[str] = []
    not_beside: list[str] = []
    effort: bool = False
    over: str | None = None
    shows: list[Shows] = []


class AlarmWords(Struct, kw_only=True):
    """Words that tell what matters for urgency or advice, read exactly and not by the trained reader.

    `id` is the finding or history item. Each of `ways` lists classes of the lexicon, one word or phrase of each of which
    stands in the same statement or the next, at most `within` words from first to last. In a phrase `*` ends a
    word in any letters and `~` stands for at most four words. `unless`: classes any word of which in the
    same sentence makes it another thing. `anyone`: it counts whoever it happens to. `asked`: a question tells
    it too ("can I drive?"). `over`: it counts though it is over, as a warning does.
    """

    id: str
    ways: list[list[str]]
    within: Annotated[int, Meta(ge=1, le=60)] = 20
    unless: list[str] = []
    anyone: bool = False
    asked: bool = False
    over: bool = False


# ---- medicines and supplements -------------------------------------------------------------------


class Medicine(Struct, kw_only=True):
    """One medicine by its generic (INN) name, with common brand names.

    `mixture`: its label's weight is that of the whole product, not of the nutrient (cod liver oil).
    `element_of`: the supplement whose element it is a salt of, where its class is another (an antacid of calcium).
    `holds`: what one tablet holds, where the name tells it: nutrient -> amount in the nutrient's unit.
    `drink`: it is drunk like any other drink, and called so (an energy drink).
    """

    name: str
    mixture: bool = False
    element_of: str | None = None
    holds: dict[str, Positive] = {}
    drink: bool = False
    brands: list[str] = []
    rxnorm: str | None = None


class DrugEffect(Sourced, kw_only=True):
    """What the class (or only `members`) does to a cause: an odds ratio, or P(cause | taking it).

    `when: stop` is the effect of stopping it. `lasts`: the effect of taking it outlasts a course by months or
    years, so a course of the past counts too.
    """

    cause: str
    odds_ratio: Positive | None = msgspec.field(default=None, name="or")
    p: Probability | None = None
    members: list[str] = []
    when: Literal["take", "stop"] = "take"
    lasts: bool = False

    def holds(self, stopped: bool) -> bool:
        """Whether it is an effect on somebody who takes the medicine, or who left it."""
        return (self.when == "stop") == stopped or (self.lasts and stopped)


class TakenFor(Prevalence, kw_only=True):
    """The share of those who take the class (or only `members`), of an age and sex, who have the illness it is for.

    The first record that fits a person holds.
    """

    history: str
    members: list[str] = []


Severity = Literal["contraindicated", "serious", "moderate", "mild"]


class Interaction(Struct, kw_only=True):
    """What happens when this medicine meets a nutrient, supplement or other medicine.

    `members`: the members of this class that it holds for, `others`: those of the class `with`; none named: all.
    `{name}` and `{other}` in the words stand for the two that are taken. `level`: how urgent it is for somebody
    who takes both; the headline of a report is never calmer.
    """

    with_: Annotated[str, Meta(description="nutrient id, medicine class id or medicine name")] = (
        msgspec.field(name="with")
    )
    severity: Severity
    effect: str
    advice: str
    members: list[str] = []
    others: list[str] = []
    level: Level = "routine"
    space_hours: float | None = None
    cite: Cite | None = None
    judgement: bool = False
    reason: str | None = None

    def named(self, name: str, other: str) -> Interaction:
        """The same interaction, its words about `name` of this class and `other`."""

        def fill(text: str) -> str:
            return capital(text.replace("{name}", name).replace("{other}", other))

        return msgspec.structs.replace(self, effect=fill(self.effect), advice=fill(self.advice))

    def of_class(self, group: DrugClass) -> Interaction:
        """The same interaction, its words about all of the class that it holds for."""
        other = " or ".join(self.others) or self.with_.replace("_", " ")
        return self.named(" or ".join(self.members) or group.name, other)


class Much(Sourced, kw_only=True):
    """The daily dose above which taking it counts as the history item `history`."""

    above: Positive
    history: str


class Salt(Sourced, kw_only=True):
    """A salt told by its whole weight: `share` of it is the element; a dose from `above` (mg) is the salt's weight.

    `tablet`: the tablet's weight in mg to which this share belongs, where salts of one name differ in water.
    `unclear`: a smaller dose may be the weight of the salt or of the element; else it is the element's.
    `formula`: of the salt, from which the share follows; the element's symbol stands first.
    """

    words: list[str]
    share: Positive
    above: Positive
    tablet: int | None = None
    unclear: bool = False
    formula: str = ""


class Moles(Sourced, kw_only=True):
    """Milligrams of the element in one millimole, and how many milliequivalents that is."""

    mg: Positive
    milliequivalents: int


class Stopping(Struct, kw_only=True):
    """Why a class of medicines must not be stopped on one's own. `members`: those it holds for; none: all."""

    harm: str
    members: list[str] = []
    cite: Cite | None = None
    judgement: bool = False
    reason: str | None = None


class DrugClass(Struct, kw_only=True):
    """A class of medicines with what they do to legs, nutrients and each other.

    `dose_unit`: the unit of daily doses of a supplement; `international_units`: how many IU are one of it.
    """

    id: str
    name: str
    words: list[str] = []
    members: list[Medicine]
    share_of_adults: Prevalence | None = None
    effects: list[DrugEffect] = []
    taken_for: list[TakenFor] = []
    interactions: list[Interaction] = []
    stopping: Stopping | None = None
    dose_unit: Literal["", "g", "mg", "ug"] = ""
    international_units: Positive | None = None
    much: Much | None = None
    salts: list[Salt] = []
    moles: Moles | None = None
    note: str = ""


# ---- nutrients: food and supplements -------------------------------------------------------------


class FoodSource(Struct, kw_only=True):
    """A food rich in the nutrient: amount per stated portion."""

    food: str
    portion: str
    grams: Positive
    amount: float
    vegan: bool = False
    cite: Cite


class Intake(Sourced, kw_only=True):
    """A reference intake of one life stage. `kind` EAR (EFSA: AR), RDA (PRI), AI, UL or CDRR (reduce if
    above); `body` US (and Canada), EFSA or UK (RDA: RNI). `interval`: the middle 95 % of people's requirements, for an EAR.
    A row with neither `pregnant` nor `lactating` is for neither."""

    kind: Literal["EAR", "RDA", "AI", "UL", "CDRR"]
    body: Literal["US", "EFSA", "UK"] = "US"
    amount: Positive
    sex: Sex = "any"
    ages: tuple[int, int] = (19, 120)
    pregnant: bool = False
    lactating: bool = False
    scope: str = ""


class Supplement(Struct, kw_only=True):
    """A supplement's safe use. `dose` in the nutrient's unit per day.

    `injected_with`: findings with which tablets are not enough; `injected`: what is said then.
    """

    forms: list[str]
    dose: tuple[float, float]
    how: str
    effect_after: str
    retest: str
    contraindicated: list[str] = []
    caution: list[str] = []
    injected_with: list[str] = []
    injected: str = ""
    cite: Cite | None = None
    judgement: bool = False
    reason: str | None = None


class LastingAdvice(Struct, kw_only=True):
    """A supplement that some people are advised to take whatever troubles them.

    Attributes:
        leaves_out: groups of food that the person leaves out, all of them (a vegan: meat, fish, dairy, egg).
        authority: whose readers it is for; for everybody where it is not given.
        least: the amount a day, in the nutrient's unit, that does; `covered_by`: classes that may hold it.
        text: what is said; `under_age`: what is said of somebody under 18.
    """

    id: str
    leaves_out: list[str] = []
    authority: Literal["us", "efsa", "uk"] | None = None
    least: Positive
    covered_by: list[str] = []
    text: str
    under_age: str = ""
    cite: Cite


class Benefit(Struct, kw_only=True):
    """How strong the evidence is that taking this nutrient helps a given cause."""

    cause: str
    text: str
    strength: Strength
    offer: Literal["yes", "if_low", "no"]
    needs_low: list[str] = []
    cite: Cite | None = None
    judgement: bool = False
    reason: str | None = None


class Nutrient(Struct, kw_only=True):
    """Food, reference intakes and supplements of one nutrient."""

    id: str
    name: str
    unit: str
    low_cause: str | None = None
    high_cause: str | None = None
    foods: list[FoodSource]
    food_advice: str
    intakes: list[Intake]
    supplement: Supplement | None = None
    for_good: list[LastingAdvice] = []
    benefits: list[Benefit] = []
    myths: list[Claim] = []


class Ceiling(Sourced, kw_only=True):
    """The most of a nutrient a day that one authority calls safe, where it is not in a nutrient's record.

    `counts`: whether food counts towards it. `of`: what of the nutrient it is about ("retinol").
    """

    nutrient: str
    body: Literal["US", "EFSA", "UK"]
    amount: Positive
    unit: Literal["mg", "ug"]
    ages: tuple[int, int] = (18, 120)
    counts: Literal["total", "supplements"]
    of: str = ""


class HighDose(Sourced, kw_only=True):
    """What too much of a nutrient does: above a ceiling, and when more than `above` a day is taken long.

    `instead`: other words for `advice`, where the dose is the treatment of an illness that is told.
    """

    id: str
    above: Positive
    severity: Severity
    harm: str
    advice: str
    instead: list[Instead] = []


class Product(Struct, kw_only=True):
    """Names under which a medicine is sold; `mg`: milligrams of it in one tablet, sachet or measured dose."""

    words: list[str]
    mg: Positive


class Doubled(Struct, kw_only=True):
    """What is said where two products hold the same medicine and how much is taken is not clear."""

    severity: Severity
    level: Level = "routine"
    within: str = ""
    harm: str
    advice: str
    cite: Cite | None = None
    judgement: bool = False
    reason: str | None = None
    note: str | None = None


class DoseLimit(Doubled, kw_only=True):
    """A bound of a medicine: milligrams a day (`most`, or `most_per_kg` of weight), or `days` of taking it.

    It holds for people of `ages` (years, both ends in), under `weight_below` kg where that is given, and only
    `when` the condition does. A person whose age was not told is taken to be adult.
    """

    most: Positive | None = None
    most_per_kg: Positive | None = None
    days: Positive | None = None
    ages: tuple[int, int] = (0, 130)
    weight_below: Positive | None = None
    when: Condition | None = None


class LimitedMedicine(Struct, kw_only=True):
    """A medicine whose amounts are summed over all products that hold it; `limits`: the gravest first."""

    id: str
    name: str
    products: list[Product]
    limits: list[DoseLimit]
    doubled: Doubled | None = None


# ---- triage --------------------------------------------------------------------------------------


class Condition(Struct, kw_only=True):
    """When a rule holds. Exactly one of the fields (or a nested all/any); there is no negation, so
    more evidence never lowers urgency. `lab`: a result of that test was told; with below, above or flag, one
    that is so. `dose`: a supplement of which more than `above` of its
    `dose_unit` is taken a day; `daily`: a medicine whose entry says that it is taken every day; `result`: any result that is marked, or called critical; `vital`: a home
    measurement of now above `above` or below `below`; `age_from` and `age_below`: years (0.25 is three
    months), neither of which holds where the age is not known."""

    all: list[Condition] | None = None
    any: list[Condition] | None = None
    at_least: tuple[int, list[Condition]] | None = None
    finding: str | None = None
    history: str | None = None
    medicine: str | None = None
    stopped: str | None = None
    lab: str | None = None
    dose: str | None = None
    daily: str | None = None
    vital: str | None = None
    result: Literal["marked", "critical"] | None = None
    below: float | None = None
    above: float | None = None
    flag: Literal["low", "high"] | None = None
    age_from: int | None = None
    age_below: float | None = None
    pregnant: bool | None = None


# may_be_pregnant: nothing says whether she is; may_become_pregnant: she is not known to be
ForWhom = Literal["everyone", "may_be_pregnant", "may_become_pregnant", "men", "not_men"]


class Caution(Struct, kw_only=True):
    """Who should not take something: illness, result, pregnancy, age, or a food.

    `taken`: classes or members of medicines and supplements. It holds where `when` does, or where one
    of `words` stands in what was told of illnesses (`foods`: of food; `allergies`: of allergies), or one of
    `causes` is likely; never where `unless` does, and only `for_whom`; with
    `for_whom` and none of these it holds for all those.
    `level`: how urgent it is for somebody who takes it; the headline of a report is never calmer. `stops`: it is
    not to be taken on, so that no advice on hours between it and another thing stands beside.
    """

    id: str
    taken: list[str]
    for_whom: ForWhom = "everyone"
    when: Condition | None = None
    unless: Condition | None = None
    level: Level = "routine"
    stops: bool = False
    words: list[str] = []
    foods: list[str] = []
    allergies: list[str] = []
    causes: list[str] = []
    severity: Severity
    text: str
    advice: str
    cite: Cite | None = None
    judgement: bool = False
    reason: str | None = None


class Instead(Struct, kw_only=True):
    """What to do in place of a rule's own words where `when` holds too; the first that holds counts."""

    when: Condition
    do: str


class UrgentTest(Struct, kw_only=True):
    """An examination or scan that finds a danger out or rules it out, and that cannot wait: for the doctors.

    `not_before`: causes beside which it can harm until they are ruled out; where an alarm names one, it is left out.
    """

    name: str
    why: str
    not_before: list[str] = []
    cite: Cite | None = None
    judgement: bool = False
    reason: str | None = None


class TriageRule(Struct, kw_only=True):
    """A red flag: when it holds, how urgent, why, what to do now and within what time.

    `now`: tests of the rule itself that cannot wait.
    `also`: plain words of what must be ruled out and is no cause of the base ("a clot in the lung"), the first
    named before the causes. `instead`: other words for `do`. In both {told} is the medicine that made it fire.
    `emergency_with`: signs for which its own words send to hospital at once; told, they make it an emergency.
    `always`: what to do stands on the card at every level, for it keeps others safe too ("do not drive").
    """

    id: str
    level: Level
    when: Condition
    why: str
    do: str
    within: str
    instead: list[Instead] = []
    emergency_with: Condition | None = None
    always: bool = False
    causes: list[str] = []
    now: list[UrgentTest] = []
    also: list[str] = []
    cite: Cite | None = None
    judgement: bool = False
    reason: str | None = None
    note: str | None = None


class Standing(Struct, kw_only=True):
    """Where a rule comes from: a source that was read, or a judgement with its reason."""

    cite: Cite | None = None
    judgement: bool = False
    reason: str | None = None


class Order(Struct, kw_only=True):
    """One line of a test order. `tests`: results any of which says that it was done already; none for what
    is no laboratory test. `how`: what to mind when it is taken. `only_by_rule`: ordered only where a rule
    asks for it, however much it would tell."""

    id: str
    name: str
    tests: list[str] = []
    how: str = ""
    only_by_rule: bool = False


class MustAsk(Standing, kw_only=True):
    """Something that no doctor leaves out: a finding, a history item, or a field of the case.

    `words`: the question, where `ask` is a field; findings and history have their own. `choices`: items any
    of which answers the question about a field. `unless`: what has told it already.
    """

    ask: str
    words: str = ""
    choices: list[str] = []
    why: str
    for_whom: ForWhom = "everyone"
    unless: Condition | None = None


class MustTest(Standing, kw_only=True):
    """Tests that belong to the first order of a complaint, where `when` (if given) holds and `unless` does not."""

    order: list[str]
    why: str
    when: Condition | None = None
    unless: Condition | None = None
    for_whom: ForWhom = "everyone"


class NotTest(Standing, kw_only=True):
    """A test that should not be done where `when` (if given) holds and `unless` does not."""

    order: str
    why: str
    when: Condition | None = None
    unless: Condition | None = None


class Checklist(Standing, kw_only=True):
    """What must always be asked and tested for one complaint.

    Attributes:
        opens: findings any of which opens it; none in the one checklist that every complaint opens.
        red_flags: findings, gravest and commonest first, that would make this complaint urgent; the source
            of the checklist as a whole is theirs.
        near_with: red flags that are far-fetched, and asked last, unless one of these findings or history items is
            told.
        child_red_flags: those asked of a child instead, of the one checklist that every complaint opens.
        orders: lines of test orders that this and all other checklists may name.
    """

    id: str
    name: str
    opens: list[str] = []
    red_flags: list[str] = []
    near_with: dict[str, list[str]] = {}
    child_red_flags: list[str] = []
    questions: list[MustAsk] = []
    tests: list[MustTest] = []
    avoid: list[NotTest] = []
    orders: list[Order] = []


# ---- what is done about a cause -------------------------------------------------------------------


class Step(Struct, kw_only=True):
    """One thing that is done about a cause, in plain words, with its strength of evidence.

    `kind`: `check` finds out or sends to somebody who can, `care` can do no harm whatever the cause,
    `stop` removes what does harm, `treat` treats, and is shown only where the cause is likely. It holds
    where `when` does and `unless` does not. `tests`: results that the step asks for; it is dropped where
    all of them are told (of tests that say the same, such as glucose and HbA1c, one is enough). `nutrient`: what it gives, which no limit of the person may forbid. `about`: steps
    of one subject are shown once. `short`: the step as one short sentence, for the bottom line. In both
    texts {told} stands for the medicines and results that made `when` hold, {missing} for those of `tests`
    that are not told. `asks`: lines of an order that it sends to, which are then not advised against.
    `shown`: true for a step that needs a result which shows the cause ("why is the iron low?"), false for
    one that is only for those without such a result. `leads`: it cannot wait for what else is done, and is
    said first wherever it holds.
    """

    who: Literal["self", "gp", "specialist", "emergency"]
    kind: Literal["check", "care", "stop", "treat"]
    text: str
    strength: Strength
    short: str = ""
    when: Condition | None = None
    unless: Condition | None = None
    tests: list[str] = []
    asks: list[str] = []
    nutrient: str = ""
    about: str = ""
    shown: bool | None = None
    leads: bool = False
    cite: Cite | None = None
    judgement: bool = False
    reason: str | None = None


class Line(Struct, kw_only=True):
    """One line about a cause with its source; it holds where `when` does and `unless` does not."""

    text: str
    when: Condition | None = None
    unless: Condition | None = None
    cite: Cite | None = None
    judgement: bool = False
    reason: str | None = None


Posture = Literal["", "flat", "upright", "side", "still"]
ByMouth = Literal["", "nothing", "drink", "sugar"]


class FirstAid(Line, kw_only=True):
    """What to do until help comes. Two lines of different `posture`, or of different `mouth`, contradict each
    other and never stand together. In a line with `when`, {told} is the medicine that made it hold."""

    posture: Posture = ""
    mouth: ByMouth = ""


class FirstAidRule(FirstAid, kw_only=True):
    """First aid that holds before that of any cause, in the order of the file, where `when` holds."""

    id: str


class Management(Struct, kw_only=True):
    """What is done about one cause: the steps in their order, first steps at home, when to come back, and
    what to do until help comes where it is an emergency. `now`: tests that cannot wait where an alarm names it. `id` is that of the cause. `settled_by`: whether what
    a person tells is enough to be sure of it, or an examination or a test is needed; no report is surer."""

    id: str
    steps: list[Step]
    settled_by: Literal["history", "examination"] = "examination"
    home: list[Line] = []
    back: list[Line] = []
    until_help: list[FirstAid] = []
    now: list[UrgentTest] = []


class StoryLink(Struct, kw_only=True):
    """How the bottom line says that `from_` (a cause, or a class of medicines) drives the cause `to`.

    `text` goes on from the name of `to`; {name} is the cause's or medicine's, {results} what was measured.
    """

    from_: str = msgspec.field(name="from")
    to: str
    text: str
    cite: Cite | None = None
    judgement: bool = False
    reason: str | None = None


class Stories(Struct, kw_only=True):
    """How the bottom line is told.

    `say`: names of causes that read badly in a sentence. `together`: causes that are one story, the one by
    which it is called first. `links`: particular words for what drives what; `words`: the sentences, with
    slots. `mind`: findings that call for company and not for a cause.
    """

    id: str
    mind: list[str] = []
    say: dict[str, str] = {}
    together: list[list[str]] = []
    links: list[StoryLink] = []
    words: dict[str, str] = {}


class Saying(Claim, kw_only=True):
    """A popular saying that `stillwell learn` answers. `asks`: how people put it as a question;
    `survey`: the survey's own figure, where it asked. `answer`: what is said first, where the questions ask for
    more than whether the claim is so, or ask it the other way round."""

    id: str
    causes: list[str]
    asks: list[str] = []
    survey: str = ""
    answer: str = ""


class Help(Struct, kw_only=True):
    """Where to get help: an organisation, a kind of doctor or a line to call.

    Shown where one of `causes` is listed, where one of the triage rules `rules` fired, or at one of `levels` of
    urgency; of several of one name the first.
    """

    causes: list[str] = []
    levels: list[Level] = []
    rules: list[str] = []
    name: str
    what: str
    url: str | None = None


class AgeShare(Sourced, kw_only=True):
    """The share of adults in one age band of one sex."""

    p: Probability
    ages: tuple[int, int]
    sex: Literal["female", "male"]


class LevelWords(Struct, kw_only=True):
    """What a report says for one level of urgency."""

    heading: str
    now: str
    within: str


class NetWords(Struct, kw_only=True):
    """What is said where words as a whole read like an alarm; `threshold`: from which probability."""

    threshold: Probability
    why: str
    do: str
    within: str


class Wording(Struct, kw_only=True):
    """What reports say in one language, apart from the templates.

    `again` asks about what may have been misread; it holds {question}.
    """

    again: str = "{question}"
    levels: dict[str, LevelWords] = {}
    sooner: list[str] = []
    sooner_child: list[str] = []
    limits: dict[str, str] = {}
    alarms: dict[str, str] = {}
    readings: dict[str, str] = {}
    sheets: dict[str, str] = {}
    taken: dict[str, str] = {}
    reasons: dict[str, str] = {}
    results: dict[str, str] = {}
    supplements: dict[str, str] = {}
    diet: dict[str, str] = {}
    moves: dict[str, str] = {}
    for_good: dict[str, str] = {}
    interview: dict[str, str] = {}
    sounds_urgent: NetWords = msgspec.field(
        default_factory=lambda: NetWords(threshold=1.0, why="", do="", within="")
    )


class UsualIntake(Sourced, kw_only=True):
    """How intakes vary on the scale intake ** power: mean, variance between people and within one.

    Of what is not taken by everybody: `takers`, the share of people who take it, `taken_on`, of their days.
    """

    nutrient: str
    unit: str
    sex: Literal["female", "male"]
    ages: tuple[int, int]
    power: Positive
    mean: Positive
    between: Positive
    within: Positive
    takers: Probability | None = None
    taken_on: Probability | None = None


class FittedTerm(Struct, kw_only=True):
    """One thing known of a person and its adjusted log odds ratio.

    `variable`: history:<id>, medicine:<class>|<class>, supplement:<id>, bmi, winter or
    intake:<nutrient>. A number enters as (value - around) / scale; an intake as the logarithm of
    the usual intake over the geometric mean of people of that sex and age band (`mean`, natural
    logarithms, [sex][band]). `centre` [sex][band] is the logarithm of the mean of exp(coefficient x):
    knowing nothing of the variable then leaves the prior of that sex and age where it was.
    """

    variable: str
    coefficient: float
    se: float
    around: float = 0.0
    scale: float = 1.0
    unit: str = ""
    mean: list[list[float]] = []
    centre: list[list[float]]


class FittedPrior(Struct, kw_only=True):
    """A cause's prior fitted on a survey by penalised logistic regression (made by tools/fit_priors.py).

    log-odds = natural cubic spline of age for each sex + sum over known terms of
    (coefficient x - centre). `covariance` is that of (female spline, male spline, terms), allowing
    for strata and sampling units. `held_out` holds the checks on cycles left out of the fit.
    """

    id: str
    outcome: str
    cycles: list[str]
    n: int
    cases: int
    knots: list[float]
    female: list[float]
    male: list[float]
    terms: list[FittedTerm]
    covariance: list[list[float]]
    held_out: dict[str, float]
    cite: Cite


KINDS: dict[str, tuple[type, bool]] = {
    # folder: (record, whether a file holds a list of them)
    "causes": (Cause, False),
    "findings": (Finding, True),
    "history": (HistoryItem, True),
    "tests": (Test, False),
    "panels": (Panel, False),
    "vitals": (Vital, False),
    "alarm_words": (AlarmWords, True),
    "medicines": (DrugClass, False),
    "supplements": (DrugClass, False),
    "nutrients": (Nutrient, False),
    "cautions": (Caution, True),
    "ceilings": (Ceiling, True),
    "high_doses": (HighDose, True),
    "dose_limits": (LimitedMedicine, True),
    "triage": (TriageRule, True),
    "help": (Help, True),
    "checklists": (Checklist, False),
    "management": (Management, True),
    "first_aid": (FirstAidRule, True),
    "stories": (Stories, False),
    "claims": (Saying, True),
    "population": (AgeShare, True),
    "wording": (Wording, False),
    "fitted_priors": (FittedPrior, False),
    "usual_intakes": (UsualIntake, True),
}
