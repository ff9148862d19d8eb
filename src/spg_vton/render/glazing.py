"""Thin layers over what is seen: lenses that tint it, and jewellery that keeps the label beneath."""

import dataclasses
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, UInt8

from spg_vton.render.light import Light
from spg_vton.render.rasterizer import NOTHING, Canvas
from spg_vton.render.surface import Surface, draw, visible

KEEP = -1  # a glaze's label where the label beneath stays


@dataclass(frozen=True, slots=True, eq=False)
class Glaze:
    """A surface that covers colours by ``opacity`` (0 to 1) wherever the person is behind it."""

    surface: Surface
    opacity: float


def lay_glaze(
    canvas: Canvas, glaze: Glaze, place: tuple[np.ndarray, np.ndarray], grain: Float[np.ndarray, " P"], light: Light,
    colours: Float[np.ndarray, "P 3"], labels: UInt8[np.ndarray, " P"],
) -> None:  # fmt: skip
    """Lay one glaze, projected to ``place``, over ``colours`` and ``labels``; the canvas stays as it is."""
    arrays = {name: getattr(canvas, name).copy() for name in ("surface", "face", "bary", "depth")}
    over, number = dataclasses.replace(canvas, **arrays), int(canvas.surface.max()) + 1
    draw(over, glaze.surface, number, *place)
    over.surface[canvas.surface == NOTHING] = NOTHING  # the wall behind is not drawn yet
    pixel, seen = visible(over, glaze.surface, number, place[0], grain, light)
    if len(pixel):
        tint, own = glaze.surface.paint(seen)
        colours[pixel] += glaze.opacity * (np.clip(tint, 0, 255) - colours[pixel])
        labels[pixel] = np.where(own == KEEP, labels[pixel], own)
