"""The arrays that describe a network and what is known of one case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
HARD = (1.0, 0.0)


@dataclass(frozen=True)
class Link:
    """An arrow between two variables.

    Attributes:
        parent, child: indices of variables; the parent comes first in topological order.
        table: (L, S, S); `table[l, i, j]` is the probability that the parent in state i pushes the
            child to state j. The child takes the highest state it is pushed to (noisy-MAX).
            Row 0 is always [1, 0, ...].
    """

    parent: int
    child: int
    table: Floats


@dataclass(frozen=True)
class Network:
    """V variables with up to S states (0 = absent), F findings, Q qualities, C course items.

    The leading axis L of each array holds draws of the parameters; 1 broadcasts.

    Attributes:
        n_states: (V,) number of states of each variable.
        prior: (L, V, S) state distribution before any parent acts.
        links: arrows between variables, parents numbered before their children.
        leak: (L, F) probability that a finding arises from nothing listed.
        activation: (L, F, V, S) probability that a variable in a state produces the finding.
        inhibition: (L, F, V, S) probability that a variable in a state does not suppress it.
        quality_of: (Q,) the finding that a quality qualifies.
        quality: (L, Q, V, S) probability that a producer of the finding gives it the quality.
        quality_leak: (L, Q) the same for the leak.
        course: (L, C, V, S), course_leak: (L, C): the same for the complaint as a whole.
        agreement: (L, A, V, S) how well something that holds for the complaint as a whole (how it began)
            agrees with a variable that produced any of it, against how common it is: a weight above
            or below 1, which multiplies the chance that this variable contributed.
        exclusions: groups of variables of which at most one is present: opposite states of one quantity.
            The network is the one above, given that this holds.
    """

    n_states: NDArray[np.int64]
    prior: Floats
    links: tuple[Link, ...]
    leak: Floats
    activation: Floats
    inhibition: Floats
    quality_of: NDArray[np.int64]
    quality: Floats
    quality_leak: Floats
    course: Floats
    course_leak: Floats
    agreement: Floats | None = None
    exclusions: tuple[tuple[int, ...], ...] = ()

    @property
    def n_variables(self) -> int:
        return len(self.n_states)

    @property
    def n_draws(self) -> int:
        arrays = (self.prior, self.leak, self.activation, self.inhibition, self.quality)
        arrays += (self.course, *(k.table for k in self.links))  # type: ignore[assignment]
        agreement = 1 if self.agreement is None else int(self.agreement.shape[0])
        return max(agreement, *(int(a.shape[0]) for a in arrays))

    def restricted(self, keep: NDArray[np.int64]) -> Network:
        """The network of some of the variables; the others are taken as absent.

        An approximation: its error on any probability is at most the posterior mass of the states
        in which one of the variables left out is present.
        """
        place = {int(v): i for i, v in enumerate(keep)}
        return replace(
            self,
            n_states=self.n_states[keep],
            prior=self.prior[:, keep],
            links=tuple(
                replace(k, parent=place[k.parent], child=place[k.child])
                for k in self.links
                if k.parent in place and k.child in place
            ),
            activation=self.activation[:, :, keep],
            inhibition=self.inhibition[:, :, keep],
            quality=self.quality[:, :, keep],
            course=self.course[:, :, keep],
            agreement=None if self.agreement is None else self.agreement[:, :, keep],
            exclusions=tuple(
                group
                for whole in self.exclusions
                if len(group := tuple(place[i] for i in whole if i in place)) > 1
            ),
        )

    def children(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for link in self.links:
            found.setdefault(link.parent, []).append(link.child)
        return found


@dataclass(frozen=True)
class Evidence:
    """What is known of one case.

    Attributes:
        present, absent: findings seen and findings denied; everything else is unknown.
        quality_present, quality_absent: qualities, of present findings only.
        course_present, course_absent: course items of the complaint.
        agreement: what holds for the complaint as a whole: rows of the network's `agreement`.
        complaint: the present findings that the person complains of.
        likelihood: (V, S) P(test results | state), any positive scale per variable.
        softness: (kind, index) of an item of `present`, `quality_present` or `course_present` to its
            weights (w1, w0): the likelihood of what was heard if the item holds, and if it does not.
            Any positive scale. Missing: (1, 0), it surely holds. A finding that does not arise counts
            w0, whatever is told of its qualities. Where no finding of the complaint arises, the course
            is weighed as the leak would show it.
    """

    present: tuple[int, ...] = ()
    absent: tuple[int, ...] = ()
    quality_present: tuple[int, ...] = ()
    quality_absent: tuple[int, ...] = ()
    course_present: tuple[int, ...] = ()
    course_absent: tuple[int, ...] = ()
    agreement: tuple[int, ...] = ()
    complaint: frozenset[int] = frozenset()
    likelihood: Floats | None = None
    softness: Mapping[tuple[str, int], tuple[float, float]] = field(default_factory=dict)

    def without(self, kind: str, index: int) -> Evidence:
        """The same evidence with one item forgotten."""
        values = tuple(i for i in getattr(self, kind) if i != index)
        softness = {key: w for key, w in self.softness.items() if key != (kind, index)}
        return replace(self, softness=softness, **{kind: values})  # type: ignore[arg-type]

    def weights(self, kind: str) -> Floats:
        """(n, 2) weights (w1, w0) of the items of one kind."""
        pairs = [self.softness.get((kind, i), HARD) for i in getattr(self, kind)]
        return np.array(pairs, dtype=float).reshape(len(pairs), 2)


@dataclass(frozen=True)
class Variant:
    """How the lanes of one sweep differ from the case as told.

    Each mask is (L, n) with 1 = use the item, 0 = treat it as unknown. `softness` holds (L, n, 2)
    weights by the kind of item, in the place of those of the evidence.
    """

    lanes: int
    present: Floats | None = None
    absent: Floats | None = None
    quality_present: Floats | None = None
    quality_absent: Floats | None = None
    course_present: Floats | None = None
    course_absent: Floats | None = None
    agreement: Floats | None = None  # (L, A) which rows of the network's agreement hold
    likelihood: Floats | None = None
    extra_absent: Floats | None = None  # (L, F) further findings taken as absent
    softness: Mapping[str, Floats] = field(default_factory=dict)


@dataclass
class Posterior:
    """What a sweep says, per lane.

    Attributes:
        evidence: (L,) P(evidence), up to the scale of the likelihoods.
        state: (L, V, S) posterior of each state.
        quiet: (L, V, S) P(state and no direct activation of a complaint finding | evidence).
    """

    evidence: Floats
    state: Floats
    quiet: Floats

    @property
    def present(self) -> Floats:
        """(L, V) probability that a variable is in any state but absent."""
        total: Floats = self.state[:, :, 1:].sum(axis=2)
        return total
