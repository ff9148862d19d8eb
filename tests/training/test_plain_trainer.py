"""The benchmark's yardstick computes the same mathematics as the project's step."""

import dataclasses
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from spg_vton.training.loader import Loader
from spg_vton.training.trainer import Trainer

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
from plain_training import PlainSpline, PlainTrainer

from spg_vton.geometry.tps import sampling_grid


def test_the_plain_spline_is_the_same_spline():
    theta = 0.2 * torch.randn(2, 50, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(PlainSpline((64, 48))(theta), sampling_grid(theta, (64, 48)), rtol=0, atol=2e-5)


@pytest.mark.parametrize("r1", [False, True])
def test_a_plain_step_equals_the_projects(experiment, objective, store, r1):
    experiment = dataclasses.replace(
        experiment,
        training=dataclasses.replace(
            experiment.training,
            joint=dataclasses.replace(experiment.training.joint, adversarial_from=0.0),
            optimiser=dataclasses.replace(experiment.training.optimiser, schedule="constant"),
        ),
    )
    trainer = Trainer("joint", experiment, objective, {})
    rate = experiment.training.joint.learning_rate
    plain = PlainTrainer(experiment, trainer.model, trainer.networks["discriminators"], objective, rate)
    number = 0 if r1 else 1
    (part,) = Loader(store, np.arange(6), experiment.training).parts(number)
    expected = trainer.run_step([part], number).values()
    got = plain.step(part.batch, part.erasing, r1)
    for name in ("semantic_focal", "cycle_backward", "try_on_l1", "coarse_perceptual"):
        assert got[name] == pytest.approx(expected[name], rel=1e-4)
    for name in ("d1", "d2", "d_global", "d_local"):
        assert got[name] == pytest.approx(expected[f"discriminator.{name}"], rel=1e-4)
    ours = dict(trainer.networks.state_dict())
    twins = {f"model.{name}": tensor for name, tensor in plain.model.state_dict().items()}
    twins |= {f"discriminators.{name}": tensor for name, tensor in plain.discriminators.state_dict().items()}
    assert twins.keys() == ours.keys()
    # Adam's first step moves each weight by about the rate, whatever its gradient: rounding shows where that is 0.
    moved = torch.cat([(ours[name] - twins[name]).abs().flatten() for name in ours])
    assert float((moved < 0.05 * rate).float().mean()) > 0.99
