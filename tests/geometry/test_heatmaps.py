"""Pose maps: discs of the right place, radius and absence."""

import pytest
import torch

from spg_vton.geometry.heatmaps import disc_radius, pose_maps


def pose(**points):
    keypoints = torch.zeros(1, 18, 3)
    for index, (x, y) in points.items():
        keypoints[0, int(index[1:])] = torch.tensor([x, y, 0.9])
    return keypoints


def test_radius_scales_with_the_resolution():
    assert disc_radius(256) == 4
    assert disc_radius(512) == 8
    assert disc_radius(32) == 1


def test_a_disc_of_radius_four_at_the_papers_size():
    maps = pose_maps(pose(k3=(50.0, 100.0)), (256, 192))
    assert maps.shape == (1, 18, 256, 192)
    assert set(maps.unique().tolist()) == {0, 1}
    assert maps[0, 3, 100, 54] == 1 and maps[0, 3, 100, 55] == 0
    assert maps[0, 3, 96, 50] == 1 and maps[0, 3, 95, 50] == 0
    assert maps[0, 3].sum() == sum(x * x + y * y <= 16 for x in range(-4, 5) for y in range(-4, 5))


def test_a_missing_keypoint_is_an_empty_channel_even_at_the_origin():
    maps = pose_maps(pose(k3=(50.0, 100.0)), (256, 192))
    assert maps[0, [0, 1, 2, *range(4, 18)]].sum() == 0


def test_x_is_the_column_and_y_the_row():
    maps = pose_maps(pose(k0=(10.0, 40.0)), (64, 48))
    assert maps[0, 0, 40, 10] == 1
    assert maps[0, 0, 10, 40] == 0


@pytest.mark.parametrize("place", [(-3.0, 20.0), (47.0, 63.0), (1000.0, 1000.0)])
def test_keypoints_at_and_beyond_the_edge(place):
    maps = pose_maps(pose(k1=place), (64, 48))
    inside = place[0] < 48 and place[0] >= 0
    assert bool(maps[0, 1].any()) == inside


def test_maps_carry_no_gradient_to_the_keypoints():
    """Discs are 0 or 1: nothing is learnt through them, and nothing in the method asks for it."""
    keypoints = pose(k3=(20.0, 30.0)).requires_grad_()
    assert not pose_maps(keypoints, (64, 48)).requires_grad


@pytest.mark.parametrize("size", [(64, 48), (256, 192), (40, 24)])
def test_maps_are_the_literal_comparison_of_every_pixel(size):
    """Each pixel's distance to each keypoint, at the edges and beyond them too."""
    generator = torch.Generator().manual_seed(0)
    spread = torch.tensor([size[1] + 20.0, size[0] + 20.0, 1.0])
    keypoints = torch.rand(3, 18, 3, generator=generator) * spread - torch.tensor([10.0, 10.0, 0.3])
    x, y, confidence = keypoints[..., None, None, :].unbind(-1)
    rows, columns = torch.meshgrid(torch.arange(size[0]), torch.arange(size[1]), indexing="ij")
    inside = (columns - x).square() + (rows - y).square() <= disc_radius(size[0]) ** 2
    assert torch.equal(pose_maps(keypoints, size), (inside & (confidence > 0)).float())
