"""Halves of a garment laid flat: the trunk as rigidly as possible, the skirt ring by ring below it.

Convention: flat coordinates (u, v) in decimetres, u to the picture's right, v up; both halves are seen from outside.
"""

import numpy as np

from spg_vton.render.arap import flatten
from spg_vton.render.mesh import Faces, Points

_MIDLINE = 0.25  # half the width of the strip by which pieces are put upright, decimetres
_NEAR = 0.5  # decimetres around the join in which the trunk tells where the skirt begins


def _upright(uv: np.ndarray, points: Points) -> np.ndarray:
    """Turn and shift a piece so that the body's midline is u = 0 and heights agree with the template's."""
    middle = np.abs(points[:, 0]) < _MIDLINE
    waist = np.median(points[middle, 1])
    uv = uv - [np.polyfit(points[middle, 0], uv[middle, 0], 1)[1], 0]
    spine = uv[middle & (points[:, 1] > waist)].mean(0) - uv[middle & (points[:, 1] < waist)].mean(0)
    angle = np.arctan2(spine[0], spine[1])
    c, s = np.cos(angle), np.sin(angle)
    uv = np.stack([c * uv[:, 0] - s * uv[:, 1], s * uv[:, 0] + c * uv[:, 1]], axis=1)
    uv[:, 1] += (points[middle, 1] - uv[middle, 1]).mean()
    return uv


def lay_flat(points: Points, half: Faces, sign: int) -> tuple[np.ndarray, np.ndarray]:
    """Vertices used by one half of a piece (``sign`` 1 in front, -1 behind), and where they lie flat."""
    used, local = np.unique(half, return_inverse=True)
    here = points[used]
    start = here[:, :2] * [sign, 1]
    return used, _upright(flatten(here, local.reshape(half.shape), start), here)


def _arc(angle: np.ndarray, fall: np.ndarray, points: Points) -> np.ndarray:
    """Length of the ring from the middle to each point, relative to that at the join."""

    def columns(at_angle: np.ndarray, at_fall: np.ndarray) -> np.ndarray:
        return np.stack([at_angle**k * at_fall**m for k in range(0, 8, 2) for m in range(4)], axis=-1)

    radius = np.linalg.lstsq(columns(angle, fall), np.hypot(points[:, 0], points[:, 2]), rcond=None)[0]
    steps = angle[:, None] * (np.arange(24) + 0.5) / 24

    def length(at_fall: np.ndarray) -> np.ndarray:
        here = columns(steps, np.broadcast_to(at_fall[:, None], steps.shape)) @ radius
        turning = np.gradient(here, axis=1) * 24 / np.where(np.abs(angle) < 1e-3, np.inf, angle)[:, None]
        return np.hypot(here, turning).mean(1)

    return length(fall) / length(np.zeros_like(fall))


def lay_skirt(
    uv: np.ndarray, points: Points, fall: np.ndarray, trunk: np.ndarray, skirt: np.ndarray, sign: int
) -> None:
    """Lay a skirt's half flat so that it continues the trunk's: rings unrolled, as wide as they are round.

    Args:
        uv: flat places, those of ``trunk`` known; those of ``skirt`` are filled in.
        points: the surface.
        fall: height of each point over the join of trunk and skirt, decimetres.
        trunk: vertices of the trunk's half.
        skirt: vertices of the skirt's half.
        sign: 1 in front, -1 behind.
    """
    centred = points - [0, 0, points[trunk, 2].mean()]
    angle = np.arctan2(centred[:, 0], centred[:, 2] * sign)

    def fit(axis: int) -> np.ndarray:
        """Flat place at the join by angle, as a polynomial fitted to the trunk near it."""
        near, powers = trunk[np.abs(fall[trunk]) < _NEAR], range(6)
        columns = np.stack([angle**k for k in powers] + [fall * angle**k for k in powers[:3]], axis=1)
        weights = np.linalg.lstsq(columns[near], uv[near, axis], rcond=None)[0]
        return columns[skirt, : len(powers)] @ weights[: len(powers)]

    ratio = _arc(angle[skirt], fall[skirt], centred[skirt])
    uv[skirt, 0] = fit(0) * ratio
    uv[skirt, 1] = fit(1) + fall[skirt]
