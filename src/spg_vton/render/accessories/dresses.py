"""A pinafore dress over the upper garment: bib, straps and skirt, worn in all photos of a person."""

import numpy as np
from jaxtyping import Bool

from spg_vton.labels import Label
from spg_vton.render.accessories.kinds import Accessory
from spg_vton.render.accessories.materials import as_colour, lit
from spg_vton.render.accessories.wearer import Fit, Wearer
from spg_vton.render.body import Canon
from spg_vton.render.surface import Surface, Values, Visible

_FIT, _BIAS = Fit(trunk=0.2, arm=0.2, smoothing=4), 0.36  # in front of any upper garment
_OVERLAP = 0.7  # of bodice and skirt below the waist seam, decimetres
_BIB_TOP, _BIB_HALF = 4.35, 0.85
_STRAP_X, _STRAP_HALF = 0.78, 0.16


def dress_surfaces(wearer: Wearer, one: Accessory) -> list[Surface]:
    """The bodice on the trunk, and the skirt."""
    body, marks = wearer.body, wearer.body.landmarks
    base, waist = as_colour(one.colour), marks.pelvis + 1.5
    end = marks.knee + 0.9 - 1.3 * one.size

    def bodice(values: Values) -> Bool[np.ndarray, " n"]:
        x, y, arm = np.abs(values[:, Canon.X]), values[:, Canon.Y], values[:, Canon.ARM]
        side = _BIB_HALF + 0.75 * np.clip((3.6 - y) / 0.9, 0, 3)
        strap = (np.abs(x - _STRAP_X) < _STRAP_HALF) & (y > _BIB_TOP - 0.2)
        return (arm < 0.5) & (y > waist - _OVERLAP) & (((y < _BIB_TOP) & (x < side)) | strap)

    def paint(seen: Visible) -> tuple[np.ndarray, np.ndarray]:
        x, y, z = (seen.values[:, column] for column in (Canon.X, Canon.Y, Canon.Z))
        down = np.clip((waist - y) / 3, 0, 1)
        angle = np.arctan2(x, z)
        slope = np.stack([0.4 * np.sin(16 * angle) * down, np.zeros_like(x)], axis=1)
        colours = np.repeat(base[None], len(x), axis=0)
        seams = (np.abs(y - waist) < 0.035) | (np.abs(y - end - 0.16) < 0.03)
        seams |= (np.abs(y - _BIB_TOP + 0.14) < 0.025) & (np.abs(x) < _BIB_HALF)
        colours[seams] *= 0.72
        button = (np.abs(np.abs(x) - _STRAP_X) < 0.09) & (np.abs(y - _BIB_TOP + 0.05) < 0.1) & (z > 0)
        colours[button] = as_colour(one.accent, 0.9)
        return lit(colours, seen, slope), np.full(len(x), Label.DRESS)

    shell, canon = wearer.shell(_FIT)
    used, skirt, middle = np.unique(body.skirt), wearer.points.copy(), wearer.joint("pelvis")
    flare = 0.12 + 0.34 * np.clip((marks.hip + 1 - body.template[used, 1]) / 4, 0, 1)
    for axis in (0, 2):
        skirt[used, axis] += flare * np.clip((skirt[used, axis] - middle[axis]) / 0.6, -1, 1)

    def below_waist(values: Values) -> Bool[np.ndarray, " n"]:
        return (values[:, Canon.Y] > end) & (values[:, Canon.Y] < waist)

    return [
        Surface(shell, body.tights, canon, paint, bodice, _BIAS, two_sided=True),
        Surface(wearer.motion.skin(skirt), body.skirt, body.canon, paint, below_waist, _BIAS - 0.05, two_sided=True),
    ]
