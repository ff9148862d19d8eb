"""Walls close behind a person: bricks and boards."""

import numpy as np

from spg_vton.render.camera import HEIGHT
from spg_vton.render.places.colours import ASPHALT, WOODS
from spg_vton.render.places.view import View, any_of, fade

_BRICKS = ((156, 84, 64), (176, 108, 82), (198, 188, 178), (124, 96, 88))


def masonry(view: View, rng: np.random.Generator) -> None:
    """A brick wall close behind the person."""
    away, brick, mortar = rng.uniform(0.6, 1.2), any_of(_BRICKS, rng), any_of(((198, 190, 180), (150, 144, 138)), rng)
    view.picture[:] = mortar
    for row, y in enumerate(np.arange(0, 3.4, 0.083)):
        for x in np.arange(-1.6, 1.6, 0.25) + 0.125 * (row % 2):
            view.box((x, x + 0.228), (y, y + 0.064), away, brick * (1 + rng.normal(0, 0.09)))
    _floor_before(view, away, any_of((ASPHALT, (150, 146, 140)), rng))
    view.blur(away)


def planks(view: View, rng: np.random.Generator) -> None:
    """A wall of upright boards with their grain."""
    away, wood, width = rng.uniform(0.6, 1.2), any_of(WOODS, rng), rng.uniform(0.12, 0.22)
    view.picture[:] = 0.4 * wood
    for x in np.arange(-1.6, 1.6, width):
        board = wood * (1 + rng.normal(0, 0.1))
        view.box((x, x + width - 0.012), (0, 3.4), away, board)
        for _ in range(5):
            grain = x + rng.uniform(0.01, width - 0.03)
            view.box((grain, grain + 0.006), (rng.uniform(0, 1.5), rng.uniform(1.5, 3.4)), away, 0.88 * board)
    _floor_before(view, away, any_of(WOODS, rng))
    view.blur(away)


def _floor_before(view: View, away: float, colour: np.ndarray) -> None:
    seam = view.pixels(np.array([(0, 0, away)]))[0, 1]
    fade(view, 0.85 * colour, 1.1 * colour, (seam, HEIGHT))
