"""Upper garments: what there is to choose, and the choice."""

from dataclasses import dataclass

import numpy as np

from spg_vton.render.palette import Colours
from spg_vton.render.prints.design import Print, sample_design

SLEEVES = {"none": 0.2, "short": 0.4, "half": 0.1, "long": 0.3}
NECKLINES = {"crew": 0.4, "v": 0.2, "boat": 0.15, "scoop": 0.15, "turtle": 0.1}


@dataclass(frozen=True, slots=True)
class Garment:
    """One upper garment.

    Attributes:
        sleeve: one of ``SLEEVES``.
        neckline: one of ``NECKLINES``.
        pattern: one of ``prints.design.PATTERNS``.
        fabric: one of ``prints.design.FABRICS``.
        colours: main colour, then the pattern's; the second contrasts with the first.
        print: what is drawn on it.
        hem: height of the hem above the lowest possible, decimetres.
        ease: looseness, 0.08 (close) to 0.3 (wide).
        strap: canonical x of a sleeveless garment's outer strap edge, decimetres.
        sleeve_drop: degrees by which sleeves are laid closer to the trunk in the in-shop photo.
        grain: seed of weave and folds.
    """

    sleeve: str
    neckline: str
    pattern: str
    fabric: str
    colours: Colours
    print: Print
    hem: float
    ease: float
    strap: float
    sleeve_drop: float
    grain: int


def _odds(choices: dict[str, float], rng: np.random.Generator) -> str:
    return str(rng.choice(list(choices), p=list(choices.values())))


def sample_garment(rng: np.random.Generator) -> Garment:
    """Draw a garment; the same generator state gives the same garment."""
    sleeve, neckline = _odds(SLEEVES, rng), _odds(NECKLINES, rng)
    if sleeve == "none" and neckline == "boat":  # no shoulder would be left for the strap
        neckline = "crew"
    design = sample_design(rng)
    return Garment(
        sleeve=sleeve,
        neckline=neckline,
        pattern=design.pattern,
        fabric=design.fabric,
        colours=design.colours,
        print=design.print,
        hem=float(rng.uniform(0.15, 1.0)),
        ease=float(rng.uniform(0.08, 0.3)),
        strap=float(rng.uniform(1.3, 1.6)),
        sleeve_drop=float(rng.uniform(15, 32) if sleeve in ("half", "long") else rng.uniform(0, 12)),
        grain=int(rng.integers(2**31)),
    )
