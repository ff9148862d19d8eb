"""The terms of an objective by name, unweighted and weighted."""

from dataclasses import dataclass, field

import torch
from jaxtyping import Float
from torch import Tensor


@dataclass(frozen=True)
class Breakdown:
    """Named terms of an objective."""

    terms: dict[str, Tensor] = field(default_factory=dict)
    weights: dict[str, float] = field(default_factory=dict)
    counts: dict[str, Tensor] = field(default_factory=dict)
    """What was counted on the way, such as the faces that were not seen; no part of the total."""

    @property
    def total(self) -> Float[Tensor, ""]:
        """The weighted sum."""
        return torch.stack([self.terms[name] * self.weights[name] for name in self.terms]).sum()

    def __add__(self, other: "Breakdown") -> "Breakdown":
        return Breakdown(self.terms | other.terms, self.weights | other.weights, self.counts | other.counts)

    def values(self) -> dict[str, float]:
        """``name`` → the unweighted and ``weighted.name`` → the weighted value, as numbers; and the counts."""
        every = self.terms | self.counts
        numbers = dict(zip(every, torch.stack([value.detach() for value in every.values()]).tolist(), strict=True))
        return numbers | {f"weighted.{name}": numbers[name] * self.weights[name] for name in self.terms}
