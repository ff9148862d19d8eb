"""Hanging cloth: it falls from the widest place above it instead of following the body."""

import numpy as np
from scipy import ndimage

from spg_vton.render.body import Body, Canon
from spg_vton.render.mesh import Points


def hang(body: Body, points: Points, looseness: float) -> Points:
    """Let cloth hang from the widest place above it instead of following the waist.

    Around the vertical axis the radius of the cloth falls at most ``0.16 (1 - looseness)`` decimetres a ring downwards.
    """
    marks, used = body.landmarks, np.unique(body.tights)
    height, arm = body.template[used, 1], body.canon[used, Canon.ARM]
    trunk = used[(arm < 0.5) & (height > marks.hip - 1.3) & (height < marks.shoulder - 0.6)]
    y, centre = points[trunk, 1], points[trunk, 2].mean()
    x, z = points[trunk, 0], points[trunk, 2] - centre
    angle, radius = np.arctan2(z, x), np.hypot(x, z)
    rings, sectors = 26, 32
    ring = (y.max() - y) / (y.max() - y.min() + 1e-9) * (rings - 1)
    sector = (angle + np.pi) / (2 * np.pi) * sectors
    grid = np.full((rings, sectors), np.nan)
    np.fmax.at(grid, (ring.round().astype(int), sector.astype(int) % sectors), radius)
    for k in range(sectors):
        known = np.flatnonzero(~np.isnan(grid[:, k]))
        grid[:, k] = np.interp(np.arange(rings), known, grid[known, k])
    draped = grid.copy()
    for k in range(1, rings):
        draped[k] = np.maximum(grid[k], draped[k - 1] - 0.16 * (1 - looseness))
    draped = ndimage.gaussian_filter(draped, (1.2, 1), mode=("nearest", "wrap"))
    widening = np.maximum(draped / np.maximum(grid, 0.1), 1)
    factor = ndimage.map_coordinates(widening, [ring, sector], order=1, mode="grid-wrap")
    fade = np.clip((marks.shoulder - 0.6 - body.template[trunk, 1]) / 0.8, 0, 1)
    factor = 1 + (np.clip(factor, 1, 1.6) - 1) * fade
    hung = points.copy()
    hung[trunk, 0], hung[trunk, 2] = x * factor, centre + z * factor
    return hung
