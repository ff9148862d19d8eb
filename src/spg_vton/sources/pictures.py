"""Photos, label maps and masks as arrays; whatever cannot be used raises `BadFile` with a short stable code."""

import hashlib
import io
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Shaped, UInt8
from PIL import Image, ImageOps, UnidentifiedImageError

from spg_vton.errors import DataError
from spg_vton.labels import LABEL_SETS

#: Modes that hold one value a pixel. In a P-mode file the palette is for looking: the index is the label.
_SINGLE_CHANNEL = ("L", "P", "1", "I", "I;16")


class BadFile(DataError):  # noqa: N818 (what it is, not that it is an error)
    """A file that cannot be used; ``code`` names the reason, ``detail`` says it in a sentence."""

    def __init__(self, path: Path, code: str, detail: str) -> None:
        super().__init__(f"{path.name}: {detail} Replace the file or take it away, and ingest again.")
        self.path, self.code, self.detail = path, code, detail

    def __reduce__(self) -> tuple[type, tuple[Path, str, str]]:
        return BadFile, (self.path, self.code, self.detail)  # so that it survives the way back from a worker process


def read_photo(path: Path) -> UInt8[np.ndarray, "H W 3"]:
    """Read a photo as RGB, upright (its EXIF orientation applied).

    Raises:
        BadFile: ``absent_file`` or ``undecodable_photo`` (also a truncated one).
    """
    return decode_photo(path)[0]


def decode_photo(path: Path) -> tuple[UInt8[np.ndarray, "H W 3"], str]:
    """Read a photo once; return its pixels and the SHA-256 of its bytes. Raises as `read_photo`."""
    data = _bytes(path)
    try:
        with Image.open(io.BytesIO(data)) as image:
            pixels = np.asarray(ImageOps.exif_transpose(image).convert("RGB"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise BadFile(path, "undecodable_photo", f"the photo cannot be decoded ({error}).") from error
    return pixels, hashlib.sha256(data).hexdigest()


def read_labels(path: Path, label_set: str) -> UInt8[np.ndarray, "H W"]:
    """Read a label map into our 20 labels; a palette is ignored, its indices are the labels.

    Args:
        path: a single-channel picture.
        label_set: the numbering of the file, a key of ``labels.LABEL_SETS``.

    Raises:
        BadFile: ``absent_file``, ``undecodable_labels``, ``colour_labels`` (a rendering),
            ``label_out_of_range``.
    """
    values = _single_channel(path, "labels")
    table = LABEL_SETS[label_set]
    if int(values.max(initial=0)) >= len(table) or int(values.min(initial=0)) < 0:
        detail = f"expected labels 0…{len(table) - 1} of {label_set}, got values {values.min()}…{values.max()}."
        raise BadFile(path, "label_out_of_range", detail)
    return table[values]


def read_mask(path: Path) -> Bool[np.ndarray, "H W"]:
    """Read a mask; a pixel is inside from half of full brightness up (a file of 0 and 1 counts 1 as full).

    Raises:
        BadFile: ``absent_file``, ``undecodable_mask``, ``colour_mask``.
    """
    values = _single_channel(path, "mask")
    full = max(int(values.max(initial=0)), 1)
    return 2 * values.astype(np.int64) >= full


def check_size(path: Path, plane: Shaped[np.ndarray, "H W"], photo: tuple[int, int]) -> None:
    """Check that a label map or mask has its photo's size (height, width).

    Raises:
        BadFile: ``size_mismatch``.
    """
    if plane.shape != photo:
        detail = f"expected the photo's size {photo[1]}×{photo[0]}, got {plane.shape[1]}×{plane.shape[0]}."
        raise BadFile(path, "size_mismatch", detail)


def encode_mask(mask: Bool[np.ndarray, "H W"]) -> bytes:
    """Return a mask as a one-bit PNG."""
    data = io.BytesIO()
    Image.fromarray(mask).save(data, "PNG")
    return data.getvalue()


def decode_mask(data: bytes) -> Bool[np.ndarray, "H W"]:
    """Return the mask that `encode_mask` wrote."""
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image, bool)


def is_palette(path: Path) -> bool:
    """Say whether a readable picture is P-mode."""
    with Image.open(path) as image:
        return image.mode == "P"


def _single_channel(path: Path, what: str) -> np.ndarray:
    data = _bytes(path)
    try:
        with Image.open(io.BytesIO(data)) as image:
            mode, values = image.mode, np.asarray(image)
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError) as error:
        raise BadFile(path, f"undecodable_{what}", f"the file cannot be decoded ({error}).") from error
    if mode not in _SINGLE_CHANNEL:
        detail = f"expected one value a pixel, got a {mode} picture; colour renderings are only for looking."
        raise BadFile(path, f"colour_{what}", detail)
    return values


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadFile(path, "absent_file", "the file is not there or cannot be read.") from error
