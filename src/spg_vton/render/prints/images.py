"""Pictures all over the cloth: landscapes, palms and skies."""

import numpy as np

from spg_vton.render.prints.motifs import Layer, blank_tile, draw, moved, petal, press, strewn, stroke, turned
from spg_vton.render.prints.plane import Palette, Picture, Plane, edge, mix, plain, repeating_noise

_HORIZON = 2.6  # flat height of a landscape's horizon, decimetres


def landscape_colours(u: np.ndarray, height: np.ndarray, colours: Palette, rng: np.random.Generator) -> Picture:
    """Sun, sky, ranges of hills and a foreground, at places (u, height) in decimetres, the horizon at height 0."""
    sky = np.clip(0.5 + height / 5, 0, 1)
    picture = mix(plain(colours[1], u), sky, colours[0])
    sun = (float(rng.uniform(-0.9, 0.9)), float(rng.uniform(0.7, 1.5)))
    picture = mix(picture, edge(float(rng.uniform(0.3, 0.55)) - np.hypot(u - sun[0], height - sun[1])), colours[2])
    for depth in range(4):
        ridge = (
            0.5
            - 0.55 * depth
            + sum(float(rng.uniform(0.1, 0.5)) / k * np.sin(k * 1.1 * u + rng.uniform(0, 6)) for k in (1, 2, 3, 5))
        )
        tone = colours[3] + (colours[1] - colours[3]) * (0.75 - 0.25 * depth)
        haze = np.clip((ridge - height) / 2.5, 0, 0.5)
        picture = mix(picture, edge(ridge - height), mix(plain(tone, u), haze, colours[4]))
    return picture


def landscape(plane: Plane, colours: Palette, scale: float, rng: np.random.Generator) -> Picture:
    """One view over the whole garment."""
    return landscape_colours(plane.u / scale, (plane.v - _HORIZON) / scale, colours, rng)


def _frond(number: int) -> list[Layer]:
    """A bent palm leaf with its blades."""
    t = np.linspace(0, 1, 14)
    way = np.stack([-0.9 + 1.8 * t, 0.5 * np.sin(np.pi * t) - 0.3], axis=1)
    layers: list[Layer] = []
    for k in range(1, 14):
        length = 0.62 * np.sin(np.pi * (0.12 + 0.82 * t[k])) ** 0.7
        heading = float(np.arctan2(*(way[k] - way[k - 1])[::-1]))
        layers += [(turned(petal(length, 0.06, blunt=0.1), heading + side * 0.85, *way[k]), number) for side in (-1, 1)]
    return [*layers, (stroke(way, 0.06), number)]


def _broad_leaf(number: int) -> list[Layer]:
    """A broad leaf with cuts to both sides, as a monstera's."""
    layers: list[Layer] = [(turned(petal(1.8, 0.72, blunt=-0.05), 0, -0.9), number)]
    for k in range(5):
        for side in (-1, 1):
            cut = turned(petal(0.7, 0.06), side * 1.0, -0.5 + 0.27 * k, side * 0.14)
            layers.append((cut, 0))
    return layers


def palms(plane: Plane, colours: Palette, scale: float, rng: np.random.Generator) -> Picture:
    """Palm fronds and broad leaves, those behind paler."""
    tile = blank_tile(colours[0])
    pale = np.concatenate([colours, (colours + colours[:1]) / 2])
    kinds = (_frond, _broad_leaf) if rng.random() < 0.5 else (_frond, _frond)
    for behind in (True, False):
        leaves = [
            draw(moved(kinds[k % 2](1 + k % 2 + 5 * behind), float(rng.uniform(0, 2 * np.pi))), 0.85 * scale, pale)
            for k in range(5)
        ]
        for x, y in strewn(rng, (1.1 if behind else 1.4) * scale):
            press(tile, leaves[int(rng.integers(len(leaves)))], x, y)
    return plane.repeat(tile)


def clouds(plane: Plane, colours: Palette, scale: float, rng: np.random.Generator) -> Picture:
    """Billows over a sky."""
    noise = [0.55**k * repeating_noise(rng, 1.6 * scale * 0.5**k) for k in range(4)]
    billow = plane.repeat(np.sum(noise, axis=0))
    picture = mix(plain(colours[0], plane.u), np.clip(0.4 - 0.12 * plane.v + 0.2, 0, 0.6), colours[2])
    return mix(picture, np.clip(0.9 * billow + 0.1, 0, 1), colours[1])
