"""Bags: across the body, on the shoulder, and totes. The label set has none for them: they are background."""

import numpy as np
from jaxtyping import Bool

from spg_vton.labels import Label
from spg_vton.render.accessories.kinds import Accessory
from spg_vton.render.accessories.materials import as_colour, lit
from spg_vton.render.accessories.solids import rounded_box, sheet_faces, spread
from spg_vton.render.accessories.wearer import Fit, Wearer
from spg_vton.render.body import Canon
from spg_vton.render.mesh import Points
from spg_vton.render.rotations import turn
from spg_vton.render.surface import Painter, Surface, Values, Visible

_BOX_ROWS, _BOX_COLUMNS = 17, 33
_STRAP, _STRAP_BIAS = Fit(trunk=0.2, arm=0.2, smoothing=3), 0.38  # in front of any upper garment
#: Half-width, half-height and half-depth, decimetres.
_HALVES = {"crossbody": (0.95, 0.68, 0.3), "shoulder": (0.4, 0.85, 1.2), "tote": (0.3, 1.45, 1.3)}
#: Where a strap runs, in canonical coordinates: from the shoulder to the bag, in front and behind.
_CROSS = ((1.2, 5.75), (-1.5, 1.0))
_BEFORE_HIP = (-1.15, -0.1, 0.0)  # from the pelvis to a bag across the body
_BAG_TURN = -25.0  # degrees by which a bag on the shoulder faces forward
_STRAP_X = 1.52  # of a bag on the shoulder


def _painter(one: Accessory) -> Painter:
    """Leather with a flap, seams and a buckle; a tote is plain canvas with a seam."""
    leather, accent = as_colour(one.colour), as_colour((196, 170, 110))
    half = _HALVES[one.style]

    def paint(seen: Visible) -> tuple[np.ndarray, np.ndarray]:
        wide = seen.values[:, 0] / half[0] if one.style == "crossbody" else seen.values[:, 2] / half[2]
        high = seen.values[:, 1] / half[1]
        colours = np.repeat(leather[None], len(wide), axis=0)
        if one.style == "tote":
            colours[np.abs(high - 0.86) < 0.025] *= 0.75
        else:
            flap = 0.12 + 0.28 * wide**2
            colours[np.abs(high - flap) < 0.05] *= 0.6
            colours[(np.abs(np.abs(wide) - 0.86) < 0.03) | (np.abs(high + 0.86) < 0.04)] *= 0.8
            buckle = (np.abs(wide) < 0.1) & (np.abs(high - 0.06) < 0.12)
            colours[buckle] = accent
        return lit(colours, seen, gloss=0.0 if one.style == "tote" else 0.1), np.full(len(wide), Label.BACKGROUND)

    return paint


def _strap(wearer: Wearer, one: Accessory) -> Surface:
    """A band on the trunk: slanting across it, or straight up and down over the shoulder."""
    leather, (shell, canon) = as_colour(one.colour, 0.85), wearer.shell(_STRAP)
    (x0, y0), (x1, y1) = _CROSS
    length = float(np.hypot(x1 - x0, y1 - y0))
    half = 0.1 if one.style == "tote" else 0.08 + 0.04 * one.size

    def across(values: Values) -> np.ndarray:
        x, y = values[:, Canon.X], values[:, Canon.Y]
        if one.style == "crossbody":
            return ((x - x0) * (y1 - y0) - (y - y0) * (x1 - x0)) / length
        return x - _STRAP_X - 0.12 * (5.3 - y)

    def covers(values: Values) -> Bool[np.ndarray, " n"]:
        low = y1 - 0.4 if one.style == "crossbody" else 2.6
        return (np.abs(across(values)) < half) & (values[:, Canon.Y] > low) & (values[:, Canon.ARM] < 0.75)

    def paint(seen: Visible) -> tuple[np.ndarray, np.ndarray]:
        colours = np.repeat(leather[None], len(seen.values), axis=0)
        colours[np.abs(np.abs(across(seen.values)) - 0.72 * half) < 0.12 * half] *= 0.75
        return lit(colours, seen, gloss=0.06), np.full(len(colours), Label.BACKGROUND)

    return Surface(shell, wearer.body.tights, canon, paint, covers, bias=_STRAP_BIAS)


def _front(wearer: Wearer, x: float, y: float) -> float:
    """How far in front the trunk reaches about a place."""
    used = np.unique(wearer.body.tights)
    place = wearer.points[used]
    near = (np.abs(place[:, 0] - x) < 0.6) & (np.abs(place[:, 1] - y) < 0.7)
    return float(place[near, 2].max(initial=0.8))


def _case(wearer: Wearer, one: Accessory) -> Points:
    """The bag itself: before the right hip, or under the left arm, a little behind it."""
    half, pelvis = _HALVES[one.style], wearer.joint("pelvis")
    shape = rounded_box(half, squareness=0.2 if one.style == "tote" else 0.32)
    if one.style == "crossbody":
        place = pelvis + np.array(_BEFORE_HIP)
        place[2] = _front(wearer, place[0], place[1]) + half[2] + 0.2
        return shape * (0.85 + 0.3 * one.size) + place
    used = np.unique(wearer.body.tights)
    trunk = used[(wearer.body.canon[used, Canon.ARM] < 0.3) & (np.abs(wearer.points[used, 1] - pelvis[1] - 1) < 0.6)]
    side = wearer.points[trunk, 0].max()
    top = wearer.joint("l-shoulder")[1] - 2.5
    shape = shape * (0.85 + 0.25 * one.size)
    if one.style == "tote":  # an open top is wider than the bottom
        shape[:, 2] *= 1 + 0.08 * shape[:, 1] / half[1]
    return shape @ turn("y", _BAG_TURN).T + (side + half[0] + 0.35, top - half[1], -0.2)


def bag_surfaces(wearer: Wearer, one: Accessory) -> list[Surface]:
    """The strap and the bag."""
    case = _case(wearer, one)
    middle = (case.min(0) + case.max(0)) / 2
    moved = wearer.with_bone(case, "pelvis" if one.style == "crossbody" else "spine_02")
    box = Surface(moved, sheet_faces(_BOX_ROWS, _BOX_COLUMNS), spread(case - middle), _painter(one), bias=0.12)
    return [_strap(wearer, one), box]
