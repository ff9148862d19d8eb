"""What a person wears below the waist, put together: lower clothes, footwear, and the skin they hide."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool

from spg_vton.render.body import Body, Canon
from spg_vton.render.cloth import heights_of
from spg_vton.render.lower_look import LowerLook
from spg_vton.render.mesh import Points
from spg_vton.render.rig import Motion
from spg_vton.render.shoes import Footwear, footwear_surfaces, hidden_by_footwear, make_footwear
from spg_vton.render.skirts import skirt_surface
from spg_vton.render.surface import Surface
from spg_vton.render.trousers import trouser_shell, trouser_surface

__all__ = [
    "LowerShells",
    "footwear_surfaces",
    "hidden_by_footwear",
    "hidden_by_lower",
    "lower_surfaces",
    "make_lower_shells",
]


@dataclass(frozen=True, slots=True, eq=False)
class LowerShells:
    """Rest shapes of what a person wears below the waist.

    Attributes:
        body: the person's own rest shape, which a skirt hangs around.
        legs: trousers or shorts; the body under a skirt.
        footwear: shoes, heels and socks.
    """

    body: Points
    legs: Points
    footwear: Footwear


def make_lower_shells(body: Body, points: Points, look: LowerLook) -> LowerShells:
    """Fit lower clothes and footwear to one person's rest shape."""
    legs = points if look.cut.kind == "skirt" else trouser_shell(body, points, look)
    return LowerShells(body=points, legs=legs, footwear=make_footwear(body, points, look))


def lower_surfaces(
    body: Body, look: LowerLook, shells: LowerShells, motion: Motion, hidden: Bool[np.ndarray, " V"]
) -> list[Surface]:
    """Trousers, shorts or skirt of a posed person; ``hidden`` vertices lie well under the upper garment."""
    if look.cut.kind == "skirt":
        return [skirt_surface(body, look, shells.body, motion)]
    return [trouser_surface(body, look, shells.legs, motion, hidden)]


def hidden_by_lower(body: Body, look: LowerLook) -> Bool[np.ndarray, " V"]:
    """Skin well under trousers or shorts; a skirt hides nothing, for one may look under it."""
    if look.cut.kind == "skirt":
        return np.zeros(len(body.template), bool)
    marks, heights, height = body.landmarks, heights_of(body.landmarks, look), body.template[:, 1]
    hidden = (body.canon[:, Canon.ARM] < 0.3) & (height < marks.pelvis + 0.6)
    if look.cut.name == "ripped jeans":
        return hidden & (height > heights.crotch)
    return hidden & (height > heights.hem + 0.3)
