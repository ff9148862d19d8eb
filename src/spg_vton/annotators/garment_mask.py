"""The garment's mask in an in-shop photo on a white ground (M^C of section III: the binarised clothes)."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float, UInt8
from scipy import ndimage

from spg_vton.errors import DataError
from spg_vton.sources.listing import Rejected
from spg_vton.sources.manifest import table
from spg_vton.sources.parallel import map_all
from spg_vton.sources.pictures import BadFile, encode_mask, read_photo

#: A pixel is garment if it differs from the ground by this share of the strongest difference near it, so the ringing
#: JPEG leaves around a dark garment is ground, and the faint outline of a white one is not;
_SHARE = 0.2
#: within these bounds, in levels of 0…255.
_LEAST, _MOST = 4.0, 40.0
#: Lengths as shares of the photo's height: how far "near" reaches, and gaps in an outline that are closed.
_NEAR, _GAP = 0.03, 0.012
#: Median difference of faint cloth; ground is exactly uniform.
_SOME = 1.0
#: A component smaller than this share of the largest one is dust.
_SMALLEST_PART = 0.02
#: A light ground, and the share of the border that must show it (a garment may touch the border).
_GROUND_LEVEL, _BORDER_SHARE, _BORDER_SPREAD = 200, 0.3, 8
#: Least share of the photo a garment covers.
_SMALLEST_GARMENT = 0.01


@dataclass(frozen=True)
class MaskResult:
    """The table of made masks, and the photos of which none could be made."""

    masks: pd.DataFrame
    rejected: list[Rejected]


def make_masks(root: Path, cloths: pd.DataFrame, workers: int) -> MaskResult:
    """Make a mask of every in-shop photo in ``cloths`` (rows of images); one that has none stops nothing."""

    def make(path: str) -> bytes | Rejected:
        try:
            return encode_mask(garment_mask(read_photo(root / path)))
        except BadFile as error:
            return Rejected(path, error.code, error.detail)
        except DataError as error:
            return Rejected(path, "no_garment_mask", str(error))

    made = map_all(make, cloths["path"].tolist(), workers, "making garment masks") if len(cloths) else []
    rows: list[dict[str, object]] = [
        {"image_id": name, "png": png}
        for name, png in zip(cloths["image_id"], made, strict=True)
        if isinstance(png, bytes)
    ]
    return MaskResult(table("made_masks", rows), [entry for entry in made if isinstance(entry, Rejected)])


def garment_mask(image: UInt8[np.ndarray, "H W 3"]) -> Bool[np.ndarray, "H W"]:
    """Return where the garment is in an RGB in-shop photo.

    The ground is what can be reached from the border without crossing a pixel that differs from the ground's colour:
    white prints and white cloth inside an outline are garment. So is an opening that cloth encloses all around.

    Raises:
        DataError: not an RGB photo of bytes, no uniform light ground, or no garment on it.
    """
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8:
        raise DataError(f"Expected a photo (H, W, 3) of uint8, got {image.shape} of {image.dtype}.")
    height = image.shape[0]
    difference = _difference_from_ground(image)
    nearby = ndimage.maximum_filter(difference, size=2 * round(_NEAR * height) + 1)
    outline = difference > np.clip(_SHARE * nearby, _LEAST, _MOST)
    mask = _enclosed(outline, difference, max(1, round(_GAP * height)))
    mask = _without_dust(ndimage.binary_opening(mask, _disc(1)))
    if mask.mean() < _SMALLEST_GARMENT:
        raise DataError("Expected a garment on a white ground, found nothing that differs from the ground.")
    return mask


def _difference_from_ground(image: UInt8[np.ndarray, "H W 3"]) -> Float[np.ndarray, "H W"]:
    """Largest difference of a channel from the ground's colour; the ground is the border's lightest large part."""
    border = np.concatenate((image[0], image[-1], image[:, 0], image[:, -1])).astype(np.float32)
    ground = np.percentile(border, 100 * (1 - _BORDER_SHARE / 2), axis=0)
    agrees = (np.abs(border - ground).max(axis=1) <= _BORDER_SPREAD).mean()
    if ground.min() < _GROUND_LEVEL or agrees < _BORDER_SHARE:
        colour = tuple(int(value) for value in ground)
        raise DataError(
            f"Expected a garment on a white ground, but the border's light colour is {colour} and {agrees:.0%} of the "
            "border shows it. Give this garment a mask file."
        )
    return np.abs(image - ground.astype(np.float32)).max(axis=2)


def _enclosed(
    outline: Bool[np.ndarray, "H W"], difference: Float[np.ndarray, "H W"], gap: int
) -> Bool[np.ndarray, "H W"]:
    """Fill the outline's inside, also over gaps up to about twice `gap` pixels.

    What only the closed gaps enclose is either faint cloth or ground between two parts that nearly touch (a sleeve
    and the body): it is cloth where it differs from the ground at all.
    """
    filled = ndimage.binary_fill_holes(outline)
    pad = gap + 1  # closing must not be cut off by the photo's border
    closed = ndimage.binary_fill_holes(ndimage.binary_closing(np.pad(outline, pad), _square(gap)))[pad:-pad, pad:-pad]
    parts, count = ndimage.label(closed & ~filled)
    if count == 0:
        return closed
    typical = ndimage.median(difference, parts, np.arange(1, count + 1))
    cloth = np.concatenate(([False], typical >= _SOME))
    return filled | cloth[parts]


def _without_dust(mask: Bool[np.ndarray, "H W"]) -> Bool[np.ndarray, "H W"]:
    parts, count = ndimage.label(mask)
    if count == 0:
        return mask
    sizes = np.bincount(parts.ravel())
    sizes[0] = 0
    return (sizes >= _SMALLEST_PART * sizes.max())[parts] & mask


def _disc(radius: int) -> Bool[np.ndarray, "d d"]:
    v, u = np.mgrid[-radius : radius + 1, -radius : radius + 1]
    return u**2 + v**2 <= radius**2


def _square(radius: int) -> Bool[np.ndarray, "d d"]:
    """A square, unlike a disc, also closes gaps in thin lines."""
    return np.ones((2 * radius + 1,) * 2, bool)
