"""Trims drawn on a panel: ribbing, stitches, seams, plackets with buttons, zips, pockets and cords."""

import numpy as np
from jaxtyping import Float

from spg_vton.render.flat_layout import FRONT, TEXELS, FlatLayout
from spg_vton.render.garments import Garment
from spg_vton.render.silhouettes import Edges, armhole

Picture = Float[np.ndarray, "S S 3"]
Relief = Float[np.ndarray, "S S"]

_LINE = 0.018  # half the width of a seam or stitched line, decimetres
_NECK_RIB, _STITCH, _BAND = 0.2, 0.22, 0.6  # widths of trims along neck, hem and banded ends
_RIB_PITCH, _RIB_HEIGHT = 0.085, 0.5  # of knitted ribs: decimetres, texels
_SEAM_SHADE, _SEAM_DEPTH = 0.11, 0.8  # share of the light, and texels
_SHOULDER_SEAM = 1.74
_PLACKET, _SHORT_PLACKET = 0.17, 1.6  # half the width of a placket, length of a polo's
_BUTTON, _BUTTON_PITCH = 0.06, 0.8
_ZIP_LIGHT, _CORD, _CORD_X = (188.0, 188.0, 184.0), (236.0, 234.0, 226.0), 0.3
_POCKET = (0.5, 1.25, 3.75, 4.65)  # x and y of a chest pocket's sides


class _Panel:
    """A panel being trimmed."""

    def __init__(self, picture: Picture, relief: Relief) -> None:
        self.picture, self.relief = picture, relief

    def seam(self, distance: np.ndarray, where: np.ndarray | bool = True, half_width: float = _LINE) -> None:
        """A line along the zero of ``distance``: a little darker, and pressed in."""
        here = (np.abs(distance) < 1.5 * half_width) & where
        strength = np.clip(1.5 - np.abs(distance[here]) / half_width, 0, 1)
        self.picture[here] *= 1 - _SEAM_SHADE * strength[:, None]
        self.relief[here] -= _SEAM_DEPTH * strength

    def ribs(self, along: np.ndarray, where: np.ndarray) -> None:
        """Knitted ribs across ``along``."""
        wave = np.cos(along[where] * (2 * np.pi / _RIB_PITCH))
        self.relief[where] += _RIB_HEIGHT * wave
        self.picture[where] *= (0.97 + 0.03 * wave)[:, None]

    def disc(self, distance: np.ndarray, radius: float, colour: np.ndarray) -> None:
        """A button with its shadow."""
        here = distance < 1.5 * radius
        apart = distance[here, None]
        patch = self.picture[here] * (1 - 0.25 * np.clip((radius * 1.5 - apart) / (radius * 0.6), 0, 1))
        share = np.clip((radius - apart) * TEXELS, 0, 1)
        self.picture[here] = patch * (1 - share) + colour * share


def _button_colour(garment: Garment) -> np.ndarray:
    main = np.array(garment.colours[0], np.float32)
    return main * 0.55 + 115 if main.mean() < 150 else main * 0.72


def _fastening(panel: _Panel, garment: Garment, layout: FlatLayout, edges: Edges) -> None:
    """Placket and buttons, or a zip, down the front."""
    x, y = (layout.panels[FRONT].canon[..., column] for column in (0, 1))
    top = float(y[(np.abs(x) < 2 / TEXELS) & (edges.neck > 0) & layout.panels[FRONT].inside].max())
    end = top - _SHORT_PLACKET if garment.style in ("polo", "henley") else -_far_down(garment)
    here = (y > end) & (edges.neck > -0.1)
    if garment.style == "zip":
        teeth = np.where(np.mod(y / 0.05, 1) < 0.5, 1.0, 0.75)
        panel.picture[here & (np.abs(x) < 0.035)] = _ZIP_LIGHT
        panel.picture[here & (np.abs(x) < 0.035)] *= teeth[here & (np.abs(x) < 0.035), None]
        panel.seam(np.abs(x) - 0.11, here)
        return
    panel.seam(np.abs(x) - _PLACKET, here)
    panel.seam(x - _PLACKET, here)
    panel.seam(y - end, np.abs(x) < _PLACKET)
    first = top - (0.25 if garment.style != "cardigan" else 0.12)
    for number in range(int((first - max(end, garment.hem)) / _BUTTON_PITCH) + 1):
        height = first - number * _BUTTON_PITCH * (0.62 if garment.style in ("polo", "henley") else 1)
        if height > max(end, garment.hem) + 0.1:
            panel.disc(np.hypot(x, y - height), _BUTTON, _button_colour(garment))


def _far_down(garment: Garment) -> float:
    return abs(garment.hem) + 1


def _pockets(panel: _Panel, garment: Garment, layout: FlatLayout) -> None:
    x, y = (layout.panels[FRONT].canon[..., column] for column in (0, 1))
    if garment.style == "hoodie":
        up = y - garment.hem - _BAND
        side = np.abs(x) - np.where(up < 0.55, 1.15, 1.15 - 0.7 * (up - 0.55))
        panel.seam(np.maximum(side, up - 1.5), up > 0, half_width=0.03)
        for sign in (-1, 1):
            cord = np.hypot(np.clip(np.abs(y - 4.75) - 0.75, 0, None), x - sign * (_CORD_X + 0.03 * np.sin(3 * y)))
            panel.disc(cord, 0.045, np.array(_CORD))
    elif garment.pocket == "chest":
        left, right, bottom, top = _POCKET
        outside = np.maximum(
            np.maximum(left - x, x - right), np.maximum(bottom + 0.5 * np.abs(x - 0.87) ** 2 - y, y - top)
        )
        panel.seam(outside)
        panel.seam(y - top + 0.16, outside < 0)


def _ends(panel: _Panel, garment: Garment, layout: FlatLayout, side: int, edges: Edges) -> None:
    """Hem and cuffs: a ribbed band or a stitched line."""
    arm = layout.panels[side].canon[..., 4] > 0.5
    if garment.hem_shape == "banded" and garment.kind == "top":
        panel.ribs(layout.u, (edges.hem < _BAND) & ~arm)
        panel.seam(edges.hem - _BAND, ~arm)
    else:
        panel.seam(edges.hem - _STITCH, ~arm)
    across = layout.u * 0.7 + layout.v * 0.7 * np.sign(layout.u)
    if garment.ribbed and garment.sleeve == "long" and garment.sleeve_shape not in ("bell", "wide"):
        panel.ribs(across, (edges.cuff < _BAND) & arm)
        panel.seam(edges.cuff - _BAND, arm)
    else:
        panel.seam(edges.cuff - _STITCH * 0.8, arm)
    panel.seam(edges.armhole - _STITCH * 0.6)


def trim(picture: Picture, garment: Garment, layout: FlatLayout, side: int, edges: Edges) -> Relief:
    """Draw a panel's trims on its colours; returns the height they stand out, in texels."""
    panel = _Panel(picture, np.zeros(picture.shape[:2], np.float32))
    if garment.neckline not in ("halter", "off-shoulder") and garment.style not in ("shirt", "cardigan"):
        neck = edges.neck < _NECK_RIB
        if garment.pattern == "raglan":
            picture[neck] = garment.colours[1]
        panel.ribs(np.arctan2(layout.u, layout.v - 6) * 0.8, neck & garment.ribbed)
        panel.seam(edges.neck - _NECK_RIB)
    else:
        panel.seam(edges.neck - 0.5 * _STITCH)
    _ends(panel, garment, layout, side, edges)
    if garment.sleeve != "none":
        panel.seam(armhole(layout, side, _SHOULDER_SEAM))
    if side == FRONT:
        if garment.style not in ("plain", "hoodie"):
            _fastening(panel, garment, layout, edges)
        _pockets(panel, garment, layout)
    return panel.relief
