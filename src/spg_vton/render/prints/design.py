"""A garment's design: its pattern, its fabric and its print, and how they are chosen."""

from dataclasses import dataclass

import numpy as np

from spg_vton.render.palette import Colours
from spg_vton.render.prints.colourways import colours_for
from spg_vton.render.prints.emblems import EMBLEMS
from spg_vton.render.prints.lettering import FACES
from spg_vton.render.prints.words import sample_words

#: Patterns by how often garments carry them.
PATTERNS: dict[str, float] = {
    "solid": 32, "melange": 8,
    "breton": 6, "block stripes": 3, "multi stripes": 2.5, "uneven stripes": 2, "diagonal stripes": 1,
    "pinstripes": 1.5,
    "gingham": 1.5, "tartan": 2.5, "windowpane": 1, "buffalo": 1.5,
    "polka dots": 2, "pin dots": 1.5, "scattered dots": 1,
    "ditsy": 3, "bouquets": 3.5, "bands": 2, "paisley": 1.2, "leopard": 1.5, "zebra": 0.8, "camouflage": 1,
    "ombre": 2, "tie-dye": 1.2, "blocks": 2, "raglan": 3, "yoke": 1.5, "lace": 2,
    "landscape": 0.8, "palms": 1.2, "clouds": 0.5, "marble": 0.8,
    "text": 8, "emblem": 5, "small logo": 3.5, "framed picture": 2,
}  # fmt: skip
#: Fabrics by how often a garment of one colour is made of them.
FABRICS: dict[str, float] = {
    "jersey": 48, "rib": 9, "cable": 5, "chunky": 5, "fine knit": 7, "denim": 4, "linen": 6, "satin": 7,
    "fleece": 4, "mesh": 5,
}  # fmt: skip
#: Arrangements and effects of lettering.
ARRANGEMENTS: dict[str, float] = {"lines": 0.55, "arc": 0.2, "college": 0.25}
EFFECTS: dict[str, float] = {"plain": 0.44, "outline": 0.15, "shadow": 0.15, "distress": 0.17, "striped": 0.09}
_WOVEN_PATTERNS = ("gingham", "tartan", "windowpane", "buffalo", "pinstripes", "bouquets", "paisley", "lace", "bands")
_WOVENS: dict[str, float] = {"jersey": 0.45, "linen": 0.3, "satin": 0.25}
_PATTERNED: dict[str, float] = {"jersey": 0.86, "fine knit": 0.06, "rib": 0.02, "linen": 0.03, "mesh": 0.03}
_KNITTED_PATTERNS = ("breton", "block stripes", "multi stripes", "melange", "blocks")
_KNITTED: dict[str, float] = {"jersey": 0.6, "fine knit": 0.2, "rib": 0.1, "chunky": 0.1}
_BACK_PRINTS = 0.12  # share of chest prints that come with a large one on the back


@dataclass(frozen=True, slots=True)
class Print:
    """What is drawn on a garment beside its pattern's name and colours.

    Attributes:
        scale: size of the pattern's motif relative to the usual.
        words: lines of a lettering, from the top.
        face: one of ``lettering.FACES``.
        arrangement: one of ``ARRANGEMENTS``.
        effect: one of ``EFFECTS``.
        emblem: one of ``emblems.EMBLEMS``.
        on_back: the back carries the print too, larger.
        seed: of everything that both panels share, such as widths of stripes.
    """

    scale: float
    words: tuple[str, ...]
    face: str
    arrangement: str
    effect: str
    emblem: str
    on_back: bool
    seed: int


@dataclass(frozen=True, slots=True)
class Design:
    """Pattern (one of ``PATTERNS``), fabric (one of ``FABRICS``), colours and print of a garment."""

    pattern: str
    fabric: str
    colours: Colours
    print: Print


def pick(choices: dict[str, float], rng: np.random.Generator) -> str:
    """One of the choices, by its odds."""
    odds = np.array(list(choices.values()), np.float64)
    return str(rng.choice(list(choices), p=odds / odds.sum()))


def _fabric(pattern: str, rng: np.random.Generator) -> str:
    if pattern == "solid":
        return pick(FABRICS, rng)
    if pattern in _WOVEN_PATTERNS:
        return pick(_WOVENS, rng)
    return pick(_KNITTED if pattern in _KNITTED_PATTERNS else _PATTERNED, rng)


def sample_print(rng: np.random.Generator) -> Print:
    """Draw a print."""
    return Print(
        scale=float(np.exp(rng.uniform(-0.35, 0.35))),
        words=sample_words(rng),
        face=str(rng.choice(list(FACES))),
        arrangement=pick(ARRANGEMENTS, rng),
        effect=pick(EFFECTS, rng),
        emblem=str(rng.choice(list(EMBLEMS))),
        on_back=bool(rng.random() < _BACK_PRINTS),
        seed=int(rng.integers(2**31)),
    )


#: Patterns that stand on the chest alone.
CHEST_PRINTS = ("text", "emblem", "small logo", "framed picture")


def sample_design(rng: np.random.Generator, on_chest: bool = True) -> Design:
    """Draw a design, without ``CHEST_PRINTS`` unless ``on_chest``; the same generator state gives the same design."""
    pattern = pick({name: odds for name, odds in PATTERNS.items() if on_chest or name not in CHEST_PRINTS}, rng)
    fabric = _fabric(pattern, rng)
    return Design(pattern, fabric, colours_for(pattern, fabric, rng), sample_print(rng))
