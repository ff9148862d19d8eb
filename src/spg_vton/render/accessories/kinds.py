"""Which accessories there are, and the choice of one."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from spg_vton.noise_kinds import NoiseKind
from spg_vton.render.people import Colour

_PLAIN = 0.4  # share of things in one colour

#: How often each style of a kind is drawn.
STYLES: Mapping[str, Mapping[str, float]] = {
    NoiseKind.GLASSES: {"clear": 0.55, "sun": 0.45},
    NoiseKind.BAG: {"crossbody": 0.4, "shoulder": 0.35, "tote": 0.25},
    NoiseKind.HAT: {"brimmed": 0.35, "cap": 0.3, "beanie": 0.35},
    NoiseKind.SCARF: {"hanging": 0.65, "loop": 0.35},
    NoiseKind.NECKLACE: {"chain": 0.35, "pendant": 0.45, "beads": 0.2},
    NoiseKind.GLOVES: {"leather": 0.6, "knit": 0.4},
    NoiseKind.COAT: {"blazer": 0.35, "cardigan": 0.35, "long": 0.3},
}

_FABRICS: tuple[Colour, ...] = (
    (38, 40, 46), (60, 64, 72), (44, 56, 86), (122, 38, 44), (186, 160, 122), (96, 84, 66), (226, 220, 208),
    (150, 152, 156), (92, 106, 84), (198, 142, 140),
)  # fmt: skip
_LEATHERS: tuple[Colour, ...] = (
    (34, 30, 30), (92, 58, 38), (146, 98, 62), (122, 34, 40), (196, 178, 156), (60, 66, 82),
)  # fmt: skip
_FRAMES: tuple[Colour, ...] = ((26, 24, 24), (82, 54, 36), (44, 46, 60), (120, 112, 104))
_METALS: tuple[Colour, ...] = ((206, 172, 96), (188, 190, 196), (198, 146, 118))
_PALETTES: Mapping[str, tuple[Colour, ...]] = {
    NoiseKind.GLASSES: _FRAMES, NoiseKind.BAG: _LEATHERS, NoiseKind.NECKLACE: _METALS,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Accessory:
    """One thing worn.

    Attributes:
        kind: a key of ``STYLES``.
        style: one of the kind's styles.
        colour: main colour.
        accent: of stripes, ribbons, buckles.
        size: 0 (small, short) to 1.
    """

    kind: str
    style: str
    colour: Colour
    accent: Colour
    size: float


def sample_accessory(kind: str, rng: np.random.Generator) -> Accessory:
    """One accessory of a kind of ``STYLES``; the same generator state gives the same accessory."""
    if kind not in STYLES:
        raise ValueError(f"expected a kind of {', '.join(STYLES)}, got {kind!r}")
    styles, palette = STYLES[kind], _PALETTES.get(kind, _FABRICS)
    style = str(rng.choice(list(styles), p=list(styles.values())))
    colour, accent = (palette[int(place)] for place in rng.integers(len(palette), size=2))
    accent = colour if rng.random() < _PLAIN else accent
    return Accessory(kind, style, colour, accent, size=float(rng.random()))
