"""Shapes of accessories: sheets, tubes and boxes as grids of vertices."""

import numpy as np
from jaxtyping import Float

from spg_vton.render.mesh import Faces, Points


def sheet_faces(rows: int, columns: int) -> Faces:
    """Triangles of a grid of vertices, row by row; counter-clockwise where rows go up and columns to the right."""
    start = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)).ravel()
    lower = np.stack([start, start + 1, start + columns], axis=1)
    upper = np.stack([start + 1, start + columns + 1, start + columns], axis=1)
    return np.concatenate([lower, upper]).astype(np.int32)


def sheet_values(rows: int, columns: int) -> Float[np.ndarray, "V 2"]:
    """Each vertex's place in the grid, (row, column), 0 to 1."""
    row, column = np.meshgrid(np.linspace(0, 1, rows), np.linspace(0, 1, columns), indexing="ij")
    return np.stack([row.ravel(), column.ravel()], axis=1).astype(np.float32)


def tube(path: Points, radii: Float[np.ndarray, "n 2"], sides: int) -> Points:
    """A tube of elliptical section along a path: grid of len(path) rows and ``sides`` columns, the last on the first.

    ``radii`` are the half-widths across (level) and upright.
    """
    ahead = np.gradient(path, axis=0)
    across = np.cross(ahead, (0.0, 1.0, 0.0))
    across /= np.linalg.norm(across, axis=1, keepdims=True) + 1e-9
    upright = np.cross(across, ahead)
    upright /= np.linalg.norm(upright, axis=1, keepdims=True) + 1e-9
    angle = np.linspace(0, 2 * np.pi, sides)
    level = radii[:, :1, None] * np.cos(angle)[None, :, None] * across[:, None]
    rise = radii[:, 1:, None] * np.sin(angle)[None, :, None] * upright[:, None]
    return (path[:, None] + level + rise).reshape(-1, 3)


def rounded_box(half: tuple[float, float, float], squareness: float, rows: int = 17, columns: int = 33) -> Points:
    """A superellipsoid about the origin with the given half-sizes; ``squareness`` 1 is round, 0.2 a box."""

    def power(values: np.ndarray) -> np.ndarray:
        return np.sign(values) * np.abs(values) ** squareness

    up, round_ = np.meshgrid(
        np.linspace(-np.pi / 2, np.pi / 2, rows), np.linspace(0, 2 * np.pi, columns), indexing="ij"
    )
    x, y, z = power(np.cos(up)) * power(np.sin(round_)), power(np.sin(up)), power(np.cos(up)) * power(np.cos(round_))
    return np.stack([half[0] * x.ravel(), half[1] * y.ravel(), half[2] * z.ravel()], axis=1)


def spread(shape: Points, part: Float[np.ndarray, " V"] | float = 0.0) -> Float[np.ndarray, "V 4"]:
    """A shape's own coordinates as material values (x, y, z, part)."""
    return np.column_stack([shape, np.broadcast_to(part, len(shape))]).astype(np.float32)
