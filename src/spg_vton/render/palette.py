"""Colours that garments are sold in, and which go together."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from spg_vton.render.people import Colour

#: Main colour, then colours of the pattern; a pattern uses as many as it needs, from the left.
Colours = tuple[Colour, ...]
COLOURS_OF_GARMENT = 5


@dataclass(frozen=True, slots=True)
class Dye:
    """One colour of the range.

    Attributes:
        code: letter of the colour family and a number, as on a shop's labels; it stands in file names.
        weight: how often garments are sold in it, relative to the others.
    """

    code: str
    name: str
    colour: Colour
    weight: float


RANGE: tuple[Dye, ...] = (
    Dye("Q11", "black", (25, 25, 27), 15),
    Dye("Q12", "washed black", (46, 47, 50), 4),
    Dye("A11", "white", (239, 239, 238), 14),
    Dye("A12", "off-white", (232, 226, 214), 5),
    Dye("C11", "light grey", (200, 200, 201), 4),
    Dye("C12", "grey", (150, 151, 154), 5),
    Dye("C13", "charcoal", (76, 78, 83), 4),
    Dye("K11", "navy", (28, 36, 62), 9),
    Dye("K12", "dark blue", (34, 58, 108), 3),
    Dye("K13", "royal blue", (36, 80, 168), 1.5),
    Dye("K14", "denim", (74, 104, 146), 2.5),
    Dye("K15", "light denim", (138, 166, 196), 2),
    Dye("K16", "sky", (172, 203, 229), 2.5),
    Dye("L11", "petrol", (22, 88, 102), 1.5),
    Dye("L12", "turquoise", (64, 172, 178), 1),
    Dye("L13", "mint", (186, 222, 206), 1.5),
    Dye("M11", "bottle green", (28, 72, 54), 1.5),
    Dye("M12", "green", (58, 128, 82), 1.2),
    Dye("M13", "sage", (158, 174, 148), 1.5),
    Dye("N11", "olive", (88, 90, 62), 3),
    Dye("N12", "khaki", (136, 130, 96), 1.5),
    Dye("B11", "beige", (216, 199, 172), 3),
    Dye("B12", "sand", (232, 221, 202), 2),
    Dye("B13", "camel", (188, 146, 100), 2),
    Dye("O11", "brown", (92, 66, 50), 1.5),
    Dye("O12", "taupe", (146, 130, 118), 1.5),
    Dye("G11", "red", (192, 28, 40), 4),
    Dye("G12", "burgundy", (98, 26, 40), 4),
    Dye("G13", "coral", (238, 116, 102), 1.5),
    Dye("H11", "rust", (168, 78, 44), 1.5),
    Dye("H12", "orange", (236, 124, 48), 1),
    Dye("H13", "apricot", (246, 200, 166), 1.2),
    Dye("E11", "mustard", (208, 160, 52), 2),
    Dye("E12", "yellow", (244, 208, 72), 1),
    Dye("E13", "pale yellow", (248, 234, 176), 1),
    Dye("J11", "blush", (236, 202, 198), 3.5),
    Dye("J12", "pink", (232, 146, 168), 2),
    Dye("J13", "fuchsia", (204, 42, 116), 1.2),
    Dye("J14", "old rose", (190, 126, 130), 2),
    Dye("I11", "lilac", (200, 184, 220), 1.2),
    Dye("I12", "purple", (98, 60, 116), 1.2),
    Dye("I13", "plum", (78, 38, 66), 1),
)
COLOURS: tuple[Colour, ...] = tuple(dye.colour for dye in RANGE)

#: Least distance (see ``_distances``) at which a second colour stands out, and at which further ones differ.
_CONTRAST, _DIFFERENCE = 165.0, 70.0
_GREYNESS = 40.0  # a colour whose channels differ by less is neutral and goes with everything
_BRIGHTNESS_VARIES, _HUE_VARIES = 4.0, 1.2  # how much dye lots differ, of 255


def _table() -> Float[np.ndarray, "N 3"]:
    return np.array(COLOURS, np.float64)


def _distances(colour: Colour) -> Float[np.ndarray, " N"]:
    """How different each colour of the range looks: channels weighted as the eye does, brightness above all."""
    difference = _table() - colour
    brightness = difference @ [0.3, 0.59, 0.11]
    return np.sqrt((difference**2 @ [0.8, 1.2, 0.5]) + 1.2 * brightness**2)


def code_of(colour: Colour) -> str:
    """Code of the nearest colour of the range."""
    return RANGE[int(_distances(colour).argmin())].code


def _harmony(chosen: Colours) -> Float[np.ndarray, " N"]:
    """How well each colour of the range goes with those chosen: neutrals well, neighbours and opposites in hue too."""
    table = _table()
    chroma = np.ptp(table, axis=1)
    liking = np.where(chroma < _GREYNESS, 1.5, 1.0)
    centred = table - table.mean(1, keepdims=True)
    for colour in chosen:
        if np.ptp(colour) < _GREYNESS:
            continue
        own = np.array(colour) - np.mean(colour)
        cosine = centred @ own / (np.linalg.norm(centred, axis=1) * np.linalg.norm(own) + 1e-9)
        liking = liking * np.where(chroma < _GREYNESS, 1.0, 0.25 + cosine**4)
    return liking


def _vary(colour: Colour, rng: np.random.Generator) -> Colour:
    red, green, blue = np.clip(
        np.array(colour) + rng.normal(0, _BRIGHTNESS_VARIES) + rng.normal(0, _HUE_VARIES, 3), 0, 255
    )
    return float(red), float(green), float(blue)


def _of_code(code: str) -> Colour:
    return next(dye.colour for dye in RANGE if dye.code == code)


def sample_colours(rng: np.random.Generator, start: tuple[str, ...] = (), last: str | None = None) -> Colours:
    """Draw a main colour as shops sell them and colours that go with it, the second in clear contrast.

    Args:
        start: codes of the first colours, where they are given.
        last: code of the last colour, where it is given.
    """
    weights = np.array([dye.weight for dye in RANGE])
    chosen = tuple(map(_of_code, start)) or (COLOURS[int(rng.choice(len(RANGE), p=weights / weights.sum()))],)
    while len(chosen) < COLOURS_OF_GARMENT:
        least = _CONTRAST if len(chosen) == 1 else _DIFFERENCE
        distances = np.stack([_distances(colour) for colour in chosen])
        odds = np.sqrt(weights) * _harmony(chosen) * (distances[0] > least) * (distances.min(0) > _DIFFERENCE / 2)
        chosen += (COLOURS[int(rng.choice(len(RANGE), p=odds / odds.sum()))],)
    chosen = chosen if last is None else (*chosen[:-1], _of_code(last))
    return tuple(_vary(colour, rng) for colour in chosen)
