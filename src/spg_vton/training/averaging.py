"""A running mean of weights (EMA): w̄ ← d·w̄ + (1 − d)·w after each step."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import torch
from torch import Tensor
from torch.optim.swa_utils import get_ema_multi_avg_fn


class RunningMean:
    """The mean of some parameters, kept beside them.

    Args:
        parameters: by name; the mean starts as a copy of them.
        decay: d at its highest; early on it is (1 + n) / (10 + n), so that the first weights are soon forgotten.
    """

    def __init__(self, parameters: Mapping[str, Tensor], decay: float) -> None:
        self.parameters, self.decay = dict(parameters), decay
        self.weights = {name: tensor.detach().clone() for name, tensor in parameters.items()}

    @torch.no_grad()
    def update(self, number: int) -> None:
        """Take the weights after step ``number`` (from 0) in."""
        decay = min(self.decay, (1 + number) / (10 + number))
        current = [tensor.detach() for tensor in self.parameters.values()]
        get_ema_multi_avg_fn(decay)(list(self.weights.values()), current, 0)

    @torch.no_grad()
    def restore(self, weights: Mapping[str, Tensor]) -> None:
        """Take up a mean that was saved."""
        for name, tensor in self.weights.items():
            tensor.copy_(weights[name])

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Within the block, the parameters are their means."""
        own = {name: tensor.detach().clone() for name, tensor in self.parameters.items()}
        self._copy(self.weights)
        try:
            yield
        finally:
            self._copy(own)

    @torch.no_grad()
    def _copy(self, weights: Mapping[str, Tensor]) -> None:
        for name, tensor in self.parameters.items():
            tensor.copy_(weights[name])
