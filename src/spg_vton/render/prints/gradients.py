"""Colours that run into each other: melange, ombre, tie-dye and marble."""

import numpy as np

from spg_vton.render.prints.plane import (
    OVERSAMPLING,
    TILE,
    Palette,
    Picture,
    Plane,
    enlarged,
    mix,
    plain,
    repeating_noise,
)

_TOP, _BOTTOM = 5.8, 0.0  # flat heights between which an ombre runs, decimetres
_BRIGHT = 120.0  # mean of red, green and blue from which a melange's flecks are dark


def _flecks(plane: Plane, rng: np.random.Generator, length: float) -> np.ndarray:
    """Short horizontal streaks, as of spun yarn of two colours; about -1 to 1."""
    noise = repeating_noise(rng, (0.03, length)) + 0.5 * repeating_noise(rng, (0.05, 3 * length))
    return plane.repeat(noise) / 2


def melange(plane: Plane, colours: Palette, scale: float, rng: np.random.Generator) -> Picture:
    """Yarn of the main colour, spun with a lighter or darker fibre."""
    main = colours[0]
    fibre = main * 0.5 if main.mean() > _BRIGHT else 0.5 * main + 110
    share = np.clip(0.28 + float(rng.uniform(0.14, 0.34)) * _flecks(plane, rng, 0.12), 0, 1)
    return mix(plain(main, plane.u), share, fibre)


def ombre(plane: Plane, colours: Palette, scale: float, rng: np.random.Generator) -> Picture:
    """Two or three colours fading into each other from the shoulders down, on some with streaks of yarn."""
    order = [0, 1, 0] if rng.random() < 0.35 else [0, 1]
    height = np.clip((plane.v - _BOTTOM) / (_TOP - _BOTTOM), 0, 1)
    if rng.random() < 0.6:
        height = np.clip(height + 0.16 * _flecks(plane, rng, 0.3) * (4 * height * (1 - height)), 0, 1)
    stops = np.linspace(0, 1, len(order))
    softness = float(rng.uniform(0.6, 1.5))
    place = 0.5 + 0.5 * np.sign(height - 0.5) * np.abs(2 * height - 1) ** softness
    return np.stack([np.interp(place, stops, colours[order, channel]) for channel in range(3)], axis=-1).astype(
        np.float32
    )


def tie_dye(plane: Plane, colours: Palette, scale: float, rng: np.random.Generator) -> Picture:
    """Rings or a spiral of dye about one place, bled and creased."""
    u, v = plane.u - float(rng.uniform(-0.6, 0.6)), plane.v - float(rng.uniform(2.2, 4.2))
    radius, angle = np.hypot(u, v), np.arctan2(v, u)
    arms = int(rng.choice([0, 2, 4]))
    creases = plane.repeat(repeating_noise(rng, 0.25)) * 0.1 + plane.repeat(repeating_noise(rng, 1.0)) * 0.14
    turns = radius / (1.5 * scale) + arms * angle / (2 * np.pi) + creases
    strength = 0.5 + 0.5 * np.sin(2 * np.pi * turns)
    picture = mix(plain(colours[0], plane.u), np.clip(1.5 * strength - 0.25, 0, 1), colours[1])
    second = np.clip(2 * np.sin(np.pi * turns + 0.6) - 0.7, 0, 1)
    return mix(picture, second * float(rng.uniform(0.4, 0.9)), colours[2])


def marble(plane: Plane, colours: Palette, scale: float, rng: np.random.Generator) -> Picture:
    """Veins through clouds of a paler tone."""
    size = OVERSAMPLING * TILE
    clouds = enlarged(repeating_noise(rng, (1.3 * scale, 0.9 * scale)), size)
    ridges = (
        clouds
        + 0.5 * enlarged(repeating_noise(rng, 0.45 * scale), size)
        + 0.2 * enlarged(repeating_noise(rng, 0.16), size)
    )
    veins = np.exp(-np.abs(ridges) / 0.07) + 0.5 * np.exp(-np.abs(ridges - 0.9) / 0.04)
    tile = mix(plain(colours[0], ridges), 0.3 * np.clip(0.5 + 0.5 * clouds, 0, 1), colours[1])
    return plane.repeat(mix(tile, np.clip(veins, 0, 0.9), colours[2]))
