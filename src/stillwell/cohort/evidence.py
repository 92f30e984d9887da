"""What results and denied findings say of each cause, for many people: likelihoods as columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stillwell.assess.distributions import (
    LEAST,
    Classes,
    adjusted_values,
    classes_of,
    is_graded,
    panel_likelihoods,
    readable_markers,
    scaled_values,
)
from stillwell.assess.evidence import speaks_for
from stillwell.assess.model import STATES, Model
from stillwell.cohort.people import Flags
from stillwell.cohort.results import Results
from stillwell.cohort.told import Settled, combinations
from stillwell.inference.many import Columns
from stillwell.inference.network import Floats
from stillwell.knowledge.base import panel_side
from stillwell.knowledge.schema import Panel


@dataclass
class Likelihoods:
    """What is known of N people besides their positive findings.

    Attributes:
        likelihood: of each state of each cause.
        lab_present: finding -> (N,) who has this result beyond its range as a finding.
        denied: finding -> (N,) who has a finding denied that needs a place of its own in the sweep.
    """

    likelihood: Columns
    lab_present: dict[str, Flags]
    denied: dict[str, Flags]


class EvidenceTables:
    """What every finding and panel says, looked up once."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.base = model.known.base
        self._silent: dict[str, list[tuple[int, int, float]]] = {}
        self._kinds: dict[tuple[str, str | None, float | None], int] = {}
        self._numbers: dict[object, int] = {}
        self.read_sides: dict[str, set[str | None]] = {}
        self.markers: dict[str, list[str]] = {}
        for panel in self.base.panels.values():
            markers = readable_markers(panel, self.base.causes[panel.cause], self.base.tests)
            self.markers[panel.id] = markers
            for name in markers:
                side = panel_side(panel, self.base.tests[name])
                self.read_sides.setdefault(name, set()).add(side)
        self.graded = {
            f"lab:{name}:{side}": is_graded(test, side)
            for name, test in self.base.tests.items()
            for side in ("low", "high")
        }
        self.inhibited = set(model.inhibitions)
        self.modelled = set(model.findings)

    def silent(self, finding: str) -> list[tuple[int, int, float]]:
        """(cause, state, log of the probability that it does not produce the finding)."""
        if finding not in self._silent:
            none = np.zeros((1, len(self.model.causes)))
            network = self.model.network(none, none, [finding], [], [], None, None, None, 0)
            table = network.activation[0, 0]
            self._silent[finding] = [
                (int(v), int(s), float(np.log1p(-table[v, s]))) for v, s in np.argwhere(table > 0)
            ]
        return self._silent[finding]

    def likelihoods(self, settled: Settled, results: Results) -> Likelihoods:
        """Everything but the positive findings of people."""
        count = len(settled.whom)
        logs: dict[tuple[int, int], Floats] = {}
        present, absent = self._lab_findings(results)
        denied: dict[str, Flags] = {}
        for name, column in (*settled.denied.items(), *absent.items()):
            if name not in self.modelled or name in self.inhibited:
                denied[name] = column
                continue
            weight = column.astype(float)
            for v, s, log in self.silent(name):
                if (v, s) in logs:
                    logs[v, s] += weight * log
                else:
                    logs[v, s] = weight * log
        own = {place: np.exp(log) for place, log in logs.items()}
        self._panels(settled, results, own)
        ones = np.ones((1, len(self.model.causes), STATES))
        return Likelihoods(Columns(ones, np.zeros(count, np.int64), own), present, denied)

    def _lab_findings(self, results: Results) -> tuple[dict[str, Flags], dict[str, Flags]]:
        """Results as findings, there or not; see `assess.evidence.lab_findings`."""
        present: dict[str, Flags] = {}
        absent: dict[str, Flags] = {}
        for name, column in results.tests.items():
            here = ~np.isnan(column.value)
            repeats = self.base.tests[name].repeats
            if repeats in results.tests:
                here = here & np.isnan(results.tests[repeats].value)
            for side in ("low", "high"):
                if side in self.read_sides.get(name, ()):
                    continue
                beyond = here & column.on(side)
                if beyond.any():
                    present[f"lab:{name}:{side}"] = beyond
                within = here & ~column.on(side)
                if within.any():
                    absent[f"lab:{name}:{side}"] = within
        return present, absent

    def _panels(
        self, settled: Settled, results: Results, own: dict[tuple[int, int], Floats]
    ) -> None:
        """Multiply in the likelihoods of the panels, and what contradicts a cause."""

        def multiply(cause: int, state: int, factor: Floats) -> None:
            before = own.get((cause, state))
            own[cause, state] = factor if before is None else before * factor

        against = self._contradicted(results, len(settled.whom))
        read: dict[str, Flags] = {}
        for panel in self.base.panels.values():
            ratio, here = self._panel(panel, settled, results)
            if ratio is None:
                continue
            cause = self.model.cause_index[panel.cause]
            if panel.cause in against:
                ratio[1:] = np.where(against[panel.cause], LEAST * ratio[:1], ratio[1:])
            for state, row in enumerate(ratio):
                multiply(cause, state, np.where(here, row, 1.0))
            read[panel.cause] = read.get(panel.cause, False) | here
        for name, those in against.items():
            alone = those & ~read[name] if name in read else those
            for state in range(1, STATES):
                multiply(self.model.cause_index[name], state, np.where(alone, LEAST, 1.0))

    def _panel(
        self, panel: Panel, settled: Settled, results: Results
    ) -> tuple[Floats | None, Flags]:
        """(states + 1, N) likelihoods of a panel, and whose results it reads."""
        count = len(settled.whom)
        markers = [m for m in self.markers[panel.id] if m in results.tests]
        there = {m: ~np.isnan(results.tests[m].value) for m in markers}
        any_there = np.zeros(count, dtype=bool)
        for column in there.values():
            any_there |= column
        if not any_there.any():
            return None, any_there
        cause = self.base.causes[panel.cause]
        others = {name: column.value for name, column in results.tests.items()}
        values = {
            m: scaled_values(
                adjusted_values(results.tests[m].value, self.base.tests[m], others),
                self.base.tests[m],
            )
            for m in markers
        }
        kind = np.array([self._kind(panel, p.sex, p.age) for p in settled.persons])[settled.whom]
        first, own = combinations([*there.values(), kind])
        ratio = np.ones((1 + len(cause.states), count))
        for number, i in enumerate(first):
            used = [m for m in markers if there[m][i]]
            if not used:
                continue
            those = np.flatnonzero(own == number)
            person = settled.persons[settled.whom[i]]
            classes: Classes = classes_of(
                panel, cause, self.base.tests, used, person.sex, person.age
            )
            x = np.stack([values[m][those] for m in used], axis=1)
            ratio[:, those] = panel_likelihoods(classes, x, defines=panel.defines).T
        return ratio, any_there

    def _kind(self, panel: Panel, sex: str | None, age: float | None) -> int:
        """A number for people whose markers have the same distributions."""
        asked = (panel.id, sex, age)
        if asked not in self._kinds:
            markers = self.markers[panel.id]
            cause = self.base.causes[panel.cause]
            classes = classes_of(panel, cause, self.base.tests, markers, sex, age).classes[0]
            key = (panel.id, *classes[0].tolist(), *classes[1].tolist())
            self._kinds[asked] = self._numbers.setdefault(key, len(self._numbers))
        return self._kinds[asked]

    def _contradicted(self, results: Results, count: int) -> dict[str, Flags]:
        """Causes whose opposite a result speaks for; see `assess.evidence.contradicted`."""
        spoken: dict[str, Flags] = {}
        for cause in self.base.causes.values():
            if cause.opposite is None:
                continue
            found = np.zeros(count, dtype=bool)
            for name, column in results.tests.items():
                for side in ("low", "high"):
                    if speaks_for(self.base, cause, name, side):
                        found |= column.on(side)
            spoken[cause.id] = found
        against: dict[str, Flags] = {}
        for name, found in spoken.items():
            opposite = self.base.causes[name].opposite
            assert opposite is not None
            those = found & ~spoken.get(opposite, np.zeros(count, dtype=bool))
            if those.any():
                against[opposite] = against.get(opposite, np.zeros(count, bool)) | those
        return against


__all__ = ["EvidenceTables", "Likelihoods"]
