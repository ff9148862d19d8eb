"""Places behind a person instead of a studio: a street, a park, a room, a shop and walls, out of focus by distance."""

from collections.abc import Callable

import numpy as np

from spg_vton.render.camera import HEIGHT, WIDTH
from spg_vton.render.places.indoors import room, shop
from spg_vton.render.places.outdoors import park, street
from spg_vton.render.places.view import CAMERA_UP, Picture, View
from spg_vton.render.places.walls import masonry, planks

__all__ = ["PLACES", "paint_place"]

#: How often each place is drawn, relative to the others.
PLACES: dict[Callable[[View, np.random.Generator], None], float] = {
    street: 0.26, park: 0.24, room: 0.22, shop: 0.12, masonry: 0.09, planks: 0.07,
}  # fmt: skip


def paint_place(seed: int, ground: float) -> Picture:
    """A busy place, drawn from its own seed.

    Args:
        seed: of everything in it.
        ground: row on which the person stands, below the photo where the feet are cut off.
    """
    rng, odds = np.random.default_rng(seed), np.array(list(PLACES.values()))
    metre = max(ground - HEIGHT / 2, 1.0) / CAMERA_UP
    view = View(np.zeros((HEIGHT, WIDTH, 3), np.float32), metre)
    paint = list(PLACES)[int(rng.choice(len(odds), p=odds / odds.sum()))]
    paint(view, rng)
    lit = rng.uniform(0.85, 1.1) * (1 + 0.12 * np.linspace(-1, 1, WIDTH) * rng.choice((-1, 1)))
    return np.clip(view.picture * lit[None, :, None], 0, 252)
