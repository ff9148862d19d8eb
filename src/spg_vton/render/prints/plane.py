"""Coordinates on the cloth: patterns run around the trunk, and around each sleeve.

Convention: ``across`` and ``down`` are decimetres on the cloth. On the trunk they are the panel's u and v; on a sleeve
``down`` falls from the shoulder towards the wrist along the arm, and ``across`` runs around it, 0 at the middle.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from jaxtyping import Bool, Float
from scipy import ndimage

from spg_vton.render.flat_layout import FRONT, TEXELS, FlatLayout

Picture = Float[np.ndarray, "S S 3"]
Cover = Float[np.ndarray, "S S"]
Palette = Float[np.ndarray, "N 3"]
OVERSAMPLING = 2  # drawn texels per texel and axis
REPEAT = 6.0  # width and height of a repeating picture, decimetres, unless its motif says otherwise
TILE = round(REPEAT * TEXELS)  # the same in texels
_ARM_LENGTH = 2.4  # decimetres from the shoulder to where canonical "along the arm" is 1
_FINE = 4  # samples per texel of a stripe's profile


def phase(value: np.ndarray, period: float) -> np.ndarray:
    """Where in its period each value lies, 0 to 1 (faster than ``np.mod``)."""
    turns = (value / np.float32(period)).astype(np.float32)
    return turns - np.floor(turns)


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """One panel's cloth coordinates (decimetres) and which of its pixels belong to sleeves."""

    across: Float[np.ndarray, "S S"]
    down: Float[np.ndarray, "S S"]
    on_arm: Bool[np.ndarray, "S S"]
    u: Float[np.ndarray, "S S"]
    v: Float[np.ndarray, "S S"]
    is_front: bool
    layout: FlatLayout

    def repeat(self, tile: np.ndarray, size: float = REPEAT) -> np.ndarray:
        """Cover the cloth with copies of a square picture of ``size`` decimetres."""
        pixels = len(tile)
        bordered = cv2.copyMakeBorder(tile, 1, 1, 1, 1, cv2.BORDER_WRAP)
        columns = phase(self.across, size) * pixels + 0.5
        rows = phase(-self.down, size) * pixels + 0.5
        return cv2.remap(bordered, columns, rows, cv2.INTER_LINEAR)


def _sleeve(panel_along: np.ndarray, known: np.ndarray, u: np.ndarray, v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """``across`` and ``down`` of both sleeves: straight axes fitted to the cloth that is known."""
    points = np.stack([np.abs(u[known]), v[known]], axis=1).astype(np.float64)
    middle = points.mean(0)
    axis = np.linalg.eigh(np.cov((points - middle).T))[1][:, -1]
    axis = axis * np.sign(axis[0])
    along = (np.stack([np.abs(u), v], axis=-1) - middle) @ axis
    start = float((panel_along[known] * _ARM_LENGTH - along[known]).mean())
    across = (np.stack([np.abs(u), v], axis=-1) - middle) @ [-axis[1], axis[0]]
    return across * np.sign(u), -(along + start)


@cache
def cloth_plane(layout: FlatLayout, side: int, sleeves: bool) -> Plane:
    """The cloth coordinates of a panel of a garment with or without sleeves, once a process."""
    panel = layout.panels[side]
    arm = panel.canon[..., 4] > 0.5
    on_arm = arm & sleeves
    across, down = _sleeve(panel.canon[..., 3], panel.inside & arm, layout.u, layout.v)
    return Plane(
        across=np.where(on_arm, across, layout.u).astype(np.float32),
        down=np.where(on_arm, down, layout.v).astype(np.float32),
        on_arm=on_arm,
        u=layout.u.astype(np.float32),
        v=layout.v.astype(np.float32),
        is_front=side == FRONT,
        layout=layout,
    )


#: Paints a panel from its coordinates, colours (0 to 255), the motif's relative size and the design's random numbers.
Painter = Callable[[Plane, Palette, float, np.random.Generator], Picture]


def plain(colour: np.ndarray, like: np.ndarray) -> Picture:
    """One colour everywhere."""
    return np.broadcast_to(colour.astype(np.float32), (*like.shape[:2], 3)).copy()


def mix(picture: Picture, share: np.ndarray, colour: np.ndarray) -> Picture:
    """Lay a colour (or picture) over another with coverage 0 to 1."""
    return picture + (colour - picture) * share[..., None]


def edge(distance: np.ndarray, texels: float = TEXELS) -> np.ndarray:
    """Coverage of where ``distance`` (decimetres) is positive, smooth over one texel."""
    return np.clip(distance * texels + 0.5, 0, 1)


def profile(sett: list[tuple[float, int]], colours: Palette) -> tuple[Palette, float]:
    """Colours along one period of stripes given as (width in decimetres, number of the colour), and the period."""
    period = sum(width for width, _ in sett)
    ends = np.cumsum([width for width, _ in sett])
    samples = max(8, round(period * TEXELS * _FINE))
    owner = np.searchsorted(ends, (np.arange(samples) + 0.5) / samples * period, side="right").clip(0, len(sett) - 1)
    table = colours[np.array([number for _, number in sett])[owner]]
    return ndimage.uniform_filter1d(table.astype(np.float32), _FINE, axis=0, mode="wrap"), period


def striped(sett: list[tuple[float, int]], colours: Palette, coordinate: np.ndarray) -> Picture:
    """Stripes along a coordinate in decimetres."""
    table, period = profile(sett, colours)
    return table[(phase(coordinate, period) * len(table)).astype(np.int32) % len(table)]


def reduced(drawn: np.ndarray) -> np.ndarray:
    """A picture drawn at OVERSAMPLING, reduced to texels."""
    height, width = drawn.shape[0] // OVERSAMPLING, drawn.shape[1] // OVERSAMPLING
    return cv2.resize(drawn.astype(np.float32), (width, height), interpolation=cv2.INTER_AREA)


def cells(size: float = REPEAT) -> tuple[np.ndarray, np.ndarray]:
    """x to the right and y down, in decimetres, of an oversampled repeating picture's pixels."""
    pixels = round(size * TEXELS) * OVERSAMPLING
    grid = ((np.arange(pixels) + 0.5) / pixels * size).astype(np.float32)
    x, y = np.meshgrid(grid, grid)
    return x, y


def repeating_noise(
    rng: np.random.Generator, scale: float | tuple[float, float], pixels: int = TILE, size: float = REPEAT
) -> np.ndarray:
    """Smooth noise of mean 0 and deviation 1 without seams; features of ``scale`` decimetres (rows, columns)."""
    scales = np.broadcast_to(scale, 2) * pixels / size / 2
    noise = ndimage.gaussian_filter(rng.standard_normal((pixels, pixels)), scales, mode="wrap")
    return ((noise - noise.mean()) / noise.std()).astype(np.float32)


def enlarged(tile: np.ndarray, pixels: int) -> np.ndarray:
    """A repeating picture with more pixels, still without a seam."""
    pad = 2
    wide = cv2.copyMakeBorder(tile, pad, pad, pad, pad, cv2.BORDER_WRAP)
    factor = pixels / len(tile)
    grid = ((np.arange(pixels) + 0.5) / factor - 0.5 + pad).astype(np.float32)
    columns, rows = np.meshgrid(grid, grid)
    return cv2.remap(wide, columns, rows, cv2.INTER_CUBIC)
