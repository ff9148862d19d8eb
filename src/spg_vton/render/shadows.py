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
_OCCLUSIONS = ((7, 0.4, 0.7), (25, 0.36, 2.2))
_BEHIND = -6.0  # depth of the wall, decimetres
_REACH, _STEPS = 2.2, 12  # decimetres of the way to the key light that may be blocked
_CLEARANCE, _THICKNESS = 0.32, 2.6  # decimetres that a blocker is nearer than the way, at least (cloth) and at most
_SOFT = 0.35  # decimetres over which a blocker begins to shade
_SPREAD = 0.16  # how far the rays to the key light, a large box, spread
_RAYS = ((-1.0, 0.6), (0.0, -1.0), (1.0, 0.6), (0.0, 0.2))  # to the right and up, times the spread
_SAME = 0.1  # decimetres of depth between rendered pixels that share a shadow
_SHADOW = 0.55  # share of the light that the shadow takes away
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
    smooth = ndimage.uniform_filter(np.where(body > FAR, body, np.float32(_BEHIND)), 3)  # or fingers cast stripes
    return 1 - np.float32(_SHADOW) * _blocked(smooth, seen, supersampling, _ways(key, scale))


def _ways(key: Direction, scale: float) -> Float[np.ndarray, "R S 4"]:
    """Places on a few rays towards the light: pixels right and down, decimetres nearer, and how dark they shade."""
    way = _REACH * (np.arange(1, _STEPS + 1) / _STEPS) ** 1.5
    rays = [(key[0] + _SPREAD * right, key[1] + _SPREAD * up, key[2]) for right, up in _RAYS]
    fading = 1 - 0.6 * way / _REACH
    ways = [np.stack([way * x * scale, -way * y * scale, way * z, fading], axis=1) for x, y, z in rays]
    return np.stack(ways).astype(np.float32)


@njit(cache=True)
def _blocked_at(
    body: Float[np.ndarray, "h w"], column: float, row: float, depth: float, ways: Float[np.ndarray, "R S 4"]
) -> float:
    total = 0.0
    for ray in range(ways.shape[0]):
        most = 0.0
        for step in range(ways.shape[1]):
            c, r = int(column + ways[ray, step, 0]), int(row + ways[ray, step, 1])
            if ways[ray, step, 3] <= most or r < 0 or c < 0 or r >= body.shape[0] or c >= body.shape[1]:
                break
            nearer = body[r, c] - depth - ways[ray, step, 2]
            if nearer > _CLEARANCE and nearer < _THICKNESS:
                most = max(most, min((nearer - _CLEARANCE) / _SOFT, 1.0) * ways[ray, step, 3])
        total += most
    return total / ways.shape[0]


@njit(cache=True)
def _blocked(
    body: Float[np.ndarray, "h w"], seen: Float[np.ndarray, " P"], supersampling: int, ways: Float[np.ndarray, "R S 4"]
) -> Float[np.ndarray, " P"]:
    """How much of the key light the body blocks, 0 to 1; rendered pixels of one photo pixel share it if near."""
    height, width = body.shape
    out = np.zeros(seen.shape[0], np.float32)
    for block in range(height * width):
        row, column = block // width, block % width
        last, value = FAR, 0.0
        for sub in range(supersampling * supersampling):
            r, c = row * supersampling + sub // supersampling, column * supersampling + sub % supersampling
            i = r * width * supersampling + c
            if seen[i] <= FAR:
                continue
            if abs(seen[i] - last) > _SAME:
                last, value = seen[i], _blocked_at(body, column + 0.5, row + 0.5, seen[i], ways)
            out[i] = value
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
