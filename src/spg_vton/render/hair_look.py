"""The choice of a person's hair: style, colour and what varies within a style."""

from dataclasses import dataclass

import numpy as np

Colour = tuple[float, float, float]

#: From black through brown and blond to platinum, at equal steps of the colour's lightness.
_NATURAL = np.array([
    (20, 17, 17), (38, 28, 23), (62, 43, 32), (92, 65, 46), (124, 90, 62), (158, 122, 85), (190, 157, 113),
    (216, 192, 152),
], np.float64)  # fmt: skip
_RED, _GREY = np.array((134, 62, 32)), np.array((158, 156, 154))
#: How often each style is worn, relative to the others.
_FEMALE_ODDS = {
    "long_straight": 16, "long_wavy": 20, "long_curly": 9, "afro": 3, "bob": 10, "layered": 12, "pixie": 4,
    "high_bun": 4, "low_bun": 6, "ponytail": 9, "braid": 3,
}  # fmt: skip
_MALE_ODDS = {
    "crop": 22, "side_part": 22, "quiff": 18, "curly_short": 7, "buzz": 10, "layered": 3, "afro": 1,
    "receding": 5, "bald": 2,
}  # fmt: skip
#: How much more often older men and women wear these.
_OLD_ODDS = {"receding": 4.0, "bald": 3.0, "bob": 1.8, "pixie": 2.0, "quiff": 0.4}
_CURLY_BY_NATURE = ("afro", "curly_short", "long_curly", "buzz", "braid", "high_bun", "low_bun", "crop", "bald")
_FRINGED = ("long_straight", "long_wavy", "bob", "layered", "ponytail", "high_bun", "pixie")
STYLES = tuple(dict.fromkeys([*_FEMALE_ODDS, *_MALE_ODDS]))


@dataclass(frozen=True, slots=True)
class HairLook:
    """What varies within a style; shares lie in [0, 1].

    Attributes:
        parting: where hair parts, from -1 (the person's right) to 1; 0 is the middle.
        length: from the shortest to the longest of the style.
        wave: from the least to the most wavy of the style.
        volume: factor on the style's volume.
        fringe: a fringe covers the forehead.
        front_left: the share of the left side's hair that falls in front of the shoulder.
        front_right: likewise on the right.
        recession: how far the hairline has gone back.
        highlights: share of lightened strands.
        dark_roots: how much darker the roots are.
    """

    parting: float = 0.0
    length: float = 0.5
    wave: float = 0.5
    volume: float = 1.0
    fringe: bool = False
    front_left: float = 0.0
    front_right: float = 0.0
    recession: float = 0.0
    highlights: float = 0.0
    dark_roots: float = 0.0


def natural_colour(lightness: float, redness: float, greyness: float) -> Colour:
    """A hair colour from black (0) to platinum (1), turned towards red and grey."""
    at = np.clip(lightness, 0, 1) * (len(_NATURAL) - 1)
    rgb = np.array([np.interp(at, np.arange(len(_NATURAL)), channel) for channel in _NATURAL.T])
    red = _RED * (0.55 + 0.7 * lightness)
    rgb += redness * (red - rgb)
    rgb += greyness * (_GREY * (0.75 + 0.35 * lightness) - rgb)
    return float(rgb[0]), float(rgb[1]), float(rgb[2])


def sample_colour(rng: np.random.Generator, dark: float, old: float) -> Colour:
    """Darker for darker skin (``dark`` from 0 to 1); half of the older people are grey (``old`` from 0 to 1)."""
    lightness = rng.beta(1.4, 1.6) * (1 - dark**1.4) + 0.06 * dark * rng.random()
    redness = rng.uniform(0.45, 0.9) if rng.random() < 0.09 * (1 - dark) else rng.uniform(0, 0.12)
    turned = rng.random() < 1.2 * old
    greyness, blanched = (rng.uniform(0.35, 0.95), rng.uniform(0.3, 0.7)) if turned else (0.0, 0.0)
    return natural_colour(max(lightness, blanched), redness, greyness)


def sample_style(rng: np.random.Generator, female: bool, dark: float, old: float) -> str:
    """One of ``STYLES``."""
    odds = dict(_FEMALE_ODDS if female else _MALE_ODDS)
    weights = np.array([
        weight
        * (_OLD_ODDS.get(style, 1.0) if old > 0 else 1.0)
        * (1 + 2.5 * dark if style in _CURLY_BY_NATURE else 1 - 0.75 * dark)
        for style, weight in odds.items()
    ])  # fmt: skip
    return str(rng.choice(list(odds), p=weights / weights.sum()))


def sample_look(rng: np.random.Generator, style: str, female: bool) -> HairLook:
    """How the person wears the style."""
    in_front = [float(rng.uniform(0.5, 1)) if rng.random() < 0.5 else float(rng.uniform(0, 0.1)) for _ in range(2)]
    side = float(rng.choice((-1.0, 1.0)) * rng.uniform(0.45, 0.9))
    dyed = female and rng.random() < 0.35
    return HairLook(
        parting=side if style == "side_part" or rng.random() < 0.6 else float(rng.uniform(-0.15, 0.15)),
        length=float(rng.uniform()),
        wave=float(rng.uniform()),
        volume=float(rng.uniform(0.8, 1.25)),
        fringe=bool(style in _FRINGED and rng.random() < 0.15),
        front_left=in_front[0],
        front_right=in_front[1],
        recession=float(rng.uniform(0.1, 0.35) if not female else rng.uniform(0, 0.1)),
        highlights=float(rng.uniform(0.15, 0.45)) if dyed else 0.0,
        dark_roots=float(rng.uniform(0.2, 0.6)) if dyed else float(rng.uniform(0, 0.15)),
    )
