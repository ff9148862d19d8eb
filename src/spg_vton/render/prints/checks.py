"""Checks: stripes along crossed by stripes across."""

import numpy as np

from spg_vton.render.prints.plane import Palette, Picture, Plane, striped


def _woven(plane: Plane, sett: list[tuple[float, int]], colours: Palette) -> Picture:
    """Warp and weft of the same stripes; where they cross the eye mixes them."""
    return 0.5 * (striped(sett, colours, plane.across) + striped(sett, colours, plane.down))


def gingham(plane: Plane, colours: Palette, scale: float, rng: np.random.Generator) -> Picture:
    """Even small squares of two colours and their mixture."""
    width = float(rng.uniform(0.13, 0.28)) * scale
    return _woven(plane, [(width, 0), (width, 1)], colours)


def buffalo(plane: Plane, colours: Palette, scale: float, rng: np.random.Generator) -> Picture:
    """Even large squares."""
    width = float(rng.uniform(0.45, 0.8)) * scale
    return _woven(plane, [(width, 0), (width, 1)], colours)


def tartan(plane: Plane, colours: Palette, scale: float, rng: np.random.Generator) -> Picture:
    """A mirrored sequence of broad and thin stripes of four colours."""
    half = [
        (float(rng.uniform(0.35, 0.6)), 0), (0.08, 3), (float(rng.uniform(0.1, 0.25)), 0),
        (float(rng.uniform(0.3, 0.6)), 1), (0.05, 2), (float(rng.uniform(0.06, 0.2)), 1),
        (float(rng.uniform(0.1, 0.3)), 2),
    ]  # fmt: skip
    sett = [(width * scale * 0.8, number) for width, number in half + half[-2:0:-1]]
    return _woven(plane, sett, colours)


def windowpane(plane: Plane, colours: Palette, scale: float, rng: np.random.Generator) -> Picture:
    """Thin lines far apart."""
    pitch, line = float(rng.uniform(0.6, 1.1)) * scale, float(rng.uniform(0.05, 0.09))
    along, across = (striped([(pitch, 0), (line, 1)], colours, way) for way in (plane.across, plane.down))
    contrast = np.abs(colours[1] - colours[0]).sum()
    nearer = np.abs(along - colours[0]).sum(-1) / contrast > np.abs(across - colours[0]).sum(-1) / contrast
    return np.where(nearer[..., None], along, across)
