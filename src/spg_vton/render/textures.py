"""A garment's flat texture: colour, cover and folds of both panels."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float
from numba import njit
from PIL import Image
from scipy import ndimage

from spg_vton.render.fabrics import fabric_relief
from spg_vton.render.flat_layout import BACK, FRONT, SIZE, load_layout
from spg_vton.render.garments import Garment
from spg_vton.render.patterns import paint_pattern
from spg_vton.render.silhouettes import silhouette

_TRIM = 5.0  # width of the ribbing, texels
_SEAM = 1.2  # width of the line that sets it off


@dataclass(frozen=True, slots=True, eq=False)
class Texture:
    """Panels are indexed by FRONT and BACK.

    Attributes:
        colour: RGB, 0 to 255, float32.
        cover: 1 where cloth is, 0 elsewhere, smooth between; the edge is at 0.5.
        folds: height of the folds, about -1 to 1.
        depth: distance in texels to the nearest edge cut into the cloth (the panels' outlines are seams, not edges).
        cloth: ``cover`` within the panels' outlines, as seen when the garment lies flat.
    """

    colour: Float[np.ndarray, "2 S S 3"]
    cover: Float[np.ndarray, "2 S S"]
    folds: Float[np.ndarray, "2 S S"]
    depth: Float[np.ndarray, "2 S S"]
    cloth: Bool[np.ndarray, "2 S S"]


@njit(cache=True)
def distance_inside(mask: Bool[np.ndarray, "H W"]) -> Float[np.ndarray, "H W"]:
    """Distance in pixels from each pixel to the nearest outside the mask (two-pass chamfer; borders are inside)."""
    height, width = mask.shape
    far, diagonal = np.float32(1e6), np.float32(1.41)
    distance = np.zeros((height, width), np.float32)
    for r in range(height):
        for c in range(width):
            if mask[r, c]:
                best = far
                if r > 0:
                    best = min(best, distance[r - 1, c] + 1)
                    if c > 0:
                        best = min(best, distance[r - 1, c - 1] + diagonal)
                    if c < width - 1:
                        best = min(best, distance[r - 1, c + 1] + diagonal)
                if c > 0:
                    best = min(best, distance[r, c - 1] + 1)
                distance[r, c] = best
    for r in range(height - 1, -1, -1):
        for c in range(width - 1, -1, -1):
            best = distance[r, c]
            if r < height - 1:
                best = min(best, distance[r + 1, c] + 1)
                if c > 0:
                    best = min(best, distance[r + 1, c - 1] + diagonal)
                if c < width - 1:
                    best = min(best, distance[r + 1, c + 1] + diagonal)
            if c < width - 1:
                best = min(best, distance[r, c + 1] + 1)
            distance[r, c] = best
    return distance


def smooth_noise(
    rng: np.random.Generator,
    height: int,
    width: int,
    scale: float,
    octaves: int = 3,
    stretch: tuple[float, float] = (1.0, 1.0),
) -> Float[np.ndarray, "H W"]:
    """Value noise of [-1, 1] with features of ``scale`` pixels, more of them per axis where ``stretch`` is larger."""
    total = np.zeros((height, width), np.float32)
    for octave in range(octaves):
        rows, columns = (
            max(2, int(size / scale * more * 2**octave) + 2)
            for size, more in zip((height, width), stretch, strict=True)
        )
        grid = Image.fromarray(rng.standard_normal((rows, columns)).astype(np.float32))
        total += 0.5**octave * np.asarray(grid.resize((width, height), Image.Resampling.BICUBIC))
    return total / np.abs(total).max()


def _trimmed(picture: np.ndarray, garment: Garment, edge: np.ndarray) -> np.ndarray:
    """Ribbing along every edge, set off by a darker line; ``edge`` is the distance to it."""
    ribbing = edge < _TRIM
    if garment.pattern == "raglan":
        picture[ribbing] = np.array(garment.colours[1]) * 0.95
    else:
        picture[ribbing] *= 0.82
    picture[(edge >= _TRIM) & (edge < _TRIM + _SEAM)] *= 0.88
    return picture


def make_texture(garment: Garment) -> Texture:
    """Draw both panels of a garment."""
    layout, rng = load_layout(), np.random.default_rng(garment.grain)
    colours, covers, folds, depths, cloths = [], [], [], [], []
    for side in (FRONT, BACK):
        keep = silhouette(garment, layout, side)
        picture = paint_pattern(garment, layout, side, rng)
        # Panels meet at their outlines: only edges cut by the silhouette get ribbing.
        depth = distance_inside(keep | ~layout.panels[side].inside)
        picture = _trimmed(picture, garment, depth)
        picture *= fabric_relief(garment.fabric, layout, side, garment.sleeve != "none", rng)
        long_folds = smooth_noise(rng, SIZE, SIZE, 70, stretch=(0.55, 1.6))
        wide_folds = smooth_noise(rng, SIZE, SIZE, 90, stretch=(1.4, 0.8))
        colours.append(np.clip(picture, 0, 255))
        covers.append(ndimage.gaussian_filter(keep.astype(np.float32), 1.0))
        folds.append(0.5 * (long_folds + wide_folds))
        depths.append(depth)
        cloths.append(keep & layout.panels[side].inside)
    return Texture(
        colour=np.stack(colours).astype(np.float32),
        cover=np.stack(covers),
        folds=np.stack(folds),
        depth=np.stack(depths),
        cloth=np.stack(cloths),
    )
