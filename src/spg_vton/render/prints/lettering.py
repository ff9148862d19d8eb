"""Lettering: words in a face, set in lines or on an arc, as coverage.

The faces are those that matplotlib carries under free licences (DejaVu, STIX, Computer Modern); none is copied here.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import matplotlib as mpl
import numpy as np
from jaxtyping import Float
from PIL import Image, ImageDraw, ImageFont

Mask = Float[np.ndarray, "H W"]


@dataclass(frozen=True, slots=True)
class Face:
    """A font file of matplotlib and how far its letters are squeezed (below 1) or widened (above)."""

    file: str
    width: float = 1.0


FACES: dict[str, Face] = {
    "sans": Face("DejaVuSans-Bold.ttf"),
    "light": Face("DejaVuSans.ttf"),
    "oblique": Face("DejaVuSans-BoldOblique.ttf", 0.9),
    "poster": Face("DejaVuSans-Bold.ttf", 0.55),
    "wide": Face("DejaVuSans-Bold.ttf", 1.35),
    "serif": Face("DejaVuSerif-Bold.ttf"),
    "serif italic": Face("DejaVuSerif-BoldItalic.ttf", 0.9),
    "slab": Face("DejaVuSerif-Bold.ttf", 0.7),
    "mono": Face("DejaVuSansMono-Bold.ttf"),
    "roman": Face("cmb10.ttf", 0.9),
    "roman italic": Face("cmti10.ttf"),
    "typewriter": Face("cmtt10.ttf"),
    "didone": Face("STIXGeneralBol.ttf", 0.75),
}
_DRAWN_SIZE = 96  # points at which letters are drawn before they are brought to size
_SPACE = 0.22  # between lines, of their height


@cache
def _font(file: str) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(Path(mpl.get_data_path()) / "fonts" / "ttf" / file), _DRAWN_SIZE)


@cache
def _drawn(text: str, file: str) -> Mask:
    """A line of text, cropped."""
    left, top, right, bottom = _font(file).getbbox(text)
    image = Image.new("L", (int(np.ceil(right - left)) + 4, int(np.ceil(bottom - top)) + 4), 0)
    ImageDraw.Draw(image).text((2 - left, 2 - top), text, 255, font=_font(file))
    return np.asarray(image, np.float32) / 255


def line(text: str, face: str, width: float, height: float) -> Mask:
    """A line as wide as ``width`` pixels allows and no higher than ``height``."""
    drawn = _drawn(text, FACES[face].file)
    aspect = drawn.shape[1] * FACES[face].width / drawn.shape[0]
    high = min(height, width / aspect)
    size = (max(4, round(high * aspect)), max(4, round(high)))
    return cv2.resize(drawn, size, interpolation=cv2.INTER_AREA)


def stacked(masks: list[Mask]) -> Mask:
    """Masks one below the other, centred."""
    gap = round(_SPACE * float(np.mean([len(mask) for mask in masks])))
    width = max(mask.shape[1] for mask in masks)
    rows: list[Mask] = []
    for mask in masks:
        left = (width - mask.shape[1]) // 2
        rows += [np.pad(mask, ((0, gap), (left, width - mask.shape[1] - left)))]
    return np.concatenate(rows)[:-gap] if gap else np.concatenate(rows)


def lines(words: tuple[str, ...], face: str, width: float, height: float) -> Mask:
    """Lines brought to one width, none higher than ``height``."""
    return stacked([line(word, face, width, height) for word in words])


def bent(mask: Mask, radius: float, below: bool = False) -> Mask:
    """A line bent round a circle of ``radius`` pixels, over it or ``below`` it, on a square centred on the circle."""
    height, width = mask.shape
    reach = int(np.ceil(radius + height)) + 1
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1].astype(np.float32)
    far = np.hypot(x, y)
    if below:
        angle, across = np.arctan2(x, y), far - radius
    else:
        angle, across = np.arctan2(x, -y), height - (far - radius)
    along = angle * (radius + height / 2) + width / 2
    return cv2.remap(mask, along.astype(np.float32), across.astype(np.float32), cv2.INTER_LINEAR)


def crop(mask: np.ndarray) -> np.ndarray:
    """The mask (or the pictures whose last channel it is) without empty borders."""
    filled = (mask if mask.ndim == 2 else mask[..., -1]) > 0.02
    rows, columns = np.flatnonzero(filled.any(1)), np.flatnonzero(filled.any(0))
    return mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
