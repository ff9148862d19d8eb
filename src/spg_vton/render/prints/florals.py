"""Flowers: several kinds with their leaves, small and strewn or large and bunched."""

import numpy as np

from spg_vton.render.prints.motifs import (
    Layer,
    Outline,
    Stamp,
    blank_tile,
    disc,
    draw,
    moved,
    petal,
    press,
    strewn,
    stroke,
    turned,
)  # fmt: skip
from spg_vton.render.prints.plane import REPEAT, Palette, Picture, Plane

#: Numbers of the tones that ``_tones`` makes of five colours.
_GROUND, _BLOOM, _SECOND, _HEART, _LEAF = range(5)
_LIGHT, _DARK = 5, 10  # offsets of the lighter and the darker tone of a colour
_DITSY_REPEAT = 3.0  # small motifs repeat sooner, decimetres
_BLOOMS = (_BLOOM, _SECOND)


def _tones(colours: Palette) -> Palette:
    """The colours, then each of them lighter, then each darker."""
    return np.concatenate([colours, colours + 0.38 * (255 - colours), colours * 0.68]).astype(np.float32)


def _wreath(count: int, outline: Outline, number: int, turn: float = 0.0, size: float = 1.0) -> list[Layer]:
    return [(turned(outline, turn + 2 * np.pi * k / count, size=size), number) for k in range(count)]


def _daisy(tone: int, rng: np.random.Generator) -> list[Layer]:
    count = int(rng.integers(9, 14))
    under = _wreath(count, petal(0.95, 0.15), tone + _DARK, np.pi / count)
    return [
        *under,
        *_wreath(count, petal(1.0, 0.17), tone),
        (disc(0, 0, 0.26), _HEART),
        (disc(-0.04, 0.04, 0.14), _HEART + _LIGHT),
    ]


def _blossom(tone: int, rng: np.random.Generator) -> list[Layer]:
    shape = petal(1.0, 0.42, notch=0.16, blunt=0.9)
    inner = _wreath(5, petal(0.6, 0.14), tone + _LIGHT)
    stamens = [(disc(0.34 * np.cos(a), 0.34 * np.sin(a), 0.05), _HEART) for a in rng.uniform(0, 2 * np.pi, 7)]
    return [
        *_wreath(5, shape, tone + _DARK, size=1.04),
        *_wreath(5, shape, tone),
        *inner,
        *stamens,
        (disc(0, 0, 0.13), _HEART),
    ]


def _rose(tone: int, rng: np.random.Generator) -> list[Layer]:
    """Rings of petals from the outside in, each ring turned, the tones taking turns."""
    layers: list[Layer] = []
    for ring, size in enumerate((1.0, 0.8, 0.6, 0.42, 0.25)):
        turn, count = float(rng.uniform(0, 2)), 6 - ring // 2
        shade = (tone + _DARK, tone, tone + _LIGHT, tone, tone + _DARK)[ring]
        layers += _wreath(count, petal(0.98, 0.52, blunt=1.2), tone + _DARK, turn, size)
        layers += _wreath(count, petal(0.9, 0.46, blunt=1.2), shade, turn, size)
    return layers


def _poppy(tone: int, rng: np.random.Generator) -> list[Layer]:
    shape = petal(1.0, 0.72, blunt=1.1)
    stamens = [(disc(0.3 * np.cos(a), 0.3 * np.sin(a), 0.045), _HEART) for a in np.arange(9) * 2 * np.pi / 9]
    return [
        *_wreath(2, shape, tone + _DARK, np.pi / 2), *_wreath(2, turned(shape, 0, size=0.93), tone, np.pi / 2),
        *_wreath(2, shape, tone), *_wreath(2, turned(petal(0.7, 0.3), 0), tone + _LIGHT),
        (disc(0, 0, 0.24), _GROUND + _DARK), *stamens, (disc(0, 0, 0.1), _LEAF),
    ]  # fmt: skip


def _tulip(tone: int, rng: np.random.Generator) -> list[Layer]:
    stem = stroke(np.stack([0.08 * np.sin(np.linspace(0, 3, 9)), np.linspace(0.1, -1, 9)], axis=1), 0.09)
    up = np.pi / 2
    leaves = [
        (turned(petal(0.85, 0.12), up + side * 0.45, 0, -0.95), _LEAF + shade) for side, shade in ((-1, 0), (1, _DARK))
    ]
    cup = [(turned(petal(0.9, 0.2), up + side * 0.32, 0, 0.05), tone + _DARK) for side in (-1, 1)]
    return [
        (stem, _LEAF),
        *leaves,
        *cup,
        (turned(petal(0.88, 0.26), up, 0, 0.05), tone),
        (turned(petal(0.6, 0.1), up, 0, 0.1), tone + _LIGHT),
    ]


def _sprig(tone: int, rng: np.random.Generator) -> list[Layer]:
    """A bent stem with pairs of leaves, or with berries."""
    t = np.linspace(-1, 1, 12)
    bend = float(rng.uniform(-0.35, 0.35))
    way = np.stack([t, bend * (1 - t**2)], axis=1)
    layers: list[Layer] = [(stroke(way, 0.07), _LEAF + _DARK)]
    berries = bool(rng.random() < 0.35)
    for place in np.linspace(-0.6, 0.95, 5):
        at = (float(place), bend * (1 - float(place) ** 2))
        for side in (-1, 1):
            if berries:
                layers.append((disc(at[0] + 0.12, at[1] + side * 0.22, 0.13), tone))
            else:
                layers.append(
                    (turned(petal(0.5, 0.13, blunt=0.2), side * 0.8, *at), _LEAF + (0 if side > 0 else _DARK))
                )
    return layers


_KINDS = (_daisy, _blossom, _rose, _poppy, _tulip)


def _leafy(flower: list[Layer], rng: np.random.Generator) -> list[Layer]:
    """A flower with leaves behind it."""
    leaves: list[Layer] = []
    for angle in rng.uniform(0, 2 * np.pi, int(rng.integers(2, 5))):
        leaf = turned(petal(1.0, 0.24, blunt=0.15), angle, 0.55 * np.cos(angle), 0.55 * np.sin(angle), 0.62)
        vein = turned(
            stroke(np.array([[0.1, 0.0], [0.5, 0.0], [0.9, 0.0]]), 0.05),
            angle,
            0.55 * np.cos(angle),
            0.55 * np.sin(angle),
            0.6,
        )
        leaves += [(leaf, _LEAF), (vein, _LEAF + _LIGHT)]
    return leaves + moved(flower, float(rng.uniform(0, 2 * np.pi)), size=0.68)


def _stamps(
    kinds: list[int], radius: float, tones: Palette, rng: np.random.Generator, leaves: bool = True
) -> list[Stamp]:
    stamps = []
    for number, kind in enumerate(kinds):
        flower = _KINDS[kind](_BLOOMS[number % len(_BLOOMS)], rng)
        upright = kind == _KINDS.index(_tulip)
        layers = flower if upright or not leaves else _leafy(flower, rng)
        stamps.append(draw(layers, radius * float(rng.uniform(0.8, 1.15)), tones))
    return stamps


def _strew(tile: Picture, stamps: list[Stamp], spacing: float, rng: np.random.Generator, size: float = REPEAT) -> None:
    for x, y in strewn(rng, spacing, size):
        stamp = stamps[int(rng.integers(len(stamps)))]
        press(tile, stamp.turned(int(rng.integers(4)), bool(rng.integers(2))), x, y)


def ditsy(plane: Plane, colours: Palette, scale: float, rng: np.random.Generator) -> Picture:
    """Small flowers of one or two kinds, evenly strewn, with sprigs between."""
    tones, tile = _tones(colours), blank_tile(colours[_GROUND], _DITSY_REPEAT)
    kinds = [int(kind) for kind in rng.choice(len(_KINDS) - 1, 2, replace=False)]
    sprigs = [draw(_sprig(_SECOND, rng), 0.16 * scale, tones) for _ in range(2)]
    _strew(tile, sprigs, 0.42 * scale, rng, _DITSY_REPEAT)
    _strew(tile, _stamps(kinds * 2, 0.26 * scale, tones, rng), 0.55 * scale, rng, _DITSY_REPEAT)
    return plane.repeat(tile, _DITSY_REPEAT)


def bouquets(plane: Plane, colours: Palette, scale: float, rng: np.random.Generator) -> Picture:
    """Large flowers over sprigs and small flowers, loosely or densely set."""
    tones, tile = _tones(colours), blank_tile(colours[_GROUND])
    kinds = [int(kind) for kind in rng.choice(len(_KINDS), 3, replace=False)]
    radius, dense = float(rng.uniform(0.55, 0.8)) * scale, float(rng.uniform(0.85, 1.25))
    _strew(tile, [draw(_sprig(_BLOOM, rng), 0.45 * scale, tones) for _ in range(4)], 0.62 * dense * scale, rng)
    _strew(tile, _stamps(kinds[:2], 0.24 * scale, tones, rng, leaves=False), 0.8 * dense * scale, rng)
    _strew(tile, _stamps(kinds * 2, radius, tones, rng), 1.45 * dense * radius, rng)
    return plane.repeat(tile)
