"""Photos, label maps and masks as arrays; whatever cannot be used raises `BadFile` with a short stable code."""

import hashlib
import io
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Shaped, UInt8
from PIL import Image, ImageOps, UnidentifiedImageError

from spg_vton.errors import DataError
from spg_vton.labels import LABEL_SETS

#: Modes that hold one value a pixel. In a P-mode file the palette is for looking: the index is the label.
_SINGLE_CHANNEL = ("L", "P", "1", "I", "I;16")
#: Modes of 16 bits a pixel, which Pillow's own conversion would clip to white.
_DEEP = ("I", "I;16", "I;16B", "I;16L")
#: More pixels than any camera's photo: a file that claims more is refused before it is decoded.
MOST_PIXELS = 150_000_000


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
        BadFile: ``absent_file``, ``undecodable_photo`` (also a truncated one) or ``too_large``.
    """
    return decode_photo(path)[0]


def decode_photo(path: Path) -> tuple[UInt8[np.ndarray, "H W 3"], str]:
    """Read a photo once; return its pixels and the SHA-256 of its bytes. Raises as `read_photo`."""
    data = _bytes(path)
    with _opened(path, data, "undecodable_photo") as image:
        upright = ImageOps.exif_transpose(image)
        pixels = np.asarray((_from_16_bits(upright) if upright.mode in _DEEP else upright).convert("RGB"))
    return pixels, hashlib.sha256(data).hexdigest()


@contextmanager
def _opened(path: Path, data: bytes, code: str) -> Iterator[Image.Image]:
    """The picture in ``data``, whatever ``path`` is called; of an animation the first frame.

    Raises:
        BadFile: ``too_large``, or ``code`` where the picture cannot be decoded, also while it is in use.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the limit here is checked by ourselves
        try:
            with Image.open(io.BytesIO(data)) as image:
                if image.width * image.height > MOST_PIXELS:
                    detail = (
                        f"expected at most {MOST_PIXELS // 10**6} million pixels, got {image.width}×{image.height}."
                    )
                    raise BadFile(path, "too_large", detail)
                yield image
        except Image.DecompressionBombError as error:
            raise BadFile(path, "too_large", f"the picture is too large ({error}).") from error
        except UnidentifiedImageError as error:
            raise BadFile(path, code, "the file is no picture of a known format.") from error
        except (OSError, ValueError, SyntaxError, EOFError, struct.error) as error:
            raise BadFile(path, code, f"the file cannot be decoded ({error}).") from error


def _from_16_bits(image: Image.Image) -> Image.Image:
    values = np.asarray(image).astype(np.float64)
    return Image.fromarray((values / 257 if values.max(initial=0) > 255 else values).astype(np.uint8))


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
    with _opened(path, data, f"undecodable_{what}") as image:
        mode, values = image.mode, np.asarray(image)
    if mode not in _SINGLE_CHANNEL:
        detail = f"expected one value a pixel, got a {mode} picture; colour renderings are only for looking."
        raise BadFile(path, f"colour_{what}", detail)
    return values


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadFile(path, "absent_file", "the file is not there or cannot be read.") from error
