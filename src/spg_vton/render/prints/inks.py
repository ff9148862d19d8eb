"""Ink: colours with coverage, laid over each other, with rims, shadows and wear."""

import cv2
import numpy as np
from jaxtyping import Float

from spg_vton.render.flat_layout import TEXELS
from spg_vton.render.prints.lettering import Mask
from spg_vton.render.prints.plane import OVERSAMPLING, plain

DOT = TEXELS * OVERSAMPLING  # drawn pixels a decimetre
_RIM, _SHADOW, _STRIPE = 0.045, 0.05, 0.06  # decimetres
_DISTRESS = 0.12  # share of the ink that has worn off

#: RGB and coverage (0 to 255 and 0 to 1), oversampled.
Ink = Float[np.ndarray, "H W 4"]


def inked(mask: Mask, colour: np.ndarray) -> Ink:
    """One colour with the mask as its coverage."""
    return np.concatenate([plain(colour, mask), mask[..., None].astype(np.float32)], axis=2)


def over(upper: Ink, lower: Ink) -> Ink:
    """``upper`` laid on ``lower``."""
    cover = upper[..., 3:] + lower[..., 3:] * (1 - upper[..., 3:])
    colour = upper[..., :3] * upper[..., 3:] + lower[..., :3] * lower[..., 3:] * (1 - upper[..., 3:])
    return np.concatenate([colour / np.maximum(cover, 1e-6), cover], axis=2)


def _worn(mask: Mask, rng: np.random.Generator) -> Mask:
    """Ink worn off in specks and creases."""
    specks = cv2.GaussianBlur(rng.standard_normal(mask.shape).astype(np.float32), (0, 0), 1.6)
    creases = cv2.GaussianBlur(rng.standard_normal(mask.shape).astype(np.float32), (0, 0), 5.0)
    height = specks / specks.std() + 0.8 * creases / creases.std()
    return mask * np.clip((height - np.quantile(height, _DISTRESS)) * 4, 0, 1)


def coloured(mask: Mask, effect: str, main: np.ndarray, second: np.ndarray, rng: np.random.Generator) -> Ink:
    """Ink a mask with its effect."""
    rim, drop = round(_RIM * DOT), round(_SHADOW * DOT)
    wide = np.pad(mask, rim + drop)
    match effect:
        case "outline":
            disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * rim + 1, 2 * rim + 1))
            return over(inked(wide, main), inked(cv2.dilate(wide, disc), second))
        case "shadow":
            return over(inked(wide, main), inked(np.roll(wide, (drop, drop), (0, 1)), second))
        case "striped":
            rows = (np.arange(len(wide)) // round(_STRIPE * DOT)) % 2
            return np.where(rows[:, None, None] == 1, inked(wide, second), inked(wide, main))
        case "distress":
            return inked(_worn(wide, rng), main)
    return inked(wide, main)


def pasted(lower: Ink, upper: Ink) -> Ink:
    """``upper`` over the middle of ``lower``, the larger of both sizes."""
    size = np.maximum(lower.shape[:2], upper.shape[:2])

    def padded(ink: Ink) -> Ink:
        before = (size - ink.shape[:2]) // 2
        after = size - ink.shape[:2] - before
        return np.pad(ink, ((before[0], after[0]), (before[1], after[1]), (0, 0)))

    return over(padded(upper), padded(lower))
