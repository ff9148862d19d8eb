import numpy as np
import pytest

from spg_vton.render.rasterizer import FAR
from spg_vton.render.shadows import HEM_REACH, below_hem, key_light_left, occlusion

SIZE = 60


def step() -> np.ndarray:
    """A plane of depth 0 whose left half is one decimetre nearer."""
    depth = np.zeros((SIZE, SIZE), np.float32)
    depth[:, : SIZE // 2] = 1
    return depth


def fine(depth: np.ndarray) -> np.ndarray:
    return depth.repeat(2, 0).repeat(2, 1).reshape(-1)


def photo(values: np.ndarray) -> np.ndarray:
    return values.reshape(2 * SIZE, 2 * SIZE)[SIZE, ::2]


def test_a_plane_is_not_occluded():
    plane = np.full((SIZE, SIZE), 0.5, np.float32)
    assert occlusion(plane, fine(plane), 2) == pytest.approx(1, abs=1e-5)
    assert key_light_left(plane, fine(plane), 2, 20.0, (0.5, 0.5, 0.7)) == pytest.approx(1)


def test_the_foot_of_a_step_is_occluded():
    left = photo(occlusion(step(), fine(step()), 2))
    near, foot, far = left[SIZE // 2 - 4], left[SIZE // 2], left[SIZE - 4]
    assert near > 0.99 and foot < 0.85 and foot < far


def test_a_step_casts_its_shadow_away_from_the_light():
    from_left = photo(key_light_left(step(), fine(step()), 2, 20.0, (-0.7, 0.0, 0.7)))
    from_right = photo(key_light_left(step(), fine(step()), 2, 20.0, (0.7, 0.0, 0.7)))
    assert from_left[SIZE // 2 + 2] < 0.8 and from_left[SIZE - 2] > 0.99
    assert from_right == pytest.approx(1)


def test_a_hem_shades_what_hangs_below_and_behind_it_only():
    cloth, seen = np.zeros((30, 8), bool), np.zeros((30, 8), np.float32)
    cloth[10:12], seen[10:12] = True, 0.3
    seen[:, 5] = 0.9  # an arm in front of the cloth
    cloth[:, 5] = False
    seen[:, 6], cloth[:, 6] = FAR, False  # nothing
    left = below_hem(cloth.reshape(-1), seen.reshape(-1), width=8, supersampling=2).reshape(30, 8)
    assert (left[12:14, 0] < 0.95).all() and (np.diff(left[12:18, 0]) >= 0).all()
    assert (left[:12, 0] == 1).all() and (left[12 + 2 * HEM_REACH :, 0] == 1).all()
    assert (left[:, 5:7] == 1).all()
