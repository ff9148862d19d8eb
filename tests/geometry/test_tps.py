"""The thin-plate spline against kornia's, against known warps, and by finite differences."""

import pytest
import torch
from scipy.interpolate import RBFInterpolator

from spg_vton.geometry import tps

SIZE = (16, 12)


def offsets(batch=2, control=5, scale=0.2, seed=0, dtype=torch.float32):
    generator = torch.Generator().manual_seed(seed)
    return (torch.rand(batch, 2 * control * control, generator=generator, dtype=dtype) * 2 - 1) * scale


def test_no_offsets_change_nothing():
    image = torch.rand(2, 3, *SIZE)
    assert torch.allclose(tps.warp(image, torch.zeros(2, 50), "zeros"), image, atol=1e-5)


def test_control_points_go_where_their_offsets_say():
    theta = offsets()
    grid = tps.sampling_grid(theta, (5, 5))  # at 5 × 5 every pixel is a control point
    moved = tps.control_points(5).float() + theta.view(2, 2, 25).transpose(1, 2)
    assert torch.allclose(grid.reshape(2, 25, 2), moved, atol=1e-4)


def test_affine_offsets_give_the_affine_grid():
    matrix, shift = torch.tensor([[0.9, 0.2], [-0.1, 1.1]]), torch.tensor([0.05, -0.1])
    points = tps.control_points(5).float()
    theta = (points @ matrix.T + shift - points).T.reshape(1, -1)
    expected = tps.identity_grid(SIZE) @ matrix.T + shift
    assert torch.allclose(tps.sampling_grid(theta, SIZE)[0], expected, atol=1e-4)


def test_grid_equals_scipys_spline():
    theta = offsets()
    points = tps.control_points(5).numpy()
    pixels = tps.identity_grid(SIZE).reshape(-1, 2).double().numpy()
    for index in range(2):
        moved = points + theta[index].double().view(2, 25).T.numpy()
        spline = RBFInterpolator(points, moved, kernel="thin_plate_spline", degree=1)
        grid = tps.sampling_grid(theta, SIZE)[index].reshape(-1, 2).double()
        assert torch.allclose(grid, torch.from_numpy(spline(pixels)), atol=1e-5)


def test_a_positive_x_offset_moves_the_content_left():
    image = torch.zeros(1, 1, 9, 9)
    image[..., 4, 6] = 1
    theta = torch.cat([torch.full((1, 25), 2 * 2 / 8), torch.zeros(1, 25)], dim=1)  # two pixels
    warped = tps.warp(image, theta, "zeros")
    assert warped[0, 0, 4, 4] == pytest.approx(1, abs=1e-4)


def test_padding_repeats_the_edge_or_leaves_zero():
    image, theta = torch.ones(1, 1, 8, 8), torch.full((1, 50), 1.5)
    assert tps.warp(image, theta, "border").min() == pytest.approx(1)
    assert tps.warp(image, theta, "zeros").min() == 0


def test_batched_equals_single():
    theta, image = offsets(3), torch.rand(3, 2, *SIZE)
    whole = tps.warp(image, theta, "border")
    for index in range(3):
        one = slice(index, index + 1)
        assert torch.allclose(whole[one], tps.warp(image[one], theta[one], "border"), atol=1e-6)


def test_gradients_reach_image_and_offsets():
    image = torch.rand(1, 1, 6, 6, dtype=torch.float64, requires_grad=True)
    theta = offsets(1, 3, 0.1, dtype=torch.float64).requires_grad_()
    assert torch.autograd.gradcheck(lambda x, t: tps.warp(x, t, "border"), (image, theta))


def test_offsets_of_no_square_grid_are_refused():
    with pytest.raises(ValueError, match=r"k × k control grid, got \(1, 48\)"):
        tps.sampling_grid(torch.zeros(1, 48), SIZE)
