"""What a person wears below the waist: cut, cloth and colours of trousers, shorts or skirt, shoes and socks."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

Rgb = tuple[float, float, float]

DENIMS: tuple[Rgb, ...] = (
    (38, 48, 78), (58, 78, 118), (92, 118, 160), (140, 165, 198), (34, 35, 40), (78, 80, 86), (228, 228, 226),
)  # fmt: skip
COTTONS: tuple[Rgb, ...] = (
    (196, 178, 146), (150, 132, 104), (92, 94, 72), (44, 50, 68), (34, 34, 37), (120, 118, 116), (232, 228, 220),
    (112, 74, 58), (146, 76, 66),
)  # fmt: skip
SUITINGS: tuple[Rgb, ...] = ((32, 32, 36), (40, 46, 64), (92, 92, 98), (150, 142, 132), (70, 60, 54), (214, 206, 192))
STRETCH: tuple[Rgb, ...] = ((26, 26, 29), (26, 26, 29), (52, 54, 62), (60, 34, 48), (40, 50, 72))
BRIGHTS: tuple[Rgb, ...] = (
    (30, 30, 34), (150, 40, 52), (34, 60, 104), (214, 196, 160), (226, 160, 168), (44, 96, 84), (236, 234, 228),
    (120, 86, 60), (110, 112, 118),
)  # fmt: skip
LEATHERS: tuple[Rgb, ...] = ((28, 27, 28), (28, 27, 28), (92, 56, 38), (110, 34, 40))
SHOES: tuple[Rgb, ...] = (
    (30, 29, 30), (30, 29, 30), (238, 237, 234), (128, 84, 52), (186, 150, 112), (150, 40, 48), (214, 196, 180),
    (70, 74, 90),
)  # fmt: skip
SOCKS: tuple[Rgb, ...] = ((242, 242, 240), (242, 242, 240), (34, 34, 38), (120, 120, 124), (60, 76, 110), (150, 60, 62))
_BELTS: tuple[Rgb, ...] = ((40, 30, 26), (96, 60, 38), (28, 28, 30), (150, 104, 66))


@dataclass(frozen=True, slots=True)
class Cut:
    """How trousers, shorts or a skirt are cut.

    Attributes:
        name: as shops call it.
        kind: pants, shorts or skirt.
        hem: lowest and highest hem, 0 at the ground and 1 at the crotch.
        ease: decimetres between the cloth and the thigh, the knee and the hem (a skirt: hip and hem flare).
        fabrics: names of cloths it comes in.
        pockets: whether hands go into its pockets.
        waist: ``jeans``, ``tailored``, ``elastic`` or ``plain``.
        odds: how often women and men wear it.
    """

    name: str
    kind: str
    hem: tuple[float, float]
    ease: tuple[float, float, float]
    fabrics: tuple[str, ...]
    pockets: bool
    waist: str
    odds: tuple[float, float]


CUTS: tuple[Cut, ...] = (
    Cut("skinny jeans", "pants", (0.11, 0.135), (0.06, 0.07, 0.08), ("denim",), True, "jeans", (5.0, 2.5)),
    Cut("straight jeans", "pants", (0.075, 0.1), (0.1, 0.22, 0.32), ("denim",), True, "jeans", (2.2, 4.0)),
    Cut("wide jeans", "pants", (0.05, 0.09), (0.16, 0.48, 0.75), ("denim",), True, "jeans", (1.0, 0.5)),
    Cut("cropped jeans", "pants", (0.19, 0.27), (0.09, 0.14, 0.24), ("denim",), True, "jeans", (1.4, 0.5)),
    Cut("ripped jeans", "pants", (0.11, 0.17), (0.08, 0.1, 0.12), ("denim",), True, "jeans", (1.2, 0.7)),
    Cut("chinos", "pants", (0.095, 0.14), (0.11, 0.17, 0.18), ("cotton",), True, "tailored", (1.0, 3.0)),
    Cut("leggings", "pants", (0.115, 0.16), (0.03, 0.03, 0.03), ("stretch",), False, "elastic", (1.8, 0.0)),
    Cut("tailored trousers", "pants", (0.07, 0.15), (0.13, 0.22, 0.24), ("suiting",), True, "tailored", (1.8, 1.4)),
    Cut("joggers", "pants", (0.11, 0.14), (0.16, 0.24, 0.12), ("jersey",), True, "elastic", (0.6, 1.0)),
    Cut("denim shorts", "shorts", (0.78, 0.9), (0.14, 0.2, 0.22), ("denim",), True, "jeans", (1.4, 0.6)),
    Cut("tailored shorts", "shorts", (0.6, 0.8), (0.18, 0.26, 0.3), ("cotton",), True, "tailored", (0.7, 1.5)),
    Cut("sport shorts", "shorts", (0.66, 0.86), (0.22, 0.32, 0.36), ("jersey",), True, "elastic", (0.3, 0.7)),
    Cut("pencil skirt", "skirt", (0.52, 0.64), (0.07, 0.0, 0.0), ("suiting", "bright"), False, "plain", (1.2, 0.0)),
    Cut("leather skirt", "skirt", (0.58, 0.8), (0.08, 0.0, 0.05), ("leather",), False, "plain", (0.7, 0.0)),
    Cut("denim skirt", "skirt", (0.66, 0.82), (0.1, 0.0, 0.25), ("denim",), True, "jeans", (0.6, 0.0)),
    Cut("A-line skirt", "skirt", (0.54, 0.78), (0.1, 0.0, 1.0), ("bright", "suiting"), False, "plain", (1.1, 0.0)),
    Cut("pleated skirt", "skirt", (0.3, 0.78), (0.12, 0.0, 0.9), ("bright", "suiting"), False, "plain", (0.9, 0.0)),
    Cut("mini skirt", "skirt", (0.76, 0.86), (0.09, 0.0, 0.35), ("bright", "cotton"), False, "plain", (0.7, 0.0)),
    Cut("maxi skirt", "skirt", (0.1, 0.24), (0.12, 0.0, 1.3), ("bright",), False, "plain", (0.5, 0.0)),
)  # fmt: skip
_COLOURS: Mapping[str, tuple[Rgb, ...]] = {
    "denim": DENIMS,
    "cotton": COTTONS,
    "suiting": SUITINGS,
    "stretch": STRETCH,
    "jersey": STRETCH + SUITINGS,
    "bright": BRIGHTS,
    "leather": LEATHERS,
}  # fmt: skip
#: Patterns that each cloth may have; plain is drawn most often.
_PATTERNS: Mapping[str, tuple[str, ...]] = {
    "suiting": ("pinstripe", "check"),
    "bright": ("dots", "check", "stripes"),
    "cotton": ("check",),
    "jersey": ("side stripe",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shoe:
    """Shoes.

    Attributes:
        style: one of ``SHOE_STYLES``.
        colour: of the upper.
        heel: decimetres by which the heel is raised.
    """

    style: str
    colour: Rgb
    heel: float


#: Odds of each style for women and men, and the heel's lowest and highest height in decimetres.
SHOE_STYLES: Mapping[str, tuple[tuple[float, float], tuple[float, float]]] = {
    "sneaker": ((3.0, 4.5), (0.0, 0.0)),
    "ankle boot": ((1.5, 1.3), (0.12, 0.45)),
    "boot": ((0.7, 0.2), (0.12, 0.4)),
    "pump": ((2.0, 0.0), (0.5, 0.85)),
    "ballerina": ((1.0, 0.0), (0.0, 0.0)),
    "loafer": ((0.8, 2.0), (0.0, 0.0)),
    "sandal": ((0.8, 0.2), (0.0, 0.0)),
}  # fmt: skip
_WITH_SOCKS = ("sneaker", "ankle boot", "boot", "loafer")


@dataclass(frozen=True, slots=True)
class LowerLook:
    """Everything worn below the waist.

    Attributes:
        cut: of trousers, shorts or skirt.
        fabric: one of the cut's.
        colour: of the cloth.
        second: of its pattern.
        pattern: plain, pinstripe, check, dots, stripes or side stripe.
        hem: 0 at the ground, 1 at the crotch.
        cuff: whether the hem is turned up.
        belt: colour of a belt, None without one.
        shoe: the shoes.
        socks: colour of socks, None without them.
        sock_height: decimetres from the ankle to their upper edge.
        seed: of tears and of where folds fall.
    """

    cut: Cut
    fabric: str
    colour: Rgb
    second: Rgb
    pattern: str
    hem: float
    cuff: bool
    belt: Rgb | None
    shoe: Shoe
    socks: Rgb | None
    sock_height: float
    seed: int


def _pick(rng: np.random.Generator, colours: tuple[Rgb, ...]) -> Rgb:
    return colours[int(rng.integers(len(colours)))]


def _dyed(rng: np.random.Generator, colour: Rgb) -> Rgb:
    """A slightly different dye."""
    r, g, b = np.clip(np.array(colour) * (1 + rng.normal(0, 0.04) + rng.normal(0, 0.02, 3)), 12, 246)
    return float(r), float(g), float(b)


def _sample_shoe(rng: np.random.Generator, female: bool) -> Shoe:
    odds = np.array([shares[0 if female else 1] for shares, _ in SHOE_STYLES.values()])
    style = str(rng.choice(list(SHOE_STYLES), p=odds / odds.sum()))
    low, high = SHOE_STYLES[style][1]
    heel = float(rng.uniform(low, high)) if female else 0.1 * (high > 0)
    return Shoe(style, _dyed(rng, _pick(rng, SHOES)), heel)


def sample_lower_look(rng: np.random.Generator, female: bool) -> LowerLook:
    """Draw lower clothes, shoes and socks; the same generator state gives the same look."""
    odds = np.array([cut.odds[0 if female else 1] for cut in CUTS])
    cut = CUTS[int(rng.choice(len(CUTS), p=odds / odds.sum()))]
    fabric = str(rng.choice(cut.fabrics))
    patterns = _PATTERNS.get(fabric, ())
    pattern = str(rng.choice(patterns)) if patterns and rng.random() < 0.3 else "plain"
    colours = _COLOURS[fabric]
    colour, hem, shoe = _dyed(rng, _pick(rng, colours)), float(rng.uniform(*cut.hem)), _sample_shoe(rng, female)
    bare_shins = cut.kind != "pants" or hem > 0.16
    socks = _pick(rng, SOCKS) if shoe.style in _WITH_SOCKS and rng.random() < (0.6 if bare_shins else 0.85) else None
    shade = 1.45 if float(np.mean(colour)) < 90 else 0.62
    red, green, blue = np.minimum(shade * np.array(colour) + 12, 250)
    return LowerLook(
        cut=cut,
        fabric=fabric,
        colour=colour,
        second=(float(red), float(green), float(blue)),
        pattern=pattern,
        hem=hem,
        cuff=bool(rng.random() < {"cotton": 0.3, "denim": 0.22}.get(fabric, 0.0) and cut.kind != "skirt"),
        belt=_pick(rng, _BELTS) if cut.waist in ("jeans", "tailored") and rng.random() < 0.3 else None,
        shoe=shoe,
        socks=socks,
        sock_height=float(rng.uniform(0.35, 1.1) if rng.random() < 0.75 else rng.uniform(1.1, 2.6)),
        seed=int(rng.integers(2**31)),
    )
