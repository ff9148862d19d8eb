"""Ornaments: geometric bands, paisley and openwork."""

from collections.abc import Callable

import numpy as np

from spg_vton.render.prints.motifs import Layer, Outline, blank_tile, disc, draw, moved, petal, press, smooth, turned
from spg_vton.render.prints.plane import REPEAT, Palette, Picture, Plane, cells, edge, plain, reduced

#: Which part of a band's cell a motif fills: x and y from -1 to 1.
Motif = Callable[[np.ndarray, np.ndarray], np.ndarray]
_MOTIFS: tuple[Motif, ...] = (
    lambda x, y: np.abs(y - (2 * np.abs(x) - 1)) < 0.34,  # zigzag
    lambda x, y: np.abs(np.abs(x) + np.abs(y) - 0.75) < 0.15,  # hollow diamonds
    lambda x, y: np.abs(x) + np.abs(y) < 0.8,  # diamonds
    lambda x, y: y < 0.9 - 2 * np.abs(x),  # triangles
    lambda x, y: x**2 + y**2 < 0.4,  # dots
    lambda x, y: np.minimum(np.abs(x + y), np.abs(x - y)) < 0.3,  # crosses
    lambda x, y: np.abs(np.maximum(np.abs(x), np.abs(y)) - 0.62) < 0.18,  # hollow squares
    lambda x, y: np.hypot(x, y) < 0.55 + 0.4 * np.cos(6 * np.arctan2(y, x)),  # flowers
    lambda x, y: np.abs(np.hypot(x, y + 1) - 1.2) < 0.25,  # scales
    lambda x, y: (np.abs(y) < 0.25) | (np.abs(x) < 0.2),  # ladder
)

_DARK, _NUDE = 110.0, (205, 165, 138)  # dark lace is lined with cloth like light skin, pale lace with a darker tone


def bands(plane: Plane, colours: Palette, scale: float, rng: np.random.Generator) -> Picture:
    """Bands of geometric ornament, each of its own height, ground and motif, parted by lines."""
    x, y = cells()
    number = np.zeros(x.shape, np.int8)
    top = 0.0
    while top < REPEAT - 0.15:
        height = min(float(rng.choice([0.18, 0.3, 0.5, 0.75])) * scale, REPEAT - top)
        motif, (ground, figure) = _MOTIFS[int(rng.integers(len(_MOTIFS)))], rng.choice(3, 2, replace=False)
        repeats = max(4, round(REPEAT / max(height * float(rng.uniform(0.7, 1.4)), 0.16)))
        rows = (y[:, 0] >= top) & (y[:, 0] < top + height)
        across = np.mod(x[rows] * repeats / REPEAT, 1) * 2 - 1
        upwards = 1 - 2 * (y[rows] - top) / height
        number[rows] = np.where(motif(across, upwards), figure, ground)
        number[rows & (y[:, 0] > top + height - 0.045)] = (figure + 1) % 3
        top += height
    return plane.repeat(reduced(colours[number]))


def _drop() -> Outline:
    """A paisley's drop with its bent tip."""
    points = [(0.5, 1.0), (0.22, 0.84), (-0.18, 0.5), (-0.52, 0.05), (-0.6, -0.42), (-0.3, -0.85), (0.16, -0.92),
              (0.54, -0.6), (0.6, -0.12), (0.4, 0.28), (0.3, 0.6)]  # fmt: skip
    return smooth(points)


def _paisley() -> list[Layer]:
    drop = _drop()
    layers: list[Layer] = [
        (drop * size, number) for size, number in ((1.0, 2), (0.86, 1), (0.66, 0), (0.56, 3), (0.34, 1))
    ]
    beads = [(disc(px * 1.16, py * 1.12, 0.06), 2) for px, py in drop[::6]]
    flower = [(turned(petal(0.22, 0.07), 2 * np.pi * k / 6, 0.0, -0.3), 2) for k in range(6)]
    return [*layers, *beads, *flower]


def paisley(plane: Plane, colours: Palette, scale: float, rng: np.random.Generator) -> Picture:
    """Bent drops in rows, alternately turned, with small flowers between."""
    tile = blank_tile(colours[0])
    columns = max(3, round(REPEAT / (1.0 * scale)))
    pitch = len(tile) / columns
    drop, flower = _paisley(), [(turned(petal(1.0, 0.3), 2 * np.pi * k / 6), 1 + k % 2) for k in range(6)]
    tilts = rng.uniform(-0.5, 0.5, 2)
    stamps = [
        draw(moved(drop, float(tilt) + np.pi * k, size=0.8), 0.62 * scale, colours) for k, tilt in enumerate(tilts)
    ]
    small = draw(flower, 0.12 * scale, colours)
    for column in range(columns):
        for row in range(columns):
            x, y = column * pitch, (row + 0.5 * (column % 2)) * pitch
            press(tile, stamps[(column + row) % 2], x, y)
            press(tile, small, x + pitch / 2, y + pitch / 4)
    return plane.repeat(tile)


def _lace_flower(rng: np.random.Generator) -> list[Layer]:
    count = int(rng.integers(5, 9))
    outer = [(turned(petal(1.0, 0.34), 2 * np.pi * k / count), 0) for k in range(count)]
    holes = [(turned(petal(0.42, 0.1), 2 * np.pi * k / count, size=1.0), 1) for k in range(count)]
    return [*outer, *holes, (disc(0, 0, 0.12), 0)]


def lace(plane: Plane, colours: Palette, scale: float, rng: np.random.Generator) -> Picture:
    """Openwork: flowers of thick thread on a net through whose holes the lining shows."""
    x, y = cells()
    mesh = round(REPEAT / 0.13)
    holes = (np.mod(x * mesh / REPEAT, 1) - 0.5) ** 2 + (np.mod(y * mesh / REPEAT, 1) - 0.5) ** 2 < 0.11
    thread = colours[0]
    lining = thread * 0.74 if thread.mean() > _DARK else 0.6 * thread + 0.4 * np.array(_NUDE, np.float32)
    tile = reduced(np.where(holes[..., None], lining, thread * 0.97))
    tones = np.stack([thread, lining])
    stamps = [draw(_lace_flower(rng), radius * scale, tones) for radius in (0.34, 0.24)]
    columns = max(4, round(REPEAT / (0.72 * scale)))
    pitch = len(tile) / columns
    for column in range(columns):
        for row in range(columns):
            press(tile, stamps[0], column * pitch, (row + 0.5 * (column % 2)) * pitch)
            press(tile, stamps[1], (column + 0.5) * pitch, (row + 0.25 + 0.5 * (column % 2)) * pitch)
    picture = plane.repeat(tile)
    scallop = edge(plane.v - 5.6 - 0.1 * np.abs(np.sin(plane.u * 5)))
    return picture + (plain(thread, picture) * 0.95 - picture) * (scallop * float(rng.random() < 0.3))[..., None]
