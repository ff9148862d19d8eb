"""Where each garment pixel of a photo appears in the in-shop photo: the true warp.

Convention: both photos 256×192; a flow value is the in-shop pixel (x, y), (0, 0) being the top-left pixel's
centre.
"""

import numpy as np
from jaxtyping import Bool, Float, Int
from numba import njit

from spg_vton.render.camera import HEIGHT, WIDTH
from spg_vton.render.inshop import InshopPhoto
from spg_vton.render.rasterizer import Canvas, interpolate
from spg_vton.render.surface import Surface

_APART = 4.0  # in-shop pixels between parts of the garment that meet in one pixel of the photo


@njit(cache=True)
def _mean_of_blocks(fine: Float[np.ndarray, "h w 2"], block: int) -> Float[np.ndarray, "H W 2"]:
    """Mean of each block × block square, over the values close to its first; NaN where there is none."""
    height, width = fine.shape[0] // block, fine.shape[1] // block
    out = np.full((height, width, 2), np.nan, np.float32)
    for r in range(height):
        for c in range(width):
            count, first_x, first_y, total_x, total_y = 0, 0.0, 0.0, 0.0, 0.0
            for k in range(block * block):
                row, column = r * block + k // block, c * block + k % block
                x, y = float(fine[row, column, 0]), float(fine[row, column, 1])
                if np.isnan(x):
                    continue
                if count == 0:
                    first_x, first_y = x, y
                if abs(x - first_x) + abs(y - first_y) < _APART:
                    total_x, total_y, count = total_x + x, total_y + y, count + 1
            if count > 0:
                out[r, c, 0], out[r, c, 1] = total_x / count, total_y / count
    return out


def true_flow(
    canvas: Canvas,
    upper: dict[int, Surface],
    inshop: InshopPhoto,
    garment: Bool[np.ndarray, "256 192"],
    supersampling: int,
) -> Float[np.ndarray, "256 192 2"]:
    """The flow of a drawn photo.

    Args:
        upper: the surfaces of the upper garment by their number on the canvas, in the order of ``upper_surfaces``.
        garment: pixels whose label is the garment's; NaN elsewhere, and where the in-shop photo does not show the
            point.
    """
    fine = np.full((canvas.depth.size, 2), np.nan, np.float32)
    for (number, surface), place, depth in zip(upper.items(), inshop.places, inshop.depths, strict=True):
        pixel: Int[np.ndarray, " n"] = np.flatnonzero(canvas.surface == number)
        vertices = np.column_stack([place, depth]).astype(np.float32)
        there = interpolate(vertices, surface.faces, canvas.face[pixel], canvas.bary[pixel])
        fine[pixel] = inshop.hide(there[:, :2], there[:, 2])
    flow = _mean_of_blocks(fine.reshape(HEIGHT * supersampling, WIDTH * supersampling, 2), supersampling)
    flow[~garment] = np.nan
    return flow
