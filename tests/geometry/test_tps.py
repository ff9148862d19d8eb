"""The thin-plate spline against kornia's, against known warps, and by finite differences."""

import numpy as np
import pytest
import torch
from kornia.geometry.transform import get_tps_transform, warp_image_tps
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


def solved(values):
    """Kernel and affine weights of the spline through ``values`` at the control points, U = r² log r, by NumPy."""
    points = tps.control_points(5).numpy()
    distance = np.linalg.norm(points[:, None] - points[None], axis=2)
    kernel = np.where(distance > 0, distance**2 * np.log(np.where(distance > 0, distance, 1)), 0)
    plane = np.concatenate([np.ones((25, 1)), points], axis=1)
    system = np.block([[kernel, plane], [plane.T, np.zeros((3, 3))]])
    weights = np.linalg.solve(system, np.concatenate([values, np.zeros((3, 2))]))
    return torch.from_numpy(weights[:25]).float()[None], torch.from_numpy(weights[25:]).float()[None]


@pytest.mark.parametrize("padding", ["border", "zeros"])
def test_warped_image_equals_kornias(padding):
    image, theta, points = torch.rand(1, 3, *SIZE), offsets(1), tps.control_points(5).float()
    moved = points + theta.view(2, 25).T
    kernel, affine = solved(moved.double().numpy())
    reference = warp_image_tps(image, points[None], kernel, affine, align_corners=True, padding_mode=padding)
    torch.testing.assert_close(tps.warp(image, theta, padding), reference, atol=1e-4, rtol=1e-4)


def test_affine_warp_equals_kornias_own_fit():
    image, points = torch.rand(1, 3, *SIZE), tps.control_points(5).float()
    moved = points @ torch.tensor([[0.9, 0.2], [-0.1, 1.1]]).T + torch.tensor([0.05, -0.1])
    kernel, affine = get_tps_transform(points[None], moved[None])
    reference = warp_image_tps(image, moved[None], kernel, affine, align_corners=True, padding_mode="border")
    found = tps.warp(image, (moved - points).T.reshape(1, 50), "border")
    torch.testing.assert_close(found, reference, atol=1e-3, rtol=1e-3)


def test_gradients_of_the_grid_by_finite_differences():
    theta = offsets(2, 5, 0.2, dtype=torch.float64).requires_grad_()
    assert torch.autograd.gradcheck(lambda t: tps.sampling_grid(t, (7, 6)), (theta,))


def test_coordinates_stay_in_single_precision_under_autocast():
    theta = offsets()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        grid = tps.sampling_grid(theta, SIZE)
    assert torch.equal(grid, tps.sampling_grid(theta, SIZE))


def test_a_half_precision_image_is_sampled_at_precise_places():
    image, theta = torch.linspace(0, 1, 256).view(1, 1, 1, 256).expand(1, 1, 256, 256), offsets(1)
    exact = tps.warp(image, theta, "border")
    half = tps.warp(image.bfloat16(), theta, "border")
    assert half.dtype == torch.bfloat16
    assert (half.float() - exact).abs().max() < 2 / 256  # the image's own rounding; 0.03 with the coordinates' as well
