"""Folds: where posed cloth is compressed, wrinkles stand across the compression.

Convention: directions are in a panel's plane, (column, row). A fold tensor is a symmetric 2 × 2 matrix, kept as (cc,
cr, rr): the sum of amount × direction ⊗ direction of each compression, amounts relative to the rest length.
"""

from functools import cache

import numpy as np
from jaxtyping import Float
from numba import njit
from scipy import ndimage

from spg_vton.render.flat_layout import SIZE, TEXELS
from spg_vton.render.mesh import Faces, Points

ORIENTATIONS = 6
_WAVELENGTH, _LENGTH = 0.6, 2.6  # of wrinkles: across and along, decimetres
_HANGING_LENGTH = 7.0  # of folds that hang
_HEIGHT = 6.5  # texels a unit of compression
_MOST = 0.35  # compression beyond which wrinkles grow no more


@njit(cache=True)
def strain(points: Points, rest: Points, pixels: Float[np.ndarray, "K 2"], faces: Faces) -> Float[np.ndarray, "K 9"]:
    """How a posed surface lies: unit tangents along columns and rows (3 + 3), and the fold tensor (3), per vertex."""
    out, weight = np.zeros((points.shape[0], 9)), np.zeros(points.shape[0])
    for f in range(faces.shape[0]):
        a, b, c = faces[f]
        u1, v1 = pixels[b, 0] - pixels[a, 0], pixels[b, 1] - pixels[a, 1]
        u2, v2 = pixels[c, 0] - pixels[a, 0], pixels[c, 1] - pixels[a, 1]
        area = u1 * v2 - u2 * v1
        if abs(area) < 1e-3:
            continue
        col, row, col0, row0 = np.empty(3), np.empty(3), np.empty(3), np.empty(3)
        for k in range(3):
            p1, p2 = points[b, k] - points[a, k], points[c, k] - points[a, k]
            r1, r2 = rest[b, k] - rest[a, k], rest[c, k] - rest[a, k]
            col[k], row[k] = (p1 * v2 - p2 * v1) / area, (p2 * u1 - p1 * u2) / area
            col0[k], row0[k] = (r1 * v2 - r2 * v1) / area, (r2 * u1 - r1 * u2) / area
        scale = (col0 @ col0 + row0 @ row0) / 2 + 1e-12
        cc, cr, rr = (
            (col @ col - col0 @ col0) / scale,
            (col @ row - col0 @ row0) / scale,
            (row @ row - row0 @ row0) / scale,
        )
        middle, spread = (cc + rr) / 2, np.sqrt((cc - rr) ** 2 / 4 + cr**2)
        amount = min(max(-(middle - spread) / 2, 0.0), 1.0)
        # Direction of the smaller eigenvalue.
        angle = 0.5 * np.arctan2(2 * cr, cc - rr) + np.pi / 2
        dc, dr = np.cos(angle), np.sin(angle)
        share = abs(area)
        for corner in (a, b, c):
            weight[corner] += share
            for k in range(3):
                out[corner, k] += share * col[k]
                out[corner, 3 + k] += share * row[k]
            out[corner, 6] += share * amount * dc * dc
            out[corner, 7] += share * amount * dc * dr
            out[corner, 8] += share * amount * dr * dr
    for i in range(points.shape[0]):
        for start in (0, 3):
            length = np.sqrt(out[i, start] ** 2 + out[i, start + 1] ** 2 + out[i, start + 2] ** 2) + 1e-12
            out[i, start : start + 3] /= length
        out[i, 6:] /= weight[i] + 1e-12
    return out


def _wrinkles(rng: np.random.Generator, angle: float) -> Float[np.ndarray, "S S"]:
    """Height of wrinkles that stand across one direction, standard deviation 1."""
    rough = ndimage.gaussian_filter(rng.standard_normal((SIZE, SIZE)), 1)
    frequency_r, frequency_c = np.meshgrid(np.fft.fftfreq(SIZE), np.fft.rfftfreq(SIZE), indexing="ij")
    across = (frequency_c * np.cos(angle) + frequency_r * np.sin(angle)) * TEXELS
    along = (-frequency_c * np.sin(angle) + frequency_r * np.cos(angle)) * TEXELS
    length = _HANGING_LENGTH if angle == 0 else _LENGTH
    band = np.exp(-(((np.abs(across) - 1 / _WAVELENGTH) / (0.5 / _WAVELENGTH)) ** 2) - (along * length) ** 2)
    height = np.fft.irfft2(np.fft.rfft2(rough) * band, (SIZE, SIZE))
    height /= height.std()
    # Crests are narrower than the valleys between them.
    return height + 0.15 * height**2


@cache
def wrinkle_maps() -> Float[np.ndarray, "6 S S 3"]:
    """Height and its slopes (column, row) of wrinkles across ``ORIENTATIONS`` directions, once a process."""
    rng, maps = np.random.default_rng(0), np.empty((ORIENTATIONS, SIZE, SIZE, 3), np.float32)
    for k in range(ORIENTATIONS):
        height = _wrinkles(rng, np.pi * k / ORIENTATIONS)
        maps[k, ..., 0] = height
        maps[k, ..., 2], maps[k, ..., 1] = np.gradient(height)
    return maps


@njit(cache=True)
def folds_at(
    tensors: Float[np.ndarray, "n 3"],
    column: Float[np.ndarray, " n"],
    row: Float[np.ndarray, " n"],
    shift: tuple[int, int],
    maps: Float[np.ndarray, "6 S S 3"],
) -> Float[np.ndarray, "n 3"]:
    """Height (texels) and slopes (column, row) of the folds at places of a panel; ``shift`` moves the pattern."""
    size, count = maps.shape[1], maps.shape[0]
    out = np.zeros((column.shape[0], 3), np.float32)
    angles = np.pi * np.arange(count) / count
    across, down = np.cos(angles), np.sin(angles)
    for i in range(column.shape[0]):
        cc, cr, rr = tensors[i, 0], tensors[i, 1], tensors[i, 2]
        total = cc + rr
        if total < 1e-3:
            continue
        x, y = column[i] + shift[0], row[i] + shift[1]
        c, r = int(np.floor(x)), int(np.floor(y))
        fx, fy = x - c, y - r
        c0, c1, r0, r1 = c % size, (c + 1) % size, r % size, (r + 1) % size
        gain = min(total, _MOST) / total * _HEIGHT
        for k in range(count):
            dc, dr = across[k], down[k]
            along = cc * dc * dc + 2 * cr * dc * dr + rr * dr * dr
            part = along / total
            strength = gain * along * part * part * part
            if strength < 1e-3:
                continue
            for j in range(3):
                upper = maps[k, r0, c0, j] * (1 - fx) + maps[k, r0, c1, j] * fx
                lower = maps[k, r1, c0, j] * (1 - fx) + maps[k, r1, c1, j] * fx
                out[i, j] += strength * (upper * (1 - fy) + lower * fy)
    return out
