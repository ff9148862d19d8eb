"""Which part of the flat panels a garment keeps: neckline, armholes, sleeve ends and hem.

All edges are curves in garment coordinates (``FlatLayout.canon``), which continue across the seams, so that the front's
and the back's edges meet there.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from spg_vton.render.flat_layout import BACK, TEXELS, UNDERARM, FlatLayout, armhole_x
from spg_vton.render.garments import Garment

#: Canonical x at which the neckline meets the shoulder seam, decimetres.
NECK_WIDTH = {
    "crew": 0.94, "v": 0.97, "scoop": 1.1, "boat": 1.32, "square": 1.1, "turtle": 0.8, "mock": 0.8, "halter": 0.8,
    "off-shoulder": 0.9,
}  # fmt: skip
#: How far it hangs below that point in front and behind, decimetres.
_FRONT_DEPTH = {
    "crew": 0.62, "v": 1.6, "scoop": 1.35, "boat": 0.4, "square": 1.15, "turtle": 0.3, "mock": 0.3, "halter": 0.5,
    "off-shoulder": 0.6,
}  # fmt: skip
_BACK_DEPTH = {"scoop": 0.45, "boat": 0.3, "square": 0.4, "turtle": 0.05, "mock": 0.05}
_USUAL_BACK_DEPTH = 0.22
#: Exponent of the curve |x|^p + y^p = 1 that a neckline follows.
_ROUNDNESS = {"v": 1.06, "square": 7.0}
#: How far along the arm a sleeve reaches (1 elbow, 2 wrist).
SLEEVE_END = {"cap": 0.4, "short": 0.66, "half": 1.08, "long": 1.97}
ARM_LENGTH = 2.6  # decimetres from shoulder to elbow
_CARDIGAN_DEPTH = 2.5
_OFF_SHOULDER_TOP = 4.95
_HALTER_BACK, LEAST_STRAP = 3.7, 0.24
_ARMHOLE_POWER = (2.6, 2.0)  # front and back
_SLIT = 1.1  # height of a side slit, decimetres
_TAIL = 0.5  # how much higher a shirt tail's hem is at the side, decimetres
_FAR = 9.0  # decimetres: no such edge near


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """Signed distance from each kind of edge, decimetres, positive in the cloth."""

    neck: Float[np.ndarray, "S S"]
    armhole: Float[np.ndarray, "S S"]
    cuff: Float[np.ndarray, "S S"]
    hem: Float[np.ndarray, "S S"]

    def nearest(self) -> Float[np.ndarray, "S S"]:
        """Signed distance from the nearest edge."""
        return np.minimum(np.minimum(self.neck, self.armhole), np.minimum(self.cuff, self.hem))


def _distance(level: np.ndarray) -> np.ndarray:
    """About the distance to a level set's zero, decimetres."""
    rows, columns = np.gradient(level)
    return level / (np.hypot(rows, columns) * TEXELS + 1e-3)


def _below_neckline(garment: Garment, layout: FlatLayout, side: int) -> np.ndarray:
    """A curve hung between the two neck points of the shoulder seam."""
    x, y = (layout.panels[side].canon[..., column] for column in (0, 1))
    if garment.neckline == "off-shoulder":
        return _OFF_SHOULDER_TOP - y
    width = NECK_WIDTH[garment.neckline]
    if side == BACK:
        depth, power = _BACK_DEPTH.get(garment.neckline, _USUAL_BACK_DEPTH), 2.0
    else:
        depth = _CARDIGAN_DEPTH if garment.style == "cardigan" else _FRONT_DEPTH[garment.neckline]
        power = _ROUNDNESS.get(garment.neckline, 2.0)
    down = np.clip((layout.seam_height(width) - y) / depth, 0, _FAR)
    level = ((np.abs(x) / width) ** power + down**power) ** (1 / power) - 1
    distance = np.clip(_distance(level), -_FAR, _FAR)
    if garment.neckline == "halter" and side == BACK:
        return np.minimum(distance, np.maximum(_HALTER_BACK - y, LEAST_STRAP - distance))
    return np.where(y < UNDERARM[1] - 2, _FAR, distance)


def armhole(layout: FlatLayout, side: int, strap: float) -> np.ndarray:
    """Distance inside a curve from under the arm up to the strap on the shoulder seam."""
    x, y, arm = (layout.panels[side].canon[..., column] for column in (0, 1, 4))
    edge = armhole_x(y, strap, layout.seam_height(strap), _ARMHOLE_POWER[side])
    inside = np.where(y > UNDERARM[1], edge - np.abs(x), np.where(arm > 0.5, -_FAR, UNDERARM[1] + 0.1 - y))
    return np.where((y <= UNDERARM[1]) & (arm < 0.5), np.maximum(inside, edge - np.abs(x)), inside)


def _hem(garment: Garment, layout: FlatLayout, side: int) -> np.ndarray:
    y, arm = (layout.panels[side].canon[..., column] for column in (1, 4))
    distance = y - garment.hem
    if garment.hem_shape == "curved":
        across = 1 - np.clip(layout.panels[side].outline / 1.6, 0, 1)
        distance = distance - _TAIL * across**2.2 + (0.25 if side == BACK else 0)
    elif garment.hem_shape == "slit":
        distance = np.minimum(distance, layout.panels[side].outline - 0.16 * (garment.hem + _SLIT - y))
    return np.where(arm > 0.5, _FAR, distance)


def cut_edges(garment: Garment, layout: FlatLayout, side: int) -> Edges:
    """Distances from the edges of one panel of a garment."""
    canon = layout.panels[side].canon
    along, arm, nowhere = canon[..., 3], canon[..., 4], np.full(canon.shape[:2], _FAR, np.float32)
    if garment.sleeve == "none":
        strap = NECK_WIDTH["halter"] + LEAST_STRAP if garment.neckline == "halter" else garment.strap
        hole, cuff = armhole(layout, side, max(strap, NECK_WIDTH[garment.neckline] + LEAST_STRAP)), nowhere
    else:
        hole, cuff = nowhere, np.where(arm > 0.3, (SLEEVE_END[garment.sleeve] - along) * ARM_LENGTH, _FAR)
    return Edges(_below_neckline(garment, layout, side), hole, cuff, _hem(garment, layout, side))
