"""The losses of a step by name, left on the device until somebody asks for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import torch
from jaxtyping import Float
from torch import Tensor

from spg_vton.losses.objective import Breakdown


@dataclass(frozen=True)
class Terms:
    """What a step minimised on either side."""

    names: tuple[str, ...]
    """The generators' terms, then ``discriminator.*``."""
    numbers: Float[Tensor, " n"]
    weights: Mapping[str, float]
    """Of the generators' terms."""

    @classmethod
    def of(cls, generators: Breakdown, discriminators: Mapping[str, Tensor]) -> "Terms":
        """The terms of one pass, without their graphs."""
        by_name = (
            generators.terms
            | generators.counts
            | {f"discriminator.{name}": loss for name, loss in discriminators.items()}
        )
        return cls(tuple(by_name), torch.stack([value.detach() for value in by_name.values()]), generators.weights)

    @classmethod
    def mean(cls, parts: Sequence["Terms"]) -> "Terms":
        """Of the equal parts of a batch."""
        if len(parts) == 1:
            return parts[0]
        return replace(parts[0], numbers=torch.stack([part.numbers for part in parts]).mean(0))

    def values(self) -> dict[str, float]:
        """As numbers: the generators' terms unweighted, ``weighted.*``, their ``total``, ``discriminator.*``."""
        numbers = dict(zip(self.names, self.numbers.tolist(), strict=True))
        plain = {name: numbers[name] for name in self.names if name in self.weights}
        weighted = {f"weighted.{name}": value * self.weights[name] for name, value in plain.items()}
        others = {name: value for name, value in numbers.items() if name not in self.weights}
        return plain | weighted | {"total": sum(weighted.values())} | others

    def not_finite(self) -> list[str]:
        """Names of the terms that are NaN or infinite."""
        finite = self.numbers.isfinite().tolist()
        return [name for name, good in zip(self.names, finite, strict=True) if not good]
