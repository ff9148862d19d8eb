"""Animals' coats and camouflage."""

import numpy as np

from spg_vton.render.prints.motifs import Layer, blank_tile, disc, draw, press, strewn, stroke
from spg_vton.render.prints.plane import REPEAT, Palette, Picture, Plane, cells, enlarged, reduced, repeating_noise

_COAT_REPEAT = 4.0  # decimetres


def _rosette(rng: np.random.Generator) -> list[Layer]:
    """A blotch within a broken dark ring."""
    angle = np.linspace(0, 2 * np.pi, 28, endpoint=False)
    wobble = 1 + 0.14 * np.sin(2 * angle + rng.uniform(0, 6)) + 0.1 * np.sin(3 * angle + rng.uniform(0, 6))
    inner = disc(0, 0, 0.62, float(rng.uniform(0.7, 1.0))) * wobble[:, None]
    layers: list[Layer] = [(inner, 1)]
    start, pieces = float(rng.uniform(0, 6)), int(rng.integers(2, 4))
    for piece in range(pieces):
        reach = (
            np.linspace(0.12, 2 * np.pi / pieces - float(rng.uniform(0.25, 0.6)), 10)
            + start
            + 2 * np.pi * piece / pieces
        )
        at = np.stack([np.cos(reach), np.sin(reach)], axis=1) * rng.uniform(0.66, 0.82, (10, 1))
        layers.append((stroke(at, float(rng.uniform(0.3, 0.46))), 2))
    return layers


def leopard(plane: Plane, colours: Palette, scale: float, rng: np.random.Generator) -> Picture:
    """Rosettes of three colours."""
    tile = blank_tile(colours[0], _COAT_REPEAT)
    stamps = [draw(_rosette(rng), float(rng.uniform(0.13, 0.24)) * scale, colours) for _ in range(10)]
    for x, y in strewn(rng, 0.36 * scale, _COAT_REPEAT):
        stamp = stamps[int(rng.integers(len(stamps)))]
        press(tile, stamp.turned(int(rng.integers(4)), bool(rng.integers(2))), x, y)
    return plane.repeat(tile, _COAT_REPEAT)


def zebra(plane: Plane, colours: Palette, scale: float, rng: np.random.Generator) -> Picture:
    """Wavering stripes that fork."""
    x, y = cells()
    warp = 0.55 * repeating_noise(rng, (0.7 * scale, 0.9 * scale)) + 0.12 * repeating_noise(rng, 0.3 * scale)
    turns = max(2, round(REPEAT / (0.62 * scale)))
    wave = np.sin(2 * np.pi * (y / REPEAT * turns + enlarged(warp, len(y)) * 0.8))
    stripes = wave + 0.45 * enlarged(repeating_noise(rng, 0.6 * scale), len(x)) > 0.1
    return plane.repeat(reduced(np.where(stripes[..., None], colours[1], colours[0])))


def camouflage(plane: Plane, colours: Palette, scale: float, rng: np.random.Generator) -> Picture:
    """Blotches of four colours, one over the other."""
    pixels = len(cells()[0])
    drawn = np.broadcast_to(colours[0], (pixels, pixels, 3)).astype(np.float32)
    for number, least in ((1, 0.1), (2, 0.55), (3, 1.0)):
        noise = repeating_noise(rng, (0.55 * scale, 0.8 * scale)) + 0.35 * repeating_noise(rng, 0.3 * scale)
        drawn = np.where(enlarged(noise, pixels)[..., None] > least, colours[number], drawn)
    return plane.repeat(reduced(drawn))
