"""The names and signatures that other projects may rely on."""

import inspect
import pkgutil

import pytest
import torch

import spg_vton.losses
from spg_vton.geometry import heatmaps, tps
from spg_vton.losses import objective
from spg_vton.models.discriminator import MultiScaleDiscriminator
from spg_vton.models.generator import Generator
from spg_vton.models.geometric_matching import GeometricMatching


def test_a_generator_returns_a_tensor_and_is_64_wide_by_default():
    assert inspect.signature(Generator).parameters["width"].default == 64
    result = Generator(in_channels=5, out_channels=4, width=4)(torch.rand(2, 5, 64, 48))
    assert isinstance(result, torch.Tensor) and result.shape == (2, 4, 64, 48)


def test_a_discriminator_returns_score_maps_the_finest_first():
    scores = MultiScaleDiscriminator(in_channels=5)(torch.rand(1, 5, 64, 48))
    assert isinstance(scores, list)
    assert [tuple(score.shape) for score in scores] == [(1, 1, 16, 12), (1, 1, 8, 6), (1, 1, 4, 3)]


@pytest.mark.parametrize("size", [(64, 48), (96, 72), (128, 96)])
def test_matching_fits_its_size(size):
    theta = GeometricMatching(width=4, size=size)(torch.rand(1, 1, *size), torch.rand(1, 1, *size))
    assert theta.shape == (1, 50)


def test_the_warps_signatures():
    assert list(inspect.signature(tps.sampling_grid).parameters) == ["theta", "size"]
    assert list(inspect.signature(tps.warp).parameters) == ["image", "theta", "padding"]
    theta, image = torch.zeros(1, 50), torch.rand(1, 3, 8, 6)
    assert tps.sampling_grid(theta=theta, size=(8, 6)).shape == (1, 8, 6, 2)
    assert tps.warp(image=image, theta=theta, padding="border").shape == image.shape


def test_the_heatmaps_signature():
    assert list(inspect.signature(heatmaps.pose_maps).parameters) == ["keypoints", "size"]
    assert heatmaps.pose_maps(torch.zeros(1, 18, 3), (8, 6)).shape == (1, 18, 8, 6)


def test_the_losses_rooms():
    rooms = {module.name for module in pkgutil.iter_modules(spg_vton.losses.__path__)}
    assert rooms == {
        "adversarial", "breakdown", "cycle_consistency", "face_identity", "focal", "objective", "perceptual",
        "reconstruction", "warp_regularity",
    }  # fmt: skip
    assert list(inspect.signature(objective.build_objective).parameters) == ["lambdas", "config"]
