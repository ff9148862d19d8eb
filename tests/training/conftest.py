"""A store of random triples and a tiny experiment."""

import numpy as np
import pytest

from spg_vton.config import Experiment, Lambdas, ObjectiveConfig, OptimiserConfig, StageConfig, TrainingConfig
from spg_vton.losses.objective import Objective


class FakeStore:
    """Answers as a store would, from memory."""

    height, width, sha256 = 64, 48, "data"

    def __init__(self, make_batch, size=6):
        self.make_batch, self.size = make_batch, size

    def select(self, **_):
        return np.arange(self.size)

    def indices(self, rows, name):
        """Three triples a person, each third one noisy."""
        return np.array({
            "triple_id": [f"{row // 3}/a|{row // 3}/b|{row}" for row in rows], "noisy": [row % 3 == 0 for row in rows],
        }[name])  # fmt: skip

    def batch(self, rows):
        import torch

        parts = [self.make_batch(1, seed=int(row)) for row in rows]
        tensors = {
            name: torch.cat([getattr(part, name) for part in parts]) for name in vars(parts[0]) if name != "triple_ids"
        }
        return type(parts[0])(**tensors, triple_ids=tuple(f"triple {row}" for row in rows))


@pytest.fixture
def store(make_batch):
    return FakeStore(make_batch)


@pytest.fixture
def experiment(tiny_model):
    stage = StageConfig(steps=6, learning_rate=1e-3, adversarial_from=0.5)
    training = TrainingConfig(
        semantic=stage, synthesis=stage, joint=stage, batch_size=2, r1_every=2, log_every=2, accelerator="cpu",
        optimiser=OptimiserConfig(schedule="cosine"),
    )  # fmt: skip
    return Experiment(tiny_model, training, Lambdas(), ObjectiveConfig(perceptual="alexnet", identity="none"))


@pytest.fixture
def objective(experiment):
    return Objective(experiment.lambdas, experiment.objective, lambda image: (image,) * 5)
