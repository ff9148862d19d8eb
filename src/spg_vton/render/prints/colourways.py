"""The colours that patterns and fabrics usually come in."""

import numpy as np

from spg_vton.render.palette import Colours, sample_colours

#: Grounds, two colours of flowers, and their hearts.
_FLOWERY: tuple[tuple[str, ...], ...] = (
    ("A11", "G13", "J12", "E12"), ("Q11", "J12", "G11", "E11"), ("K11", "J11", "G13", "E12"),
    ("A12", "K13", "K16", "E13"), ("J11", "G12", "J13", "E12"), ("M11", "A11", "J12", "E11"),
    ("H13", "A11", "G13", "E11"), ("K11", "A11", "K16", "E12"), ("G12", "J11", "H13", "E11"),
    ("A11", "G11", "K12", "E12"), ("Q11", "A11", "C12", "E11"), ("A12", "I12", "I11", "E12"),
    ("H11", "A12", "E11", "G12"), ("K16", "A11", "J12", "E12"),
)  # fmt: skip
#: Colours (codes of the palette) that a pattern or fabric usually comes in, and how usually; others go too.
_COLOURWAYS: dict[str, tuple[tuple[str, ...], ...]] = {
    "ditsy": _FLOWERY, "bouquets": _FLOWERY,
    "denim": (("K11",), ("K12",), ("K14",), ("K14",), ("K15",), ("Q12",), ("C11",)),
    "breton": (("A11", "K11"), ("A11", "Q11"), ("A12", "K11"), ("K11", "A11"), ("A11", "G11"), ("Q11", "A11")),
    "gingham": (("A11", "K11"), ("A11", "Q11"), ("A11", "G11"), ("A11", "K16"), ("A11", "J12"), ("A11", "M12")),
    "tartan": (
        ("G11", "K11", "M11"), ("K11", "M11", "G11"), ("C12", "Q11", "A11"), ("A11", "K12", "G11"),
        ("B11", "Q11", "G11"),
    ),
    "windowpane": (("A11", "Q11"), ("C13", "A11"), ("K11", "A11")),
    "buffalo": (("G11", "Q11"), ("A11", "Q11"), ("A11", "Q11"), ("N12", "Q11")),
    "polka dots": (("Q11", "A11"), ("K11", "A11"), ("A11", "Q11"), ("G11", "A11")),
    "leopard": (("B13", "O11", "Q11"), ("B11", "B13", "Q11"), ("C11", "C12", "Q11"), ("B12", "O12", "Q12")),
    "zebra": (("A11", "Q11"), ("A12", "Q11"), ("B12", "O11")),
    "camouflage": (("N12", "N11", "O11", "Q12"), ("C11", "C12", "C13", "Q11"), ("B11", "N12", "O12", "O11")),
    "lace": (("A11",), ("A11",), ("A12",), ("Q11",), ("Q11",), ("J11",), ("K11",)),
    "clouds": (("K16", "A11", "K15"), ("K13", "A11", "K16")),
    "marble": (("A11", "C12", "Q11"), ("Q11", "C11", "C12"), ("J11", "A11", "J14")),
    "palms": (("A11", "M11", "M12"), ("Q11", "M12", "M13"), ("J11", "M11", "L11"), ("K11", "M12", "L12")),
    "bands": (("A12", "Q11", "C12"), ("Q11", "A12", "H11"), ("B12", "K11", "G11"), ("A11", "K12", "G13")),
}  # fmt: skip
_USUALLY = 0.88  # share of garments in one of these; the others come in any colours
_LEAFY, _LEAVES = ("ditsy", "bouquets"), ("M11", "M12", "M13", "N11", "L11")


def colours_for(pattern: str, fabric: str, rng: np.random.Generator) -> Colours:
    """Draw the colours of a garment of a pattern and a fabric; denim never leaves its own."""
    ways, last = _COLOURWAYS.get(fabric, _COLOURWAYS.get(pattern)), None
    start = ways[int(rng.integers(len(ways)))] if ways and (fabric == "denim" or rng.random() < _USUALLY) else ()
    if pattern in _LEAFY:
        last = _LEAVES[int(rng.integers(len(_LEAVES)))]
    return sample_colours(rng, start, last)
