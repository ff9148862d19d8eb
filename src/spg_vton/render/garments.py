"""Upper garments: what there is to choose, and the choice."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from spg_vton.render.palette import Colours
from spg_vton.render.prints.design import CHEST_PRINTS, Print, pick, sample_design

Odds = Mapping[str, float]

SLEEVES: Odds = {"none": 0.2, "cap": 0.05, "short": 0.33, "half": 0.1, "long": 0.32}
SLEEVE_SHAPES: Odds = {"slim": 0.4, "regular": 0.35, "wide": 0.11, "bell": 0.07, "puff": 0.07}
NECKLINES: Odds = {
    "crew": 0.36, "v": 0.18, "scoop": 0.15, "boat": 0.11, "square": 0.05, "turtle": 0.06, "mock": 0.04, "halter": 0.02,
    "off-shoulder": 0.03,
}  # fmt: skip
FITS: Odds = {"close": 0.34, "regular": 0.36, "boxy": 0.13, "flared": 0.12, "peplum": 0.05}
HEMS: Odds = {"straight": 0.55, "curved": 0.2, "slit": 0.08, "banded": 0.17}
#: What closes the front, and the collar: both need a plain neckline.
STYLES: Odds = {
    "plain": 0.68, "shirt": 0.1, "polo": 0.05, "henley": 0.03, "cardigan": 0.05, "zip": 0.03, "hoodie": 0.06,
}  # fmt: skip
#: Styles whose front opens, so that no print stands on the chest.
_OPENING = ("shirt", "polo", "henley", "cardigan", "zip")
POCKETS: Odds = {"none": 0.85, "chest": 0.15}
KINDS: Odds = {"top": 0.9, "dress": 0.085, "jumpsuit": 0.015}
#: Fits that are worn outside the waistband.
_HANG_OUT = ("flared", "peplum")
#: Canonical heights of the hem, decimetres: lowest and highest of each length.
LENGTHS: Mapping[str, tuple[float, float]] = {
    "crop": (1.6, 2.3), "hip": (-0.1, 0.8), "long": (-0.8, -0.2), "tunic": (-1.8, -1.1),
    "mini": (-2.6, -1.8), "knee": (-3.7, -2.8), "midi": (-5.2, -4.2), "maxi": (-6.6, -6.0),
}  # fmt: skip
TOP_LENGTHS: Odds = {"crop": 0.06, "hip": 0.66, "long": 0.24, "tunic": 0.04}
DRESS_LENGTHS: Odds = {"mini": 0.35, "knee": 0.4, "midi": 0.15, "maxi": 0.1}
#: What is only drawn for women.
WOMENS = frozenset({
    "dress", "jumpsuit", "flared", "peplum", "cap", "bell", "puff", "wide", "square", "halter", "off-shoulder", "crop",
    "tunic",
})  # fmt: skip
#: Ends of a jumpsuit's legs, canonical heights: shorts and trousers.
_LEG_ENDS = (-2.1, -6.4)


@dataclass(frozen=True, slots=True)
class Garment:
    """One upper garment.

    Attributes:
        kind: one of ``KINDS``; dresses and jumpsuits are worn instead of the lower clothes too.
        fit: one of ``FITS``.
        sleeve: one of ``SLEEVES``.
        sleeve_shape: one of ``SLEEVE_SHAPES``.
        neckline: one of ``NECKLINES``.
        style: one of ``STYLES``.
        pattern: one of ``prints.design.PATTERNS``.
        fabric: one of ``prints.design.FABRICS``.
        colours: main colour, then the pattern's; the second contrasts with the first.
        print: what is drawn on it.
        length: one of ``LENGTHS``, or "legs" of a jumpsuit.
        hem: canonical height of the hem, decimetres.
        hem_shape: one of ``HEMS``.
        ease: looseness relative to the usual of its fit, 0.8 to 1.25.
        strap: canonical x of a sleeveless garment's outer strap edge, decimetres.
        pocket: one of ``POCKETS``.
        ribbed: neck, cuffs and a banded hem are ribbed.
        spread: degrees between hanging sleeves and the vertical in the in-shop photo.
        grain: seed of weave and folds.
    """

    kind: str
    fit: str
    sleeve: str
    sleeve_shape: str
    neckline: str
    style: str
    pattern: str
    fabric: str
    colours: Colours
    print: Print
    length: str
    hem: float
    hem_shape: str
    ease: float
    strap: float
    pocket: str
    ribbed: bool
    spread: float
    grain: int

    @property
    def legs(self) -> bool:
        """Whether it has trouser legs."""
        return self.kind == "jumpsuit"

    @property
    def tucks(self) -> bool:
        """Whether it can be worn inside a waistband."""
        return self.length == "hip" and self.fit not in _HANG_OUT

    @property
    def whole(self) -> bool:
        """Whether it is worn instead of the lower clothes too."""
        return self.kind != "top"


def _pick(choices: Odds, rng: np.random.Generator, without: frozenset[str] = frozenset()) -> str:
    return pick({name: odds for name, odds in choices.items() if name not in without}, rng)


def _length(kind: str, fit: str, rng: np.random.Generator, without: frozenset[str]) -> tuple[str, float]:
    """Name and height of the hem."""
    if kind == "jumpsuit":
        return "legs", _LEG_ENDS[int(rng.random() < 0.7)]
    length = _pick(TOP_LENGTHS if kind == "top" else DRESS_LENGTHS, rng, without)
    if kind == "top" and fit == "peplum":
        length = "hip"
    return length, float(rng.uniform(*LENGTHS[length]))


def _matched(choice: dict[str, str]) -> dict[str, str]:
    """A choice of parts without those that do not go together."""
    made = dict(choice)
    if made["kind"] == "jumpsuit" and made["fit"] in ("flared", "peplum"):
        made["fit"] = "regular"
    if made["style"] != "plain":
        made["neckline"] = "v" if made["style"] == "cardigan" else "crew"
        if made["fit"] == "peplum":
            made["fit"] = "regular"
        if made["style"] in ("cardigan", "hoodie", "zip"):
            made["sleeve"] = "long"
        elif made["sleeve"] in ("none", "cap"):
            made["sleeve"] = "short"
        if made["style"] == "hoodie":
            made["hem_shape"] = "banded"
    match made["neckline"], made["sleeve"]:
        case "halter", _:
            made["sleeve"] = "none"
        case "boat", "none":  # no shoulder would be left for the strap
            made["neckline"] = "crew"
        case "off-shoulder", "none" | "cap":
            made["sleeve"] = "short"
    if made["sleeve"] in ("none", "cap"):
        made["sleeve_shape"] = "slim"
    elif made["sleeve_shape"] == "bell" and made["sleeve"] != "long":
        made["sleeve_shape"] = "wide"
    if made["kind"] != "top" or (made["hem_shape"] == "banded" and made["fit"] in ("flared", "peplum")):
        made["hem_shape"] = "straight"
    return made


def sample_garment(rng: np.random.Generator, female: bool = True) -> Garment:
    """Draw a garment; the same generator state gives the same garment."""
    without = frozenset() if female else WOMENS
    odds = {
        "kind": KINDS, "fit": FITS, "sleeve": SLEEVES, "sleeve_shape": SLEEVE_SHAPES, "neckline": NECKLINES,
        "style": STYLES, "hem_shape": HEMS, "pocket": POCKETS,
    }  # fmt: skip
    parts = _matched({part: _pick(choices, rng, without) for part, choices in odds.items()})
    length, hem = _length(parts["kind"], parts["fit"], rng, without)
    design = sample_design(rng, on_chest=parts["style"] not in _OPENING)
    if design.pattern in CHEST_PRINTS:  # it would lie under the print
        parts["pocket"] = "none"
    return Garment(
        **parts,
        pattern=design.pattern,
        fabric=design.fabric,
        colours=design.colours,
        print=design.print,
        length=length,
        hem=hem,
        ease=float(rng.uniform(0.8, 1.25)),
        strap=float(rng.uniform(1.02, 1.16) if rng.random() < 0.3 and female else rng.uniform(1.3, 1.62)),
        ribbed=bool(rng.random() < 0.6),
        spread=float(rng.uniform(4, 10) if parts["sleeve"] in ("half", "long") else rng.uniform(18, 30)),
        grain=int(rng.integers(2**31)),
    )
