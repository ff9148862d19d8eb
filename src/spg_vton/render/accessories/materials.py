"""Cloth, leather and metal: colours of accessories in the photo's light."""

import numpy as np
from jaxtyping import Float

from spg_vton.labels import Label
from spg_vton.render.people import Colour
from spg_vton.render.surface import Painter, Visible, unit

Colours = Float[np.ndarray, "n 3"]


def as_colour(colour: Colour, brightness: float = 1.0) -> Float[np.ndarray, " 3"]:
    """A colour to compute with."""
    return np.array(colour, np.float32) * np.float32(brightness)


def lit(colours: Colours, seen: Visible, slope: Float[np.ndarray, "n 2"] | None = None, gloss: float = 0.0) -> Colours:
    """Colours in the photo's light.

    Args:
        colours: of the material, (n, 3) or one for all.
        seen: where.
        slope: tilt of folds, ribs and seams to the right and up.
        gloss: brightness of the highlight, 0 to 1.
    """
    normals = seen.towards_viewer()
    if slope is not None:
        normals = normals.copy()
        normals[:, :2] += slope
        normals = unit(normals)
    shaded = colours * seen.light.shade(normals) * (1 + 0.02 * seen.grain[:, None])
    shaded[seen.inside] *= 0.62
    shine = np.clip(seen.light.facing(normals), 0, 1) ** 12
    return shaded + 255 * gloss * shine[:, None]


def plain(colour: Colour, label: Label, gloss: float = 0.0, brightness: float = 1.0) -> Painter:
    """One colour all over."""
    base = as_colour(colour, brightness)

    def paint(seen: Visible) -> tuple[np.ndarray, np.ndarray]:
        return lit(base, seen, gloss=gloss), np.full(len(seen.values), label)

    return paint
