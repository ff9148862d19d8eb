"""Which triples a step sees, and everything random about them: both follow from the seed and the step's number alone.

The loader's position is therefore the step's number, and no state of a random generator need ever be kept. Each
process draws for the whole batch and reads only its own share, so that the number of processes and parts changes
nothing but the rounding of sums.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from spg_vton.config import TrainingConfig
from spg_vton.store.dataset import Store
from spg_vton.types import Batch


@dataclass(frozen=True)
class Part:
    """Triples that go through the networks together."""

    batch: Batch
    erasing: Float[Tensor, "5 B"]
    """The draws of ``random_erase``."""


class Loader:
    """The batches of a stage, one a step.

    Args:
        store: packed triples.
        rows: those to train on.
        config: batch size, parts, mirroring, noise, seed.
        process: which of ``config.processes`` this is, from 0.
    """

    def __init__(self, store: Store, rows: Int[np.ndarray, " n"], config: TrainingConfig, process: int = 0) -> None:
        self.store, self.rows, self.config, self.process = store, rows, config, process
        self._chances = self._draw_chances()

    def parts(self, step: int) -> Iterator[Part]:
        """This process's share of the batch of ``step`` (from 0), in ``config.accumulate`` equal parts."""
        config = self.config
        drawn = np.random.default_rng([config.seed, step])
        generator = torch.Generator().manual_seed(int(drawn.integers(2**62)))
        scarce = len(self.rows) < config.batch_size
        rows = drawn.choice(self.rows, config.batch_size, replace=scarce, p=self._chances)
        mirrored = torch.rand(config.batch_size, generator=generator) < 0.5 if config.flip else None
        erasing = torch.rand(5, config.batch_size, generator=generator)
        size = config.batch_size // (config.processes * config.accumulate)
        for part in range(config.accumulate):
            first = (part * config.processes + self.process) * size
            share = slice(first, first + size)
            batch = self.store.batch(rows[share])
            if mirrored is not None:
                batch = batch.flip(mirrored[share])
            yield Part(batch, erasing[:, share])

    def triples(self, step: int) -> list[str]:
        """The names of this process's triples in ``step``, for messages."""
        return [name for part in self.parts(step) for name in part.batch.triple_ids]

    def _draw_chances(self) -> np.ndarray | None:
        if self.config.noisy_triples != "downweight":
            return None
        noisy = self.store.indices(self.rows, "noisy")
        chances = np.where(noisy, self.config.noisy_weight, 1.0)
        return chances / chances.sum()
