"""Crowns of trees, bushes and house plants."""

import numpy as np

from spg_vton.render.places.colours import LEAVES
from spg_vton.render.places.view import View, any_of


def foliage(view: View, x: float, y: float, z: float, radius: float, count: int, rng: np.random.Generator) -> None:
    """A crown or a bush: leaves in clumps, lit from above."""
    for _ in range(count):
        across, up = rng.normal(0, 0.45, 2).clip(-1, 1)
        colour = any_of(LEAVES, rng) * (1 + 0.3 * up)
        view.ball(x + radius * across, y + 0.8 * radius * up, z, radius * rng.uniform(0.07, 0.17), colour)
