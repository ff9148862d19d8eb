"""What is behind a person: a studio's seamless wall and floor, or a place; and the person's soft shadows."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float
from scipy import ndimage

from spg_vton.render.camera import HEIGHT, WIDTH
from spg_vton.render.complexion import Colour
from spg_vton.render.places import paint_place

#: Wall colours of shop photos and how often each occurs; MPV's samples lie between (211, 200, 198) and (244, 244, 244).
WALLS: dict[Colour, float] = {
    (246, 246, 246): 0.24, (238, 238, 238): 0.26, (228, 228, 230): 0.2, (219, 208, 203): 0.12, (236, 231, 226): 0.1,
    (224, 228, 232): 0.08,
}  # fmt: skip
_WALL_JITTER = 3.0
_FLOOR_BEHIND = 0.19  # of the photo's height from the feet up to where the floor becomes wall
_SEAM = 0.07  # of the photo's height, over which it does
_FEET_SHADOW, _LONG_SHADOW, _WALL_SHADOW = 0.3, 0.1, 0.035


@dataclass(frozen=True, slots=True)
class Backdrop:
    """A plain wall, or for odd photos a busy place.

    Attributes:
        wall: RGB, 0 to 255.
        glow: relative brightness of the lit middle of the wall over its corners.
        glow_at: where the middle is, shares of width and height.
        floor: brightness of the floor relative to the wall.
        clutter: seed of a busy background; None for the studio.
    """

    wall: Colour
    glow: float = 0.05
    glow_at: tuple[float, float] = (0.5, 0.4)
    floor: float = 1.04
    clutter: int | None = None


def sample_backdrop(rng: np.random.Generator) -> Backdrop:
    """Draw a studio wall."""
    wall = list(WALLS)[int(rng.choice(len(WALLS), p=list(WALLS.values())))]
    red, green, blue = np.clip(np.array(wall) + rng.normal(0, _WALL_JITTER), 0, 250)
    return Backdrop(
        wall=(float(red), float(green), float(blue)),
        glow=float(rng.uniform(0.015, 0.07)),
        glow_at=(float(rng.uniform(0.2, 0.8)), float(rng.uniform(0.25, 0.6))),
        floor=float(rng.uniform(0.96, 1.07)),
    )


def _studio(backdrop: Backdrop, x: np.ndarray, y: np.ndarray, seam: float) -> Float[np.ndarray, "256 192 3"]:
    """Wall and floor, which pass into each other at row ``seam``."""
    across, down = x / WIDTH - backdrop.glow_at[0], y / HEIGHT - backdrop.glow_at[1]
    brightness = 1 - backdrop.glow * np.minimum(across**2 + 0.8 * down**2, 0.6) / 0.6
    on_floor = np.clip((y - seam) / (_SEAM * HEIGHT) + 0.5, 0, 1)
    on_floor = on_floor * on_floor * (3 - 2 * on_floor)
    brightness = brightness * (1 + (backdrop.floor - 1) * on_floor)
    brightness = brightness - 0.02 * np.exp(-(((y - seam) / (0.05 * HEIGHT)) ** 2))
    return np.minimum(np.array(backdrop.wall, np.float32) * brightness[..., None], 253)


def _shadows(
    body: Bool[np.ndarray, "256 192"], feet: Float[np.ndarray, "K 2"], towards: float, x: np.ndarray, y: np.ndarray
) -> Float[np.ndarray, "256 192"]:
    """Share of light that the person takes from floor and wall."""
    left, right, ground = feet[:, 0].min(), feet[:, 0].max(), feet[:, 1].max()
    width, middle = 0.55 * (right - left) + 3, (left + right) / 2
    close = np.exp(-(((x - middle) / width) ** 2) - ((y - ground + 1.5) / (0.012 * HEIGHT)) ** 2)
    slanted = x - middle - towards * 3 * (ground - y)
    long = np.exp(-((slanted / (1.3 * width)) ** 2) - ((y - ground + 0.03 * HEIGHT) / (0.04 * HEIGHT)) ** 2)
    moved = ndimage.shift(body.astype(np.float32), (0.02 * HEIGHT, 12 * towards), order=0, mode="nearest")
    soft = ndimage.uniform_filter(ndimage.uniform_filter(moved, 21), 21)
    return 1 - (1 - _FEET_SHADOW * close) * (1 - _LONG_SHADOW * long) * (1 - _WALL_SHADOW * soft)


def paint_backdrop(
    backdrop: Backdrop, body: Bool[np.ndarray, "256 192"], feet: Float[np.ndarray, "K 2"], light_from: float
) -> Float[np.ndarray, "256 192 3"]:
    """The background at final size.

    Args:
        backdrop: what stands behind the person.
        body: where the body is, without its upper garment, so that another garment casts the same shadow.
        feet: pixels (x, y) of points of both shoes.
        light_from: horizontal direction towards the key light, -1 left to 1 right.
    """
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    if backdrop.clutter is None:
        picture = _studio(backdrop, x, y, float(feet[:, 1].max()) - _FLOOR_BEHIND * HEIGHT)
    else:
        picture = paint_place(backdrop.clutter, float(feet[:, 1].max()))
    return picture * (1 - _shadows(body, feet, -light_from, x, y))[..., None]
