"""Hanging cloth: it falls from the widest place above it instead of following every hollow of the body."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float
from scipy import ndimage

from spg_vton.render.body import Body, Canon
from spg_vton.render.mesh import Points

_RINGS_A_DECIMETRE, _SECTORS = 4.0, 40
_BLUR = 0.8  # of radii, in cells
_STEEPEST = 0.7  # how much narrower a ring of close cloth may be than the one above, decimetres a decimetre
_WIDEST = 1.6


@dataclass(frozen=True, slots=True, eq=False)
class Around:
    """Points about a vertical axis: angle, radius, and their place (ring from the top, sector) in a grid."""

    angle: Float[np.ndarray, " n"]
    radius: Float[np.ndarray, " n"]
    ring: Float[np.ndarray, " n"]
    sector: Float[np.ndarray, " n"]

    def at(self, grid: Float[np.ndarray, "R S"]) -> Float[np.ndarray, " n"]:
        """A grid's value at each point."""
        place = np.stack([self.ring, self.sector])
        return ndimage.map_coordinates(grid, place, order=1, mode="grid-wrap")


def around_axis(points: Points, axis_z: float) -> Around:
    """Place points about the vertical axis through x = 0, z = ``axis_z``."""
    x, z = points[:, 0], points[:, 2] - axis_z
    angle = np.arctan2(z, x)
    return Around(
        angle=angle,
        radius=np.hypot(x, z),
        ring=(points[:, 1].max() - points[:, 1]) * _RINGS_A_DECIMETRE,
        sector=(angle + np.pi) / (2 * np.pi) * _SECTORS,
    )


def _radii(points: Around, known: Bool[np.ndarray, " n"]) -> Float[np.ndarray, "R S"]:
    """Mean radius of the known points around each node of the grid, filled along and around."""
    rings = int(points.ring.max()) + 2
    total, weight = np.zeros((rings, _SECTORS)), np.full((rings, _SECTORS), 1e-6)
    ring, sector = points.ring[known], points.sector[known]
    low_ring, low_sector = np.floor(ring).astype(int), np.floor(sector).astype(int)
    for up in (0, 1):
        for on in (0, 1):
            share = np.abs(1 - up - (ring - low_ring)) * np.abs(1 - on - (sector - low_sector))
            place = (np.clip(low_ring + up, 0, rings - 1), (low_sector + on) % _SECTORS)
            np.add.at(total, place, share * points.radius[known])
            np.add.at(weight, place, share)
    blurred = [ndimage.gaussian_filter(grid, _BLUR, mode=("nearest", "wrap")) for grid in (total, weight)]
    return blurred[0] / blurred[1]


def draped_radii(
    points: Around, known: Bool[np.ndarray, " n"], fall: float
) -> tuple[Float[np.ndarray, " n"], Float[np.ndarray, " n"]]:
    """Radius at each point of the surface through the known points, and of cloth that hangs over it.

    A ring of the cloth is at most ``fall`` decimetres a decimetre narrower than the one above, and spans hollows.
    """
    grid = _radii(points, known)
    draped = grid.copy()
    for k in range(1, len(draped)):
        spanned = ndimage.gaussian_filter1d(draped[k], 1.5, mode="wrap")
        draped[k] = np.maximum(np.maximum(draped[k], spanned), draped[k - 1] - fall / _RINGS_A_DECIMETRE)
    return points.at(grid), points.at(ndimage.gaussian_filter(draped, (1.0, 0.7), mode=("nearest", "wrap")))


def hang(body: Body, points: Points, looseness: float) -> Points:
    """Let a shell around the trunk hang; 0 follows the body, 1 falls straight down from its widest place."""
    marks, used = body.landmarks, np.unique(body.tights)
    height, top = body.template[:, 1], marks.shoulder - 0.6
    trunk = used[(body.canon[used, Canon.ARM] < 0.5) & (height[used] > marks.hip - 1.3) & (height[used] < top)]
    axis_z = float(points[trunk, 2].mean())
    around = around_axis(points[trunk], axis_z)
    now, then = draped_radii(around, np.ones(len(trunk), bool), _STEEPEST * (1 - looseness))
    factor = 1 + (np.clip(then / np.maximum(now, 0.1), 1, _WIDEST) - 1) * np.clip((top - height[trunk]) / 0.8, 0, 1)
    hung = points.copy()
    hung[trunk, 0] *= factor
    hung[trunk, 2] = axis_z + (points[trunk, 2] - axis_z) * factor
    return hung
