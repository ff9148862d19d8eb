"""Which part of a flat panel a garment keeps: neckline, armholes, sleeve ends and hem."""

import numpy as np
from jaxtyping import Bool

from spg_vton.render.body import load_body
from spg_vton.render.flat_layout import BACK, FlatLayout
from spg_vton.render.garments import Garment

#: Canonical x at which the neckline meets the shoulder seam, decimetres.
NECK_WIDTH = {"crew": 0.86, "v": 0.9, "scoop": 1.05, "boat": 1.3, "turtle": 0.72}
_FRONT_DEPTH = {"crew": 0.62, "v": 1.75, "scoop": 1.35, "boat": 0.42}
#: How far a neckline hangs below the neck points of the shoulder seam, at the back, decimetres.
BACK_DEPTH = {"crew": 0.2, "v": 0.25, "scoop": 0.45, "boat": 0.25}
#: How far along the arm a sleeve reaches (1 elbow, 2 wrist).
_SLEEVE_END = {"short": 0.68, "half": 1.0, "long": 1.93}
_ARMHOLE_BOTTOM, _ARMHOLE_TOP, _SIDE = 3.95, 5.9, 2.4


def _below_neckline(garment: Garment, layout: FlatLayout, side: int) -> Bool[np.ndarray, "S S"]:
    """An ellipse (or a V; behind, a parabola) hung between the two neck points of the shoulder seam."""
    if garment.neckline == "turtle":
        return np.ones_like(layout.panels[side].inside)
    width, top = layout.panels[side].shoulder_at(NECK_WIDTH[garment.neckline])
    depth = (BACK_DEPTH if side == BACK else _FRONT_DEPTH)[garment.neckline]
    across, down = np.abs(layout.u) / width, np.clip((top - layout.v) / depth, 0, 9)
    if side == BACK:
        opening = across**2 + down
    else:
        opening = across + down if garment.neckline == "v" else np.hypot(across, down)
    return (opening > 1) & ((layout.v < top) | (across > 1))


def _inside_armholes(garment: Garment, layout: FlatLayout, side: int) -> Bool[np.ndarray, "S S"]:
    """Inside a curve from under the arm up to the strap on the shoulder seam."""
    strap, _ = layout.panels[side].shoulder_at(garment.strap)
    rise = np.clip((layout.v - _ARMHOLE_BOTTOM) / (_ARMHOLE_TOP - _ARMHOLE_BOTTOM), 0, 1)
    edge = np.where(rise > 0, strap + (_SIDE - strap) * (1 - rise) ** 2.6, np.inf)
    return np.abs(layout.u) < edge


def silhouette(garment: Garment, layout: FlatLayout, side: int) -> Bool[np.ndarray, "S S"]:
    """Where cloth is, within and around the panel's own outline."""
    canon = layout.panels[side].canon
    height, along, arm = canon[..., 1], canon[..., 3], canon[..., 4]
    hem = load_body().landmarks.hip + garment.hem - 0.55 + 0.06 * np.cos(layout.u)
    keep = _below_neckline(garment, layout, side) & ((height > hem) | (arm > 0.5))
    if garment.sleeve == "none":
        return keep & _inside_armholes(garment, layout, side) & ~((arm > 0.42) & (layout.v < _ARMHOLE_TOP - 0.9))
    return keep & ~((arm > 0.35) & (along > _SLEEVE_END[garment.sleeve]))
