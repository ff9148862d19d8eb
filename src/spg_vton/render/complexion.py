"""Complexion: the colour of skin, from a continuous scale of lightness and an undertone."""

import numpy as np

from spg_vton.render.builds import RACES

Colour = tuple[float, float, float]

#: Skin in full light, evenly spaced from the lightest (0) to the darkest (1); lit parts of MPV's samples lie between
#: (255, 217, 195) and (174, 119, 101).
_SCALE = np.array([
    (254, 217, 190), (251, 205, 173), (243, 188, 152), (227, 164, 127), (197, 133, 100), (153, 100, 73), (110, 71, 53),
])  # fmt: skip
#: Mean and standard deviation of the place on the scale, by race.
_DARKNESS = {"african": (0.74, 0.12), "asian": (0.25, 0.1), "caucasian": (0.14, 0.1)}
_UNDERTONE = np.array([0.012, -0.006, -0.035])  # change of red, green and blue from neutral to golden
_ROSINESS = np.array([0.015, -0.02, -0.01])


def sample_darkness(rng: np.random.Generator, races: np.ndarray) -> float:
    """Place on the scale, 0 lightest to 1 darkest, of somebody with these shares of ``builds.RACES``."""
    means, deviations = np.array([_DARKNESS[race] for race in RACES]).T
    return float(np.clip(races @ means + rng.normal(0, races @ deviations), 0, 1))


def sample_skin(rng: np.random.Generator, darkness: float) -> Colour:
    """Skin of a darkness with a random undertone."""
    place = darkness * (len(_SCALE) - 1)
    colour = np.array([np.interp(place, np.arange(len(_SCALE)), channel) for channel in _SCALE.T])
    colour *= 1 + rng.normal(0, 0.6) * _UNDERTONE + rng.normal(0, 0.5) * _ROSINESS
    red, green, blue = np.clip(colour, 0, 254)
    return float(red), float(green), float(blue)


def skin_tone(skin: Colour) -> str:
    """Light, medium or dark, by thirds of the range between the darkest and the lightest skin."""
    darkest, lightest = float(_SCALE[-1].mean()), float(_SCALE[0].mean())
    third = int(3 * (float(np.mean(skin)) - darkest) / (lightest - darkest))
    return ("dark", "medium", "light")[min(max(third, 0), 2)]
