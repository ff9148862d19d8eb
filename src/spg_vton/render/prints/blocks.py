"""Garments pieced together of cloth of several colours."""

import numpy as np

from spg_vton.render.prints.plane import Palette, Picture, Plane, edge, mix, plain

_NECK, _UNDERARM = (1.2, 6.9), (2.05, 4.6)  # flat places between which a raglan seam runs, decimetres
_CHEST, _WAIST = 4.4, 2.0  # flat heights between which blocks meet, decimetres


def blocks(plane: Plane, colours: Palette, scale: float, rng: np.random.Generator) -> Picture:
    """Two or three fields: one over the other, aslant, or side by side."""
    height, way = float(rng.uniform(_WAIST, _CHEST)), rng.random()
    if way < 0.5:
        distance = height - plane.v
    elif way < 0.75:
        distance = height - plane.v + float(rng.choice([-0.6, 0.6])) * plane.u * (1 if plane.is_front else -1)
    else:
        distance = plane.u * (1 if plane.is_front else -1)
    picture = mix(plain(colours[0], plane.u), edge(distance), colours[1])
    third = rng.random()
    if third < 0.4:
        picture = mix(picture, edge(0.2 * scale - np.abs(distance)), colours[2])
    elif third < 0.7 and way < 0.5:
        picture = mix(picture, edge(distance - 1.1 * scale), colours[2])
    return picture


def raglan(plane: Plane, colours: Palette, scale: float, rng: np.random.Generator) -> Picture:
    """Sleeves of another colour, cut on to the neck."""
    seam = np.interp(plane.v, [_UNDERARM[1], _NECK[1]], [_UNDERARM[0], _NECK[0]])
    sleeve = edge(np.abs(plane.u) - seam) * (plane.on_arm | (plane.v > _UNDERARM[1]))
    return mix(plain(colours[0], plane.u), sleeve, colours[1])


def yoke(plane: Plane, colours: Palette, scale: float, rng: np.random.Generator) -> Picture:
    """A field of another colour over shoulders and chest, straight, pointed or round."""
    height, shape = float(rng.uniform(4.7, 5.5)), rng.random()
    dip = 0.0 if shape < 0.4 else 0.35 * np.abs(plane.u) if shape < 0.7 else 0.14 * plane.u**2
    return mix(plain(colours[0], plane.u), edge(plane.v - height - (dip - 0.3 * (shape >= 0.4))), colours[1])
