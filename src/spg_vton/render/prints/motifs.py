"""Small drawings: outlines filled one over the other, and how they are strewn over cloth.

Convention: a drawing's frame has x to the right and y up, about -1 to 1. A layer's colour is its number in the palette.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Float

from spg_vton.render.flat_layout import TEXELS
from spg_vton.render.prints.plane import OVERSAMPLING, REPEAT, Palette

Outline = Float[np.ndarray, "K 2"]
Layer = tuple[Outline, int]
_FRACTION_BITS = 4  # of cv2's fixed-point coordinates
_EDGE = 2  # texels left free around a stamp


@dataclass(frozen=True, slots=True, eq=False)
class Stamp:
    """A drawing in texels: colours (0 to 255) and coverage (0 to 1), both oversampled away."""

    colour: Float[np.ndarray, "H W 3"]
    cover: Float[np.ndarray, "H W"]

    def turned(self, quarters: int, mirrored: bool) -> "Stamp":
        """The stamp turned by quarters and mirrored."""
        colour, cover = np.rot90(self.colour, quarters), np.rot90(self.cover, quarters)
        return Stamp(colour[:, ::-1], cover[:, ::-1]) if mirrored else Stamp(colour, cover)


def turned(outline: Outline, angle: float, x: float = 0.0, y: float = 0.0, size: float = 1.0) -> Outline:
    """An outline turned by ``angle`` (radians, anticlockwise), enlarged, then moved."""
    c, s = np.cos(angle), np.sin(angle)
    return outline @ np.array([[c, s], [-s, c]]) * size + [x, y]


def moved(layers: list[Layer], angle: float, x: float = 0.0, y: float = 0.0, size: float = 1.0) -> list[Layer]:
    """All layers of a drawing turned, enlarged and moved."""
    return [(turned(outline, angle, x, y, size), number) for outline, number in layers]


def disc(x: float, y: float, radius: float, flat: float = 1.0) -> Outline:
    """A circle, or an ellipse where ``flat`` (height over width) is not 1."""
    angle = np.linspace(0, 2 * np.pi, 28, endpoint=False)
    return np.stack([x + radius * np.cos(angle), y + flat * radius * np.sin(angle)], axis=1)


def petal(length: float, width: float, notch: float = 0.0, blunt: float = 0.6) -> Outline:
    """A petal from the origin along x; ``notch`` dents its tip, ``blunt`` moves its widest place outwards."""
    t = np.linspace(0, 1, 16)
    half = width * np.sin(np.pi * t ** (0.5 + blunt)) ** 0.8
    x = length * (t - notch * t**8)
    upper = np.stack([x, half], axis=1)
    if notch:
        upper[-3:, 0] = length * (1 - notch * np.array([0.0, 0.2, 1.0]))
        upper[-3:-1, 1] = width * np.array([0.6, 0.35])
    return np.concatenate([upper, upper[::-1] * [1, -1]])


def stroke(points: Outline, width: float) -> Outline:
    """The outline of a tapering line through points."""
    way = np.gradient(points, axis=0)
    across = np.stack([-way[:, 1], way[:, 0]], axis=1) / (np.linalg.norm(way, axis=1, keepdims=True) + 1e-9)
    half = across * (width / 2 * np.linspace(1.0, 0.5, len(points)))[:, None]
    return np.concatenate([points + half, (points - half)[::-1]])


def star(points: int, inner: float, turn: float = np.pi / 2) -> Outline:
    """A star with its first point at angle ``turn``."""
    angle = turn + np.arange(2 * points) * np.pi / points
    radius = np.where(np.arange(2 * points) % 2 == 0, 1.0, inner)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


def smooth(points: list[tuple[float, float]], samples: int = 10) -> Outline:
    """A smooth closed curve through points (Catmull-Rom)."""
    p = np.array(points, np.float64)
    before, after, later = np.roll(p, 1, 0), np.roll(p, -1, 0), np.roll(p, -2, 0)
    t = (np.arange(samples) / samples)[None, :, None]
    p, before, after, later = (q[:, None] for q in (p, before, after, later))
    curve = 0.5 * (
        2 * p + (after - before) * t + (2 * before - 5 * p + 4 * after - later) * t**2
        + (3 * p - before - 3 * after + later) * t**3
    )  # fmt: skip
    return curve.reshape(-1, 2)


def draw(layers: list[Layer], radius: float, colours: Palette) -> Stamp:
    """Fill the layers, the last on top; 1 in the drawing's frame is ``radius`` decimetres on the cloth."""
    reach = int(np.ceil(radius * TEXELS)) + _EDGE
    pixels, scale = 2 * reach * OVERSAMPLING, radius * TEXELS * OVERSAMPLING
    canvas = np.zeros((pixels, pixels, 4), np.float32)
    for outline, number in layers:
        places = (outline * [scale, -scale] + pixels / 2) * 2**_FRACTION_BITS
        fill = (*(float(value) for value in colours[number]), 1.0)
        cv2.fillPoly(canvas, [np.round(places).astype(np.int32)], fill, shift=_FRACTION_BITS)
    small = cv2.resize(canvas, (2 * reach, 2 * reach), interpolation=cv2.INTER_AREA)
    return Stamp(small[..., :3] / np.maximum(small[..., 3:], 1e-6), small[..., 3])


def press(tile: np.ndarray, stamp: Stamp, x: float, y: float) -> None:
    """Stamp a repeating picture at (x, y), texels; what leaves it on one side comes in on the other."""
    height, width = stamp.cover.shape
    rows = (np.arange(height) + round(y) - height // 2) % len(tile)
    columns = (np.arange(width) + round(x) - width // 2) % tile.shape[1]
    window = np.ix_(rows, columns)
    tile[window] += (stamp.colour - tile[window]) * stamp.cover[..., None]


def blank_tile(colour: np.ndarray, size: float = REPEAT) -> np.ndarray:
    """A repeating picture of one colour."""
    pixels = round(size * TEXELS)
    return np.broadcast_to(colour.astype(np.float32), (pixels, pixels, 3)).copy()


def strewn(rng: np.random.Generator, spacing: float, size: float = REPEAT, tries: int = 24) -> Float[np.ndarray, "N 2"]:
    """Places (texels) on a repeating picture, about ``spacing`` decimetres apart: each the best of some candidates."""
    count = max(1, round(0.75 * (size / spacing) ** 2))
    places = rng.uniform(0, size, (1, 2))
    for _ in range(count - 1):
        candidates = rng.uniform(0, size, (tries, 2))
        gap = np.abs(candidates[:, None] - places[None])
        gap = np.minimum(gap, size - gap)
        nearest = (gap**2).sum(-1).min(1)
        places = np.concatenate([places, candidates[nearest.argmax()][None]])
    return places * TEXELS
