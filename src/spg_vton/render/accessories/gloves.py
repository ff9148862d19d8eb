"""Gloves: thin shells on the hands."""

import numpy as np
from jaxtyping import Bool

from spg_vton.labels import Label
from spg_vton.render.accessories.kinds import Accessory
from spg_vton.render.accessories.materials import as_colour, lit
from spg_vton.render.accessories.wearer import Wearer
from spg_vton.render.body import Canon
from spg_vton.render.mesh import vertex_normals
from spg_vton.render.surface import Surface, Values, Visible

_CUFF = 1.8  # where a glove begins along the arm; 2 is the wrist


def glove_surface(wearer: Wearer, one: Accessory) -> Surface:
    """A pair of gloves, of leather or knitted with a ribbed cuff."""
    body, knitted = wearer.body, one.style == "knit"
    base = as_colour(one.colour)
    start = _CUFF - (0.08 if knitted else 0.0)
    cuff = np.clip((1.98 - body.canon[:, Canon.ALONG_ARM]) / 0.1, 0, 1)
    thick = np.where(body.canon[:, Canon.ARM] > 0.5, 0.05 + 0.04 * cuff, 0.0)
    shell = wearer.points + vertex_normals(wearer.points, body.skin) * thick[:, None]
    faces = body.skin[(body.canon[body.skin][:, :, Canon.ARM] > 0.5).all(1)]
    faces = faces[(body.canon[faces][:, :, Canon.ALONG_ARM] > start - 0.2).all(1)]

    def covers(values: Values) -> Bool[np.ndarray, " n"]:
        return (values[:, Canon.ALONG_ARM] > start) | (values[:, Canon.HAND] > 0.5)

    def paint(seen: Visible) -> tuple[np.ndarray, np.ndarray]:
        along, x = seen.values[:, Canon.ALONG_ARM], seen.values[:, Canon.X]
        colours = np.repeat(base[None], len(x), axis=0)
        hem = (np.abs(along - 1.95) < 0.02) | (along < start + 0.02)
        colours[hem & (seen.values[:, Canon.HAND] < 0.9)] *= 0.7
        slope = np.stack([0.2 * np.sin(70 * x), np.zeros_like(x)], axis=1) if knitted else None
        return lit(colours, seen, slope, gloss=0.0 if knitted else 0.12), np.full(len(x), Label.GLOVE)

    return Surface(wearer.motion.skin(shell), faces, body.canon, paint, covers, bias=0.05)
