"""The studio behind a person: a light wall, the shadow of the body on it and of the feet on the floor."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float
from scipy import ndimage

from spg_vton.render.camera import HEIGHT, WIDTH
from spg_vton.render.people import Colour
from spg_vton.render.textures import smooth_noise

#: Wall colours of shop photos: white, grey, warm and cool.
WALLS: tuple[Colour, ...] = ((246, 246, 246), (236, 236, 238), (229, 229, 231), (238, 232, 228), (226, 230, 235))


@dataclass(frozen=True, slots=True)
class Backdrop:
    """A plain wall, or for odd photos a busy place.

    Attributes:
        wall: RGB, 0 to 255.
        clutter: seed of a busy background; None for the studio.
    """

    wall: Colour
    clutter: int | None = None


def _clutter(seed: int) -> Float[np.ndarray, "256 192 3"]:
    """A blurred place: colour clouds, blocks and a floor."""
    rng = np.random.default_rng(seed)
    clouds = [rng.uniform(90, 200) + 35 * smooth_noise(rng, HEIGHT, WIDTH, 90, 4) for _ in range(3)]
    picture = np.stack(clouds, axis=-1)
    for _ in range(rng.integers(2, 7)):
        left, top = rng.integers(-20, WIDTH), rng.integers(-20, HEIGHT - 40)
        bottom, right = top + rng.integers(30, 150), left + rng.integers(20, 90)
        picture[max(top, 0) : bottom, max(left, 0) : right] = rng.uniform(50, 230, 3)
    floor = slice(int(0.8 * HEIGHT), None)
    picture[floor] = 0.5 * picture[floor] + 0.5 * rng.uniform(80, 180, 3)
    return ndimage.gaussian_filter(picture, (2.2, 2.2, 0))


def paint_backdrop(
    backdrop: Backdrop, body: Bool[np.ndarray, "256 192"], feet: Float[np.ndarray, "K 2"]
) -> Float[np.ndarray, "256 192 3"]:
    """The background at final size.

    Args:
        backdrop: what stands behind the person.
        body: where the body is, without its upper garment, so that another garment casts the same shadow.
        feet: pixels (x, y) of points of both shoes.
    """
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    if backdrop.clutter is None:
        falloff = 1.02 - 0.06 * (y / HEIGHT) ** 2 - 0.03 * ((x - WIDTH / 2) / WIDTH) ** 2
        picture = np.array(backdrop.wall, np.float32) * falloff[..., None]
    else:
        picture = _clutter(backdrop.clutter)
    width = 0.55 * np.ptp(feet[:, 0]) + 3
    ground = ((x - feet[:, 0].mean()) / width) ** 2 + ((y - feet[:, 1].max() + 1) / (0.011 * HEIGHT)) ** 2
    shifted = np.pad(body.astype(np.float32), ((3, 0), (5, 0)), mode="edge")[:HEIGHT, :WIDTH]
    wall_shadow = ndimage.uniform_filter(shifted, 11)
    return picture * ((1 - 0.38 * np.exp(-ground)) * (1 - 0.05 * wall_shadow))[..., None]
