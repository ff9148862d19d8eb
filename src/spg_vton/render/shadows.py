"""Soft shadows that a person casts on itself, from the depth of its body without the upper garment.

What lies under the garment decides, so that another garment leaves the shadows elsewhere as they are.
"""

import numpy as np
from jaxtyping import Bool, Float
from numba import njit
from scipy import ndimage

from spg_vton.render.light import Direction
from spg_vton.render.rasterizer import FAR

#: Ambient occlusion at two sizes: width in pixels of the surroundings, strength, decimetres at which it is full.
_OCCLUSIONS = ((7, 0.2, 0.7), (25, 0.3, 2.2))
_BEHIND = -6.0  # depth of the wall, decimetres
_REACH, _STEPS = 2.2, 9  # decimetres of the way to the key light that may be blocked
_CLEARANCE, _THICKNESS = 0.32, 2.6  # decimetres that a blocker is nearer than the way, at least (cloth) and at most
_SPREAD = 0.16  # how far the rays to the key light, a large box, spread
_SHADOW = 0.42  # share of the light that the shadow takes away
#: Photo pixels up to which cloth shades what it hangs over: the only thing a garment changes outside itself.
HEM_REACH = 3
_HEM_SHADOW, _HEM_HEIGHT = 0.3, 0.25  # strength, and decimetres from cloth to skin at which it is full


def occlusion(
    body: Float[np.ndarray, "h w"], seen: Float[np.ndarray, " P"], supersampling: int
) -> Float[np.ndarray, " P"]:
    """Share of the ambient light that is left: less where the surroundings are nearer than the pixel.

    Args:
        body: depth of the body at final size, ``FAR`` where there is none.
        seen: depth of what each rendered pixel shows.
        supersampling: rendered pixels per pixel of ``body`` and axis.
    """
    filled, left = np.where(body > FAR, body, np.float32(_BEHIND)), np.ones_like(seen)
    for size, strength, full in _OCCLUSIONS:
        around = ndimage.uniform_filter(ndimage.uniform_filter(filled, size), size)
        around = around.repeat(supersampling, 0).repeat(supersampling, 1).reshape(-1)
        left *= 1 - strength * np.clip((around - seen) / full, 0, 1)
    return left


def key_light_left(
    body: Float[np.ndarray, "h w"], seen: Float[np.ndarray, " P"], supersampling: int, scale: float, key: Direction
) -> Float[np.ndarray, " P"]:
    """Factor by which shadows of the body dim each rendered pixel (same arguments as ``occlusion``).

    Args:
        body: depth of the body.
        seen: depth of each rendered pixel.
        supersampling: rendered pixels per pixel.
        scale: pixels of the photo per decimetre.
        key: direction towards the key light.
    """
    return 1 - np.float32(_SHADOW) * _blocked(body, seen, supersampling, scale, np.array(key, np.float32))


@njit(cache=True)
def _blocked(
    body: Float[np.ndarray, "h w"], seen: Float[np.ndarray, " P"], supersampling: int, scale: float,
    key: Float[np.ndarray, " 3"],
) -> Float[np.ndarray, " P"]:  # fmt: skip
    """How much of the key light the body blocks, 0 to 1: the mean over a few rays towards the light."""
    height, width = body.shape
    fine = width * supersampling
    out = np.zeros(seen.shape[0], np.float32)
    rays = ((-1.0, 0.6), (0.0, -1.0), (1.0, 0.6), (0.0, 0.2))
    for i in range(seen.shape[0]):
        if seen[i] <= FAR:
            continue
        row, column = (i // fine + 0.5) / supersampling, (i % fine + 0.5) / supersampling
        total = 0.0
        for right, up in rays:
            x, y = key[0] + _SPREAD * right, key[1] + _SPREAD * up
            most = 0.0
            for step in range(1, _STEPS + 1):
                way = _REACH * (step / _STEPS) ** 1.5
                c, r = int(column + way * x * scale), int(row - way * y * scale)
                if r < 0 or c < 0 or r >= height or c >= width or body[r, c] <= FAR:
                    continue
                nearer = body[r, c] - (seen[i] + way * key[2])
                if nearer > 0 and nearer < _THICKNESS:
                    most = max(most, min((nearer - _CLEARANCE) / 0.35, 1.0) * (1 - 0.6 * way / _REACH))
            total += max(most, 0.0)
        out[i] = total / len(rays)
    return out


def below_hem(
    cloth: Bool[np.ndarray, " P"], seen: Float[np.ndarray, " P"], width: int, supersampling: int
) -> Float[np.ndarray, " P"]:
    """Factor by which the cloth above dims what lies behind its edge (``seen`` as in ``occlusion``).

    Args:
        cloth: which rendered pixels show the upper garment.
        seen: depth of each rendered pixel.
        width: rendered pixels a row.
        supersampling: rendered pixels per pixel.
    """
    return 1 - np.float32(_HEM_SHADOW) * _below(cloth, seen, width, HEM_REACH * supersampling)


@njit(cache=True)
def _below(
    cloth: Bool[np.ndarray, " P"], seen: Float[np.ndarray, " P"], width: int, reach: int
) -> Float[np.ndarray, " P"]:
    out = np.zeros(seen.shape[0], np.float32)
    for i in range(seen.shape[0]):
        if cloth[i] or seen[i] <= FAR:
            continue
        for up in range(1, reach):
            above = i - up * width
            if above < 0:
                break
            if cloth[above] and seen[above] > seen[i]:
                height = min((seen[above] - seen[i]) / _HEM_HEIGHT, 1.0)
                out[i] = height * (1 - up / reach)
                break
    return out
