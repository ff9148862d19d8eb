"""Dots: in rows, tiny, and strewn."""

import numpy as np

from spg_vton.render.prints.motifs import blank_tile, disc, draw, press, strewn
from spg_vton.render.prints.plane import Palette, Picture, Plane, edge, mix, phase, plain


def _lattice(plane: Plane, pitch: float, radius: float) -> np.ndarray:
    """Coverage of dots in rows, each row moved by half a pitch."""
    odd = np.mod(np.floor(plane.down / pitch), 2)
    x = (np.mod(plane.across / pitch + odd / 2, 1) - 0.5) * pitch
    y = (phase(plane.down, pitch) - 0.5) * pitch
    return edge(radius - np.hypot(x, y))


def polka_dots(plane: Plane, colours: Palette, scale: float, rng: np.random.Generator) -> Picture:
    """Dots in rows."""
    pitch = float(rng.uniform(0.4, 0.75)) * scale
    return mix(plain(colours[0], plane.u), _lattice(plane, pitch, pitch * float(rng.uniform(0.18, 0.28))), colours[1])


def pin_dots(plane: Plane, colours: Palette, scale: float, rng: np.random.Generator) -> Picture:
    """Tiny dots, close together."""
    pitch = float(rng.uniform(0.2, 0.3)) * scale
    return mix(plain(colours[0], plane.u), _lattice(plane, pitch, max(0.04, pitch * 0.2)), colours[1])


def scattered_dots(plane: Plane, colours: Palette, scale: float, rng: np.random.Generator) -> Picture:
    """Dots of several sizes and colours, strewn."""
    tile = blank_tile(colours[0])
    stamps = [
        draw([(disc(0, 0, 1, float(rng.uniform(0.8, 1.2))), 1 + k % 3)], float(rng.uniform(0.07, 0.2)) * scale, colours)
        for k in range(6)
    ]
    for x, y in strewn(rng, 0.42 * scale):
        press(tile, stamps[int(rng.integers(len(stamps)))], x, y)
    return plane.repeat(tile)
