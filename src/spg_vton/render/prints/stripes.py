"""Stripes: thin and broad, regular and not, across, along and aslant."""

import numpy as np

from spg_vton.render.prints.plane import Palette, Picture, Plane, edge, mix, striped

_YOKE = 5.3  # flat height above which some Breton shirts are plain, decimetres


def breton(plane: Plane, colours: Palette, scale: float, rng: np.random.Generator) -> Picture:
    """Thin stripes at a regular distance, on some shirts only below the shoulders."""
    line, gap = rng.uniform(0.05, 0.18), rng.uniform(0.16, 0.34)
    picture = striped([(gap * scale, 0), (line * scale, 1)], colours, plane.down)
    if rng.random() < 0.3:
        picture = mix(picture, edge(plane.v - _YOKE), colours[0])
    return picture


def block_stripes(plane: Plane, colours: Palette, scale: float, rng: np.random.Generator) -> Picture:
    """Broad stripes of two or three colours."""
    count = int(rng.integers(2, 4))
    sett = [(float(rng.uniform(0.5, 1.3)) * scale, number) for number in range(count)]
    return striped(sett, colours, plane.down + float(rng.uniform(0, 2)))


def multi_stripes(plane: Plane, colours: Palette, scale: float, rng: np.random.Generator) -> Picture:
    """Bands of many colours, parted by the main one."""
    sett: list[tuple[float, int]] = []
    for number in rng.integers(1, 5, int(rng.integers(4, 8))):
        sett += [(float(rng.uniform(0.06, 0.35)) * scale, int(number)), (float(rng.uniform(0.08, 0.4)) * scale, 0)]
    return striped(sett, colours, plane.down)


def uneven_stripes(plane: Plane, colours: Palette, scale: float, rng: np.random.Generator) -> Picture:
    """Stripes whose widths and distances change from one to the next."""
    sett: list[tuple[float, int]] = []
    for _ in range(14):
        sett += [(float(rng.gamma(2, 0.09)) * scale + 0.03, 1), (float(rng.gamma(2, 0.17)) * scale + 0.06, 0)]
    return striped(sett, colours, plane.down)


def diagonal_stripes(plane: Plane, colours: Palette, scale: float, rng: np.random.Generator) -> Picture:
    """Stripes aslant, meeting in a point at the middle on some."""
    across = np.abs(plane.across) if rng.random() < 0.4 else plane.across
    slope = float(rng.uniform(0.5, 1.2))
    way = (plane.down + slope * across) / np.hypot(1, slope)
    return striped([(0.45 * scale, 0), (float(rng.uniform(0.15, 0.4)) * scale, 1), (0.12 * scale, 2)], colours, way)


def pinstripes(plane: Plane, colours: Palette, scale: float, rng: np.random.Generator) -> Picture:
    """Fine lines along the body and the sleeves."""
    line = float(rng.uniform(0.03, 0.1))
    return striped([(float(rng.uniform(0.2, 0.5)) * scale, 0), (line, 1)], colours, plane.across)
