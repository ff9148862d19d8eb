"""A street and a park."""

import numpy as np

from spg_vton.render.camera import HEIGHT
from spg_vton.render.places.colours import ASPHALT, CLOTHS, STONES
from spg_vton.render.places.plants import foliage
from spg_vton.render.places.view import Rgb, View, any_of, fade

_NEAREST, _FAR = -4.0, 60.0
_GLASS = (72, 84, 96)


def _sky_and_ground(view: View, ground: Rgb, rng: np.random.Generator) -> None:
    blue = rng.uniform(0, 1)
    zenith = (1 - blue) * np.array((222, 226, 230)) + blue * np.array((142, 182, 224))
    fade(view, zenith, (240, 240, 236), (0, HEIGHT / 2))
    fade(view, 0.9 * np.asarray(ground), 1.1 * np.asarray(ground), (HEIGHT / 2, HEIGHT))


def street(view: View, rng: np.random.Generator) -> None:
    """Houses on both sides, with rows of windows, lamps and the pavement."""
    _sky_and_ground(view, any_of((ASPHALT, (164, 158, 148)), rng), rng)
    half, bay = rng.uniform(1.8, 3.4), rng.uniform(1.3, 2.0)
    for side in (-1, 1):
        x, z = side * half, _FAR
        while z > _NEAREST:
            near, height, wall = (
                max(z - bay * int(rng.integers(3, 6)), _NEAREST),
                rng.uniform(6, 15),
                any_of(STONES, rng),
            )
            view.fill([(x, 0, z), (x, height, z), (x, height, near), (x, 0, near)], wall)
            for start in np.arange(near, z - bay / 2, bay):
                _windows(view, x, start + 0.25 * bay, start + 0.75 * bay, height, wall, rng)
            z = near
    for _ in range(int(rng.integers(3, 9))):  # lamps and people far away
        view.ball(rng.uniform(-2, 2), rng.uniform(1, 4), 25, rng.uniform(0.08, 0.2), (252, 232, 190))
        x = rng.uniform(-2, 2)
        view.box((x, x + 0.5), (0, 1.7), 18, any_of(CLOTHS, rng))
    view.blur(12)


def _windows(
    view: View, x: float, near: float, far: float, height: float, wall: np.ndarray, rng: np.random.Generator
) -> None:
    for floor in np.arange(0.4, height - 2, 3.0):
        top = floor + (2.2 if floor < 1 else 1.7)
        pane = any_of((_GLASS, (120, 132, 140), (216, 196, 150)), rng)
        for grow, colour in ((0.12, 1.12 * wall), (0.0, pane)):  # a frame of lighter stone around the glass
            low, high = floor - grow, top + grow
            start, end = near - grow, far + grow
            view.fill([(x, low, start), (x, low, end), (x, high, end), (x, high, start)], colour)


def park(view: View, rng: np.random.Generator) -> None:
    """Trees before the sky, grass and a path."""
    _sky_and_ground(view, any_of(((96, 122, 58), (122, 138, 70)), rng), rng)
    for z, count, high in ((40.0, 26, 6.0), (20.0, 7, 4.5)):
        for x in rng.uniform(-0.45 * z - 2, 0.45 * z + 2, count):
            tall = high * rng.uniform(0.7, 1.3)
            view.box((x - 0.2, x + 0.2), (0, tall), z, (84, 66, 52))
            foliage(view, x, tall, z, 0.45 * tall, 70, rng)
        view.blur(z)
    if rng.random() < 0.6:
        turn = rng.uniform(-2, 2)
        view.fill([(turn - 1, 0, 30), (turn + 1, 0, 30), (1.4, 0, -3), (-1.4, 0, -3)], (190, 176, 150))
    for _ in range(14):  # light between the leaves
        view.ball(rng.uniform(-7, 7), rng.uniform(2.5, 7), 18, rng.uniform(0.06, 0.22), (236, 240, 206))
    side = rng.choice((-1, 1))
    foliage(view, side * rng.uniform(1.2, 2.0), rng.uniform(0.3, 1.6), 6, 1.1, 220, rng)
    view.blur(6)
