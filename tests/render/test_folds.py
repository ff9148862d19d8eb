import numpy as np
import pytest

from spg_vton.render.folds import folds_at, strain, wrinkle_maps


def sheet(size: int = 6) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A flat square: points (x right, y up), their pixels, faces."""
    column, row = (part.ravel().astype(np.float64) for part in np.meshgrid(np.arange(size), np.arange(size)))
    points = np.stack([column / 4, -row / 4, np.zeros_like(row)], axis=1)
    grid = np.arange(size * size).reshape(size, size)
    a, b, c, d = (part.ravel() for part in (grid[:-1, :-1], grid[:-1, 1:], grid[1:, 1:], grid[1:, :-1]))
    faces = np.concatenate([np.stack([a, c, b], 1), np.stack([a, d, c], 1)]).astype(np.int32)
    return points, np.stack([column, row], axis=1) * 10, faces


@pytest.mark.parametrize(("axis", "place"), [(0, 6), (1, 8)])
def test_compression_is_measured_along_its_direction(axis, place):
    points, pixels, faces = sheet()
    pressed = points.copy()
    pressed[:, axis] *= 0.8
    lie = strain(pressed, points, pixels, faces)
    expected = (1 - 0.8**2) / 2  # Green's strain
    other = 14 - place
    assert np.allclose(lie[:, place], expected, atol=0.01) and np.allclose(lie[:, [7, other]], 0, atol=0.01)
    assert np.allclose(lie[:, :3], [1, 0, 0]) and np.allclose(lie[:, 3:6], [0, -1, 0])


def test_rigid_motion_and_stretch_fold_nothing():
    points, pixels, faces = sheet()
    turned = points @ np.array([[0, 1, 0], [0, 0, 1], [1, 0, 0.0]]) + 3
    for moved in (turned, 1.2 * points):
        assert np.allclose(strain(moved, points, pixels, faces)[:, 6:], 0, atol=1e-6)


def test_wrinkles_stand_across_the_compression():
    places = np.random.default_rng(0).uniform(0, 500, (2, 4000)).astype(np.float32)
    tensors = np.zeros((4000, 3), np.float32)
    tensors[:, 0] = 0.2  # compressed along columns
    folds = folds_at(tensors, places[0], places[1], (0, 0), wrinkle_maps())
    assert folds[:, 1].std() > 2 * folds[:, 2].std()
    assert not folds_at(np.zeros_like(tensors), places[0], places[1], (0, 0), wrinkle_maps()).any()


def test_slopes_are_those_of_the_height():
    row = np.full(200, 100.0, np.float32)
    column = np.arange(200, dtype=np.float32)
    tensors = np.tile(np.array([0.2, 0.05, 0.1], np.float32), (200, 1))
    folds = folds_at(tensors, column, row, (7, 3), wrinkle_maps())
    assert np.allclose(np.gradient(folds[:, 0])[1:-1], folds[1:-1, 1], atol=1e-3)
