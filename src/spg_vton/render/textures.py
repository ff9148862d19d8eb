"""A garment's flat texture: colour, cover and relief of both panels."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from spg_vton.render.fabrics import fabric_relief
from spg_vton.render.flat_layout import BACK, FRONT, SIZE, load_layout
from spg_vton.render.garments import Garment
from spg_vton.render.patterns import paint_pattern
from spg_vton.render.silhouettes import cut_edges
from spg_vton.render.trims import trim

_RIM, _RIM_LIGHT = 0.04, 0.07  # the cut edge of the cloth: decimetres, and how much lighter it is


@dataclass(frozen=True, slots=True, eq=False)
class Texture:
    """Panels are indexed by FRONT and BACK.

    Attributes:
        colour: RGB, 0 to 255, float32.
        depth: signed distance to the nearest edge cut into the cloth, decimetres, positive in the cloth (the panels'
            outlines are seams, not edges).
        slopes: of ribs and seams, along columns and rows.
    """

    colour: Float[np.ndarray, "2 S S 3"]
    depth: Float[np.ndarray, "2 S S"]
    slopes: Float[np.ndarray, "2 S S 2"]


def make_texture(garment: Garment) -> Texture:
    """Draw both panels of a garment."""
    layout, rng = load_layout(garment.legs), np.random.default_rng(garment.grain)
    colours, depths, slopes = (np.empty((2, SIZE, SIZE, *more), np.float32) for more in ((3,), (), (2,)))
    for side in (FRONT, BACK):
        edges = cut_edges(garment, layout, side)
        picture = paint_pattern(garment, layout, side, rng)
        picture *= fabric_relief(garment.fabric, layout, side, garment.sleeve != "none", rng)
        relief, depths[side] = trim(picture, garment, layout, side, edges), edges.nearest()
        slopes[side, ..., 1], slopes[side, ..., 0] = np.gradient(relief)
        picture *= 1 + _RIM_LIGHT * np.clip(1.5 - depths[side] / _RIM, 0, 1)[..., None]
        colours[side] = np.clip(picture, 0, 255)
    return Texture(colour=colours, depth=depths, slopes=slopes)
