"""Upper garments: what there is to choose, and the choice."""

from dataclasses import dataclass

import numpy as np

from spg_vton.render.people import Colour

SLEEVES = {"none": 0.2, "short": 0.4, "half": 0.1, "long": 0.3}
NECKLINES = {"crew": 0.4, "v": 0.2, "boat": 0.15, "scoop": 0.15, "turtle": 0.1}
PATTERNS = (
    "solid", "horizontal stripes", "vertical stripes", "check", "dots", "logo", "text", "raglan", "floral", "blocks",
)  # fmt: skip
WORDS = ("LOVE", "PARIS", "NYC 84", "HELLO", "STAR", "Team 7", "OCEAN", "MILANO", "hi there", "1984", "AMOUR", "wild")
COLOURS: tuple[Colour, ...] = (
    (200, 40, 45), (30, 60, 130), (240, 240, 236), (35, 35, 40), (60, 120, 80), (235, 190, 60), (140, 180, 220),
    (230, 150, 170), (120, 70, 110), (150, 150, 155), (90, 60, 40), (240, 120, 50), (20, 130, 140), (215, 205, 180),
)  # fmt: skip

#: Least sum of the differences of red, green and blue between a garment and its pattern.
_CONTRAST = 200


@dataclass(frozen=True, slots=True)
class Garment:
    """One upper garment.

    Attributes:
        sleeve: one of ``SLEEVES``.
        neckline: one of ``NECKLINES``.
        pattern: one of ``PATTERNS``.
        colours: main colour, pattern colour, third colour.
        hem: height of the hem above the lowest possible, decimetres.
        ease: looseness, 0.08 (close) to 0.3 (wide).
        strap: canonical x of a sleeveless garment's outer strap edge, decimetres.
        word: the print of a text garment.
        motif_scale: size of the pattern relative to the usual.
        sleeve_drop: degrees by which sleeves are laid closer to the trunk in the in-shop photo.
        sides: number of sides of a logo's polygon.
        grain: seed of weave and folds.
    """

    sleeve: str
    neckline: str
    pattern: str
    colours: tuple[Colour, Colour, Colour]
    hem: float
    ease: float
    strap: float
    word: str
    motif_scale: float
    sleeve_drop: float
    sides: int
    grain: int


def _odds(choices: dict[str, float], rng: np.random.Generator) -> str:
    return str(rng.choice(list(choices), p=list(choices.values())))


def _colours(rng: np.random.Generator) -> tuple[Colour, Colour, Colour]:
    """Three colours, of which the second stands out from the first."""
    order = [COLOURS[i] for i in rng.permutation(len(COLOURS))]
    first = order.pop(0)
    second = next(colour for colour in order if np.abs(np.subtract(colour, first)).sum() > _CONTRAST)
    order.remove(second)
    return first, second, order[0]


def sample_garment(rng: np.random.Generator) -> Garment:
    """Draw a garment; the same generator state gives the same garment."""
    sleeve, neckline = _odds(SLEEVES, rng), _odds(NECKLINES, rng)
    if sleeve == "none" and neckline == "boat":  # no shoulder would be left for the strap
        neckline = "crew"
    pattern = str(rng.choice(PATTERNS))
    return Garment(
        sleeve=sleeve,
        neckline=neckline,
        pattern=pattern,
        colours=_colours(rng),
        hem=float(rng.uniform(0.15, 1.0)),
        ease=float(rng.uniform(0.08, 0.3)),
        strap=float(rng.uniform(1.3, 1.6)),
        word=str(rng.choice(WORDS)),
        motif_scale=float(rng.uniform(0.7, 1.4)),
        sleeve_drop=float(rng.uniform(15, 32) if sleeve in ("half", "long") else rng.uniform(0, 12)),
        sides=int(rng.integers(3, 7)),
        grain=int(rng.integers(2**31)),
    )
