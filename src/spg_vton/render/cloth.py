"""What all lower clothes share: heights on the body, patterns of the cloth, folds and sheen."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from spg_vton.render.body import Landmarks
from spg_vton.render.light import Light
from spg_vton.render.lower_look import LowerLook, Rgb
from spg_vton.render.surface import Colours, Visible, unit

Row = Float[np.ndarray, " n"]

WAISTBAND = 0.95  # its upper edge, decimetres above the pelvis joint
BAND_HEIGHT = 0.36
_CROTCH = -1.1  # below the hip joint, canonical decimetres
#: Relative strength of grain, sheen and sharpness of sheen of each cloth.
_GRAIN = {"denim": 0.055, "cotton": 0.02, "suiting": 0.022, "stretch": 0.012, "jersey": 0.03, "bright": 0.015}
_SHEEN = {"leather": (95.0, 18.0), "stretch": (16.0, 7.0), "bright": (10.0, 8.0)}


@dataclass(frozen=True, slots=True)
class Heights:
    """Canonical heights of one look.

    Attributes:
        top: upper edge of the waistband.
        band: lower edge of the waistband.
        crotch: where the legs part.
        hem: lower edge of the cloth.
    """

    top: float
    band: float
    crotch: float
    hem: float


def heights_of(marks: Landmarks, look: LowerLook) -> Heights:
    """Where a look begins and ends on the template."""
    top, crotch = marks.pelvis + WAISTBAND, marks.hip + _CROTCH
    return Heights(top, top - BAND_HEIGHT, crotch, marks.ground + look.hem * (crotch - marks.ground))


def dyed(look: LowerLook, seen: Visible, around: Row, down: Row) -> Colours:
    """Colour of the cloth with its pattern and grain; ``around`` and ``down`` are decimetres on the cloth."""
    colours = np.repeat(np.array(look.colour, np.float32)[None], len(around), axis=0)
    mask = _pattern(look.pattern, around, down)
    colours += mask[:, None] * (np.array(look.second, np.float32) - colours)
    colours *= (1 + _GRAIN.get(look.fabric, 0.01) * seen.grain)[:, None]
    if look.fabric == "denim":  # warp threads of unequal dye
        colours *= (1 + 0.025 * np.sin(47 * around + 3 * np.sin(5 * down)))[:, None]
    return colours


def _pattern(pattern: str, around: Row, down: Row) -> Row:
    """Share of the second colour, 0 to 1."""
    match pattern:
        case "pinstripe":
            return 0.55 * (np.mod(around / 0.22, 1) < 0.2)
        case "stripes":
            return 0.9 * (np.mod(around / 0.42, 1) < 0.5)
        case "check":
            return 0.4 * (np.mod(around / 0.5, 1) < 0.25) + 0.4 * (np.mod(down / 0.5, 1) < 0.25)
        case "dots":
            row = np.floor(down / 0.3)
            x, y = np.mod(around / 0.3 + 0.5 * np.mod(row, 2), 1) - 0.5, np.mod(down / 0.3, 1) - 0.5
            return (np.hypot(x, y) < 0.24).astype(np.float64)
    return np.zeros(len(around))


def shaded(look: LowerLook, light: Light, colours: Colours, normals: Colours) -> Colours:
    """Light on the cloth, with the sheen of leather and stretch cloth."""
    lit = colours * light.shade(normals)
    if look.fabric in _SHEEN:
        strength, sharpness = _SHEEN[look.fabric]
        half = np.array(light.key) + np.array([0.0, 0.0, 1.0])
        facing = np.clip(normals @ (half / np.linalg.norm(half)), 0, 1)
        lit = lit + strength * (facing**sharpness)[:, None]
    return lit


def folded(normals: Colours, lines: Row, upright: Row) -> Colours:
    """Normals tipped up and down by folds that run across, and sideways by folds that run down."""
    out = normals.copy()
    out[:, 1] += lines
    out[:, 0] += upright * normals[:, 2]
    out[:, 2] -= upright * normals[:, 0]
    return unit(out)


def near(distance: Row, width: float) -> Row:
    """1 on a line, falling to 0 at its width."""
    return np.clip(1.3 * (1 - np.abs(distance) / width), 0, 1)


def blend(colours: Colours, share: Row, other: Rgb | Colours) -> Colours:
    """Colours with this share replaced by another colour."""
    return colours + share[:, None] * (np.asarray(other, np.float32) - colours)
