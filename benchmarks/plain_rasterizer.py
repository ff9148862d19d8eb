"""A plain NumPy z-buffer, one triangle at a time: the reference that the compiled rasteriser is measured against.

Both methods have the meaning and the arguments of ``Canvas``'s own; see ``spg_vton.render.rasterizer`` for the frames.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import numpy as np

from spg_vton.render.rasterizer import Canvas, Fragments

_THIN, _OUTSIDE = 1e-9, -1e-6  # least doubled area, and how far outside a triangle a centre may lie


def _one_triangle(
    corners: np.ndarray, heights: np.ndarray, width: int, height: int, two_sided: bool, bias: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """Pixels whose centres a triangle covers, where in it they lie, and how near it is there."""
    (ax, ay), (bx, by), (cx, cy) = corners
    area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
    if abs(area) < _THIN or (area > 0 and not two_sided):
        return None
    left, top = np.maximum(np.ceil(corners.min(0) - 0.5), 0).astype(int)
    right, bottom = np.minimum(np.floor(corners.max(0) - 0.5), (width - 1, height - 1)).astype(int)
    if right < left or bottom < top:
        return None
    rows, columns = np.mgrid[top : bottom + 1, left : right + 1].reshape(2, -1)
    x, y = columns + 0.5 - ax, rows + 0.5 - ay
    second = (x * (cy - ay) - y * (cx - ax)) / area
    third = (y * (bx - ax) - x * (by - ay)) / area
    bary = np.stack([1 - second - third, second, third], axis=1)
    inside = (bary >= _OUTSIDE).all(1)
    return (rows * width + columns)[inside], bary[inside], bary[inside] @ heights + bias * (area < 0)


def _fragments(
    canvas: Canvas, xy: np.ndarray, depth: np.ndarray, faces: np.ndarray, bias: float, two_sided: bool
) -> Fragments:
    """Fragments of a surface nearer than what is drawn."""
    pixels, owners, barys, nears = [np.zeros(0, int)], [np.zeros(0, int)], [np.zeros((0, 3))], [np.zeros(0)]
    for number, face in enumerate(faces):
        covered = _one_triangle(xy[face], depth[face], canvas.width, canvas.height, two_sided, bias)
        if covered is not None:
            pixel, bary, near = covered
            nearer = near > canvas.depth[pixel]
            pixels.append(pixel[nearer])
            owners.append(np.full(nearer.sum(), number))
            barys.append(bary[nearer])
            nears.append(near[nearer])
    pixel, owner, bary, near = (np.concatenate(parts) for parts in (pixels, owners, barys, nears))
    return Fragments(pixel.astype(np.int32), owner.astype(np.int32), bary.astype(np.float32), near.astype(np.float32))


def _draw(canvas: Canvas, fragments: Fragments, surface: int) -> None:
    """Keep the nearest fragment of each pixel."""
    for pixel, face, bary, near in zip(fragments.pixel, fragments.face, fragments.bary, fragments.depth, strict=True):
        if near > canvas.depth[pixel]:
            canvas.depth[pixel], canvas.surface[pixel], canvas.face[pixel] = near, surface, face
            canvas.bary[pixel] = bary


@contextmanager
def plain_rasterizer() -> Iterator[None]:
    """Within, every canvas is drawn by the reference."""
    with patch.object(Canvas, "fragments", _fragments), patch.object(Canvas, "draw", _draw):
        yield
