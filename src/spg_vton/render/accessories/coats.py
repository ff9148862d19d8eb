"""Open coats, blazers and cardigans over the upper garment."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from spg_vton.labels import Label
from spg_vton.render.accessories.kinds import Accessory
from spg_vton.render.accessories.materials import as_colour, lit
from spg_vton.render.accessories.wearer import Fit, Wearer
from spg_vton.render.body import Canon
from spg_vton.render.surface import Painter, Surface, Values, Visible

_FIT, _BIAS = Fit(trunk=0.38, arm=0.3, smoothing=6, looseness=0.75), 0.38  # outside any upper garment
_WRIST = 1.96  # end of the sleeves along the arm
_COLLAR = 0.14  # the collar ends so far above the neck's joint, decimetres


@dataclass(frozen=True, slots=True)
class _Cut:
    """How a style is cut: half-opening at the neck and its growth downwards, hem over the hips, lapels."""

    neck: float
    widening: float
    hem: float
    lapel: float


_CUTS = {
    "blazer": _Cut(neck=0.42, widening=0.13, hem=-0.45, lapel=0.62),
    "cardigan": _Cut(neck=0.5, widening=0.1, hem=-0.35, lapel=0.0),
    "long": _Cut(neck=0.45, widening=0.11, hem=-3.6, lapel=0.7),
}


def _opening(cut: _Cut, y: np.ndarray) -> Float[np.ndarray, " n"]:
    """Half-width of the front opening at canonical heights."""
    return cut.neck + cut.widening * np.clip(5.9 - y, 0, 7)


def _upper_covers(cut: _Cut, wearer: Wearer, values: Values) -> Bool[np.ndarray, " n"]:
    marks = wearer.body.landmarks
    x, y, z, arm = (values[:, column] for column in (Canon.X, Canon.Y, Canon.Z, Canon.ARM))
    neckline = y < marks.neck + _COLLAR - 0.12 * np.clip(z, -0.5, 0.8)
    # The sides hang from the shoulders: measured on a level, so that breasts do not bend the edge.
    open_front = (z > 0.05) & (np.abs(x) < _opening(cut, y))
    hem = max(cut.hem, -0.45)
    trunk = (arm <= 0.5) & (y > marks.hip + hem) & neckline & ~open_front
    return trunk | ((arm > 0.5) & (values[:, Canon.ALONG_ARM] < _WRIST))


def _painter(one: Accessory, cut: _Cut, wearer: Wearer) -> Painter:
    base, marks = as_colour(one.colour), wearer.body.landmarks

    def paint(seen: Visible) -> tuple[np.ndarray, np.ndarray]:
        x, y, z, along, arm = (seen.values[:, c] for c in (Canon.X, Canon.Y, Canon.Z, Canon.ALONG_ARM, Canon.ARM))
        across, front, body = np.abs(x), z > 0.05, arm < 0.5
        elbow = np.sin(24 * along + 4 * z) * np.exp(-(((along - 1) / 0.3) ** 2)) * ~body
        fall = 0.1 * np.sin(9 * x + 1.3 * y) * body * (y < 4)
        slope = np.stack([fall, 0.22 * elbow], axis=1)
        colours = np.repeat(base[None], len(x), axis=0)
        edge = across - _opening(cut, y)
        if cut.lapel:
            lapel = cut.lapel * np.clip((y - 2.9) / 2.6, 0, 1) * np.clip((6.4 - y) / 0.5, 0, 1)
            on_lapel = front & body & (edge < lapel) & (y > 2.9)
            colours[on_lapel] *= 1.1
            notch = np.abs(y - 5.15 + 0.5 * (edge - 0.3)) < 0.035
            rim = (np.abs(edge - lapel) < 0.045) | (notch & (edge > 0.2))
            colours[front & body & rim & (y > 2.9) & (edge < lapel + 0.05)] *= 0.6
            pocket = (np.abs(y - marks.hip - 1.0) < 0.06) & (across > 1.05) & (across < 1.65)
            colours[front & body & pocket] *= 0.7
            button = ((np.abs(edge - 0.16) < 0.07) & (np.mod(y - 2.5, 0.8) < 0.12)) & (y < 2.7) & (x < 0)
            colours[front & body & button] *= 0.5
        else:  # knitted, with a ribbed band
            slope[:, 0] += 0.1 * np.sin(60 * x)
            band = front & body & (edge < 0.22)
            colours[band] *= 0.9 + 0.06 * np.sin(70 * y[band])[:, None]
            colours[front & body & (np.abs(edge - 0.22) < 0.03)] *= 0.72
        colours[~body & (along > _WRIST - 0.04)] *= 0.8
        colours[body & (np.abs(y - marks.hip - max(cut.hem, -0.45) - 0.07) < 0.03) & (cut.hem > -1)] *= 0.75
        return lit(colours, seen, slope), np.full(len(x), Label.COAT)

    return paint


def _skirts(wearer: Wearer, one: Accessory, cut: _Cut) -> Surface:
    """The lower part of a long coat, open in front."""
    body, marks = wearer.body, wearer.body.landmarks
    used = np.unique(body.skirt)
    shell = wearer.points.copy()
    below = np.clip((marks.hip + 0.8 - body.template[used, 1]) / 4.0, 0, 1)
    middle = wearer.joint("pelvis")
    for axis, extra in ((0, 0.1), (2, 0.4)):
        away = np.clip((shell[used, axis] - middle[axis]) / 0.8, -1, 1)
        shell[used, axis] += away * (0.34 + extra * below)

    def covers(values: Values) -> Bool[np.ndarray, " n"]:
        x, y, z = (values[:, column] for column in (Canon.X, Canon.Y, Canon.Z))
        open_front = (z > 0.05) & (np.abs(x) < _opening(cut, y))
        return (y > marks.hip + cut.hem) & (y < marks.hip + 0.6) & ~open_front

    return Surface(
        wearer.motion.skin(shell), body.skirt, body.canon, _painter(one, cut, wearer), covers, _BIAS - 0.04,
        two_sided=True,
    )  # fmt: skip


def coat_surfaces(wearer: Wearer, one: Accessory) -> list[Surface]:
    """Trunk and sleeves, and the lower part of a long coat."""
    body, cut = wearer.body, _CUTS[one.style]
    shell, canon = wearer.shell(_FIT)
    upper = Surface(
        shell, body.tights, canon, _painter(one, cut, wearer),
        lambda values: _upper_covers(cut, wearer, values), _BIAS, two_sided=True,
    )  # fmt: skip
    return [upper, _skirts(wearer, one, cut)] if one.style == "long" else [upper]
