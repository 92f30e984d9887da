"""How common each finding is in all adults by the model, beside what surveys counted.

The share of a noisy-OR with independent causes is exact in closed form:
P(finding) = 1 - (1 - leak) * prod over causes of (1 - sum over states of P(state) * P(finding brought | state)),
where P(state) is the cause's prior at each year of age and sex, nothing else being known, and the shares of the
years are averaged by how many adults have them. Causes that push each other make findings of one person come
together; each prior already holds what its parents bring, so that the share of one finding is near right all
the same. What a cause suppresses is not taken off.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from stillwell.assess.model import AGES, SEXES, STATES, Model
from stillwell.assess.parameters import expit
from stillwell.inference.network import Floats
from stillwell.knowledge import schema as s

BANDS = ((18, 39), (40, 59), (60, 74), (75, 90))
JUMP = 3.0  # from one band or sex to the next: more needs a reason in the record
LEAST = 0.1  # of all who have a sign at least a tenth have a cause that is not listed: judgement
# of faints 37 % stay unexplained, of numb or tingling feet half have none of the listed causes: a tenth is far below
FLOOR = 0.002  # least leak of a sign that one adult in a hundred has
COMMON = 0.01


@dataclass(frozen=True)
class Share:
    """One finding in one sex and age band: its leak, what the listed causes bring, and both together."""

    finding: str
    sex: str
    ages: tuple[int, int]
    leak: float
    causes: float
    survey: s.Surveyed | None

    @property
    def all(self) -> float:
        """P(finding)."""
        return 1 - (1 - self.leak) * (1 - self.causes)

    @property
    def outside(self) -> bool:
        """Whether it lies outside what the survey leaves open."""
        interval = self.survey.interval if self.survey else None
        return interval is not None and not interval[0] <= self.all <= interval[1]

    @property
    def too_low(self) -> bool:
        """Whether the leak says that hardly any unlisted cause exists.

        Where the causes bring more than a survey counted, the most that it allows is taken for all.
        """
        everyone = self.all
        if self.survey and self.survey.interval:
            everyone = min(everyone, self.survey.interval[1])
        return self.leak < LEAST * everyone or (everyone >= COMMON and self.leak < FLOOR)


class Marginals:
    """Shares of the findings that are neither qualities nor course items."""

    def __init__(self, model: Model) -> None:
        self.model = model
        known = model.known.base.findings
        self.findings = [name for name in model.findings if name in known]

    @cached_property
    def states(self) -> Floats:
        """(2, 73, V, S) probability of each state of each cause by sex and year of age."""
        model = self.model
        prior = np.array([[model.base_priors(sex, float(age))[0] for age in AGES] for sex in SEXES])
        severe = np.array([0.0 if n is None else expit(np.array(n.mean)) for n in model.severe])
        result = np.zeros((*prior.shape, STATES))
        result[..., 1] = prior * (1 - severe)
        result[..., 2] = prior * severe
        result[..., 0] = 1 - prior
        return result

    def by_year(self, finding: str) -> tuple[Floats, Floats]:
        """(2, 73) leak, and (2, 73) share that the listed causes bring."""
        model = self.model
        band = model.leaks[finding]
        leak: Floats = expit(np.array([n.mean for n in band.numbers]))[band.index]
        floor = model.average_leak[finding]
        brought: dict[int, Floats] = {}
        for (cause, state), number in model.edges.get(finding, {}).items():
            p = float(np.clip((expit(np.array(number.mean)) - floor) / (1 - floor), 0.0, 0.999))
            brought[cause] = brought.get(cause, np.zeros(())) + self.states[:, :, cause, state] * p
        quiet = np.ones(leak.shape)
        for share in brought.values():
            quiet = quiet * (1 - share)
        return leak, 1 - quiet

    def shares(self, finding: str) -> list[Share]:
        """By sex and age band, women first."""
        leak, causes = self.by_year(finding)
        result = []
        for i, sex in enumerate(SEXES):
            for ages in BANDS:
                held = (ages[0] <= AGES) & (ages[1] >= AGES)
                weight = self.model.population[i, held] / self.model.population[i, held].sum()
                mean = float(weight @ leak[i, held])
                both = float(weight @ (1 - (1 - leak[i, held]) * (1 - causes[i, held])))
                brought = 1 - (1 - both) / (1 - mean)
                result.append(
                    Share(finding, sex, ages, mean, brought, self._survey(finding, sex, ages))
                )
        return result

    def _survey(self, finding: str, sex: str, ages: tuple[int, int]) -> s.Surveyed | None:
        """The survey that covers this band."""
        for survey in self.model.known.base.findings[finding].surveys:
            low, high = survey.ages
            if survey.sex in ("any", sex) and low <= ages[0] and high >= ages[1]:
                return survey
        return None


def jumps(shares: list[Share]) -> Iterator[tuple[Share, Share]]:
    """Neighbouring bands of one sex, and the sexes of one band, whose leaks differ more than threefold."""
    by_sex = [[share for share in shares if share.sex == sex] for sex in SEXES]
    pairs = [pair for row in by_sex for pair in pairwise(row)]
    pairs += list(zip(*by_sex, strict=True))
    for a, b in pairs:
        if max(a.leak, b.leak) > (1 + 1e-9) * JUMP * min(a.leak, b.leak):
            yield a, b
