"""A room and a shop."""

import numpy as np

from spg_vton.render.camera import HEIGHT
from spg_vton.render.places.colours import ASPHALT, CLOTHS, PAINTS, STONES, WARES, WOODS
from spg_vton.render.places.plants import foliage
from spg_vton.render.places.view import View, any_of, fade


def room(view: View, rng: np.random.Generator) -> None:
    """A wall with a window or pictures, a sofa or a sideboard, and a plant."""
    wall, floor, away = any_of(PAINTS, rng, 0.05), any_of(WOODS, rng), rng.uniform(1.8, 3.2)
    seam = view.pixels(np.array([(0, 0, away)]))[0, 1]
    fade(view, 0.94 * wall, 1.03 * wall, (0, seam))
    fade(view, 0.8 * floor, 1.15 * floor, (seam, HEIGHT))
    view.box((-9, 9), (0, 0.12), away, 1.12 * wall)
    side = float(rng.choice((-1, 1)))
    if rng.random() < 0.6:
        _window(view, side * rng.uniform(0.7, 1.2), away, rng)
    else:
        for x in (side * 0.9, side * 1.7, side * 0.9 - side * 1.7):
            _picture(view, x + rng.normal(0, 0.1), rng.uniform(1.3, 1.6), away, rng)
    near, cloth = away - 0.7, any_of(CLOTHS, rng)
    left = -side * rng.uniform(0.5, 0.9) - 1.0
    if rng.random() < 0.5:  # a sofa
        view.box((left, left + 2), (0.15, 0.85), near, cloth)
        view.box((left - 0.15, left + 2.15), (0.1, 0.45), near - 0.3, 0.88 * cloth)
        view.box((left + 0.2, left + 0.6), (0.45, 0.8), near - 0.25, any_of(WARES, rng))
    else:  # a sideboard with a lamp
        view.box((left, left + 1.8), (0.15, 0.8), near, any_of(WOODS, rng))
        view.box((left + 0.3, left + 0.34), (0.8, 1.2), near, (90, 80, 70))
        view.box((left + 0.14, left + 0.5), (1.15, 1.45), near, (250, 236, 204))
    plant = side * rng.uniform(0.8, 1.3)
    view.box((plant - 0.17, plant + 0.17), (0, 0.4), near, any_of(STONES, rng))
    foliage(view, plant, rng.uniform(0.9, 1.2), near, 0.5, 120, rng)
    view.blur(away)


def _window(view: View, x: float, z: float, rng: np.random.Generator) -> None:
    """A bright window with bars, and curtains beside it."""
    half = rng.uniform(0.45, 0.7)
    view.box((x - half, x + half), (0.85, 2.3), z, (244, 246, 248))
    for bar in (-half, 0.0, half):
        view.box((x + bar - 0.03, x + bar + 0.03), (0.82, 2.33), z, (206, 202, 196))
    curtain = any_of(PAINTS, rng, 0.1)
    for side in (-1, 1):
        for fold in range(4):
            inner = x + side * (half + 0.08 * fold)
            shade = curtain * (0.86 if fold % 2 else 1.0)
            view.box((min(inner, inner + side * 0.08), max(inner, inner + side * 0.08)), (0.1, 2.45), z, shade)


def _picture(view: View, x: float, y: float, z: float, rng: np.random.Generator) -> None:
    """A framed picture."""
    half, tall = rng.uniform(0.18, 0.32), rng.uniform(0.2, 0.36)
    view.box((x - half - 0.04, x + half + 0.04), (y - tall - 0.04, y + tall + 0.04), z, any_of(WOODS, rng))
    view.box((x - half, x + half), (y - tall, y + tall), z, (236, 232, 224))
    view.box((x - 0.6 * half, x + 0.6 * half), (y - 0.6 * tall, y + 0.5 * tall), z, any_of(WARES, rng))


def shop(view: View, rng: np.random.Generator) -> None:
    """Shelves of wares, a rail of clothes and lamps under the ceiling."""
    wall, floor, away = any_of(PAINTS, rng, 0.05), any_of((ASPHALT, *WOODS), rng), rng.uniform(2.5, 4.5)
    seam = view.pixels(np.array([(0, 0, away)]))[0, 1]
    fade(view, 0.9 * wall, wall, (0, seam))
    fade(view, 0.8 * floor, 1.2 * floor, (seam, HEIGHT))
    board = any_of(WOODS, rng)
    for shelf in np.arange(0.25, 2.4, rng.uniform(0.38, 0.5)):
        view.box((-4, 4), (shelf, shelf + 0.36), away, 0.5 * wall)
        x = -3.0
        while x < 3.0:
            width, ware = rng.uniform(0.06, 0.26), any_of(WARES, rng)
            view.box((x, x + width), (shelf, shelf + rng.uniform(0.14, 0.33)), away, ware)
            x += width + (rng.uniform(0.1, 0.4) if rng.random() < 0.2 else 0.02)
        view.box((-4, 4), (shelf - 0.05, shelf), away, board)
    for x in np.arange(-3, 3.1, 1.0) + rng.uniform(0, 1):
        view.ball(x, 2.9, away - 1, 0.09, (255, 248, 228))
    view.blur(away)
    side, near = float(rng.choice((-1, 1))), 1.4
    for hanger in range(12):
        x = side * (0.45 + 0.1 * hanger)
        view.box((x - 0.06, x + 0.06), (rng.uniform(0.4, 0.75), 1.3), near, any_of(CLOTHS, rng, 0.15))
    view.box((min(0.4 * side, 1.9 * side), max(0.4 * side, 1.9 * side)), (1.33, 1.36), near, (60, 60, 62))
    view.blur(near)
