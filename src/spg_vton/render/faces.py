"""Faces: brows, eyes, lips, make-up, beard and age, as far as they are painted."""

from dataclasses import dataclass

import numpy as np

from spg_vton.render.complexion import Colour

#: From common to rare; brown eyes are drawn more often, and always with dark skin.
IRISES: tuple[Colour, ...] = ((62, 40, 26), (88, 60, 36), (84, 108, 128), (98, 108, 78), (108, 114, 116))
_IRIS_ODDS = (0.35, 0.2, 0.2, 0.15, 0.1)
#: Lipsticks: nude, rose, berry, red, coral.
_LIPSTICKS: tuple[Colour, ...] = ((190, 120, 108), (200, 100, 108), (150, 60, 80), (186, 44, 52), (216, 108, 92))
_LIPSTICK_ODDS = (0.4, 0.3, 0.1, 0.1, 0.1)
_DARK_SKIN = 0.5  # darkness from which eyes and brows are dark


@dataclass(frozen=True, slots=True)
class Face:
    """What is painted on a face. Strengths range from 0, absent, to 1.

    Attributes:
        lips: colour of the lips.
        smile: how far the corners of the mouth are drawn up.
        iris: colour of the eyes.
        brow: colour of the eyebrows.
        brow_thickness: decimetres, half of the height.
        brow_arch: decimetres by which the arch is higher than the inner end.
        brow_strength: how full the brows are.
        eye_openness: how far the upper lid leaves the eye open.
        eye_makeup: shadow on the lid, liner and mascara.
        blush: redness of the cheeks.
        freckles: how many and how strong.
        stubble: shade of a shaven or short beard.
        beard: a full beard on jaw and chin.
        moustache: hair on the upper lip.
        wrinkles: lines of age.
    """

    lips: Colour
    smile: float
    iris: Colour
    brow: Colour
    brow_thickness: float
    brow_arch: float
    brow_strength: float
    eye_openness: float
    eye_makeup: float
    blush: float
    freckles: float
    stubble: float
    beard: float
    moustache: float
    wrinkles: float


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """``share`` of the second colour, the rest of the first."""
    red, green, blue = (1 - share) * np.array(first) + share * np.array(second)
    return float(red), float(green), float(blue)


def _lips(rng: np.random.Generator, female: bool, skin: Colour) -> Colour:
    red, green, blue = skin
    bare = (0.9 * red, 0.7 * green, 0.72 * blue)
    if not female:
        return mix(bare, skin, float(rng.uniform(0.25, 0.5)))
    stick = _LIPSTICKS[int(rng.choice(len(_LIPSTICKS), p=_LIPSTICK_ODDS))]
    darker = mix(stick, bare, 0.35)
    return mix(bare, darker, float(rng.uniform(0.1, 0.8)))


def _beards(rng: np.random.Generator, female: bool) -> tuple[float, float, float]:
    """Strength of stubble, beard and moustache: shaven, three days, moustache, or all."""
    if female:
        return 0.0, 0.0, 0.0
    shade = float(rng.uniform(0.05, 0.25))
    match str(rng.choice(("shaven", "stubble", "moustache", "full"), p=(0.45, 0.28, 0.05, 0.22))):
        case "stubble":
            return float(rng.uniform(0.35, 0.8)), 0.0, 0.0
        case "moustache":
            return shade, 0.0, float(rng.uniform(0.5, 0.9))
        case "full":
            return 0.6, float(rng.uniform(0.45, 0.9)), float(rng.uniform(0.4, 0.85))
    return shade, 0.0, 0.0


def sample_face(
    rng: np.random.Generator, female: bool, age: float, darkness: float, skin: Colour, hair: Colour
) -> Face:
    """Draw a face.

    Args:
        rng: source of chance.
        female: sex.
        age: 0 young to 1 old.
        darkness: place of the skin on the scale of ``complexion``.
        skin: colour of the skin.
        hair: colour of the hair, which that of brows and beard follows.
    """
    iris = 0 if darkness > _DARK_SKIN else int(rng.choice(len(IRISES), p=_IRIS_ODDS))
    stubble, beard, moustache = _beards(rng, female)
    return Face(
        lips=_lips(rng, female, skin),
        smile=float(rng.uniform(0, 1)),
        iris=IRISES[iris],
        brow=mix(hair, (45, 32, 26), 0.55),
        brow_thickness=float(rng.uniform(0.022, 0.036) if female else rng.uniform(0.034, 0.05)),
        brow_arch=float(rng.uniform(0.0, 0.05) if female else rng.uniform(0.0, 0.025)),
        brow_strength=float(rng.uniform(0.55, 0.9)),
        eye_openness=float(rng.uniform(0.1, 0.9)),
        eye_makeup=float(rng.beta(1.6, 2.2)) if female else 0.0,
        blush=float(rng.uniform(0.2, 0.9) if female else rng.uniform(0.1, 0.5)),
        freckles=float(rng.uniform(0.3, 1.0)) if rng.random() < 0.15 and darkness < _DARK_SKIN else 0.0,
        stubble=stubble,
        beard=beard,
        moustache=moustache,
        wrinkles=age,
    )
