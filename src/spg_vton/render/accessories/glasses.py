"""Glasses: frames with temples, and lenses, clear or dark.

The label set has one label for eyewear; frames and lenses of both kinds carry it, as an annotator would outline them.
"""

import numpy as np
from jaxtyping import Bool, Float

from spg_vton.labels import Label
from spg_vton.render.accessories.kinds import Accessory
from spg_vton.render.accessories.materials import as_colour, lit, plain
from spg_vton.render.accessories.solids import sheet_faces, sheet_values, spread
from spg_vton.render.accessories.wearer import Wearer
from spg_vton.render.mesh import Points
from spg_vton.render.surface import Surface, Values, Visible

_ROWS, _COLUMNS = 25, 61
_REACH, _HEIGHT = 2.3, 1.0  # half-width and half-height of the plate, in half eye distances
_RIM = 0.2  # width of the frame, in half eye distances
_LENS = 1.06  # from the middle to a lens's middle, in half eye distances
_AHEAD = 0.46  # decimetres from the eyeball's middle to the lens
_WRAP = 0.26  # decimetres by which the plate curves back at its ends
_BIAS, _TEMPLE_BIAS = 0.1, 0.02  # hair lies over the temples
CLEAR = 0.13  # opacity of clear lenses


def _plate(wearer: Wearer) -> tuple[Points, Float[np.ndarray, "V 4"], float]:
    """A curved plate before the eyes, its (x, y) in half eye distances, and that distance."""
    left, right = wearer.joint("l-eye"), wearer.joint("r-eye")
    middle, half = (left + right) / 2, float(left[0] - right[0]) / 2
    row, column = sheet_values(_ROWS, _COLUMNS).T
    x, y = (2 * column - 1) * _REACH, (2 * row - 1) * _HEIGHT
    shape = np.stack([x * half, y * half, _AHEAD - _WRAP * (x / _REACH) ** 2], axis=1) + middle
    return shape, spread(np.stack([x, y, np.zeros_like(x)], axis=1)), half


def _outside_lens(one: Accessory, x: np.ndarray, y: np.ndarray) -> Float[np.ndarray, " n"]:
    """How far (x, y) lies outside the nearer lens, relative to its size: 1 at its edge."""
    dark = one.style == "sun"
    width, height = (0.92 if dark else 0.84) + 0.06 * one.size, (0.74 if dark else 0.62) + 0.12 * one.size
    roundness = 2.2 + 1.6 * one.size
    drop = 0.12 * (np.abs(x) - 1)  # the outer corners sit higher
    return (np.abs((np.abs(x) - _LENS) / width) ** roundness + np.abs((y + 0.12 - drop) / height) ** roundness) ** (
        1 / roundness
    )


def _is_frame(one: Accessory, values: Values) -> Bool[np.ndarray, " n"]:
    x, y = values[:, 0], values[:, 1]
    outside = _outside_lens(one, x, y)
    thick = _RIM * (1.0 if one.style == "sun" else 0.85) * (1 + 0.5 * (y > 0))
    bridge = (np.abs(x) < 0.4) & (np.abs(y - 0.12) < 0.13)
    hinge = (np.abs(x) > 1.8) & (np.abs(y - 0.2) < 0.12)
    return ((outside >= 1) & (outside < 1 + thick)) | (bridge & (outside >= 1)) | hinge


def _temples(wearer: Wearer, plate: Points, half: float) -> list[Points]:
    """Two arms from the plate's ends to the ears."""
    rows = plate.reshape(_ROWS, _COLUMNS, 3)
    arms = []
    for end, ear in ((-1, wearer.body.ears[0]), (0, wearer.body.ears[1])):
        hinge, tip = rows[_ROWS // 2, end].copy(), wearer.points[ear].copy()
        hinge[1] += 0.2 * half
        tip[1], tip[2] = hinge[1] + 0.02, tip[2] + 0.1
        along = np.linspace(0, 1, 9)[:, None]
        line = hinge + along * (tip - hinge)
        thick = np.array((0, 0.12 * half, 0))
        arms.append(np.concatenate([line - thick, line + thick]))
    return arms


def frame_surfaces(wearer: Wearer, one: Accessory) -> list[Surface]:
    """The frame and its temples."""
    plate, values, half = _plate(wearer)
    paint = plain(one.colour, Label.SUNGLASSES, gloss=0.12)
    frame = Surface(
        wearer.with_bone(plate, "head"), sheet_faces(_ROWS, _COLUMNS), values, paint,
        lambda values: _is_frame(one, values), _BIAS, two_sided=True,
    )  # fmt: skip
    arms = [
        Surface(wearer.with_bone(arm, "head"), sheet_faces(2, 9), spread(arm), paint, bias=_TEMPLE_BIAS, two_sided=True)
        for arm in _temples(wearer, plate, half)
    ]
    return [frame, *arms]


def lenses_surface(wearer: Wearer, one: Accessory) -> Surface:
    """Both lenses."""
    plate, values, _ = _plate(wearer)
    dark = one.style == "sun"
    base = as_colour((38, 34, 36) if dark else (222, 230, 236))

    def paint(seen: Visible) -> tuple[np.ndarray, np.ndarray]:
        x, y = seen.values[:, 0], seen.values[:, 1]
        tint = lit(base, seen, gloss=0.1)
        tint += (np.clip(-y, 0, 1) * (46 if dark else 0))[:, None]  # sunglasses are lighter below
        glint = np.abs(np.mod(x + 0.6 * y + 0.35, 2 * _LENS) - 0.5) < 0.14
        tint[glint] += 38 if dark else 20
        return tint, np.full(len(x), Label.SUNGLASSES)

    def covers(values: Values) -> Bool[np.ndarray, " n"]:
        return _outside_lens(one, values[:, 0], values[:, 1]) < 1

    moved = wearer.with_bone(plate, "head")
    return Surface(moved, sheet_faces(_ROWS, _COLUMNS), values, paint, covers, _BIAS, two_sided=True)
