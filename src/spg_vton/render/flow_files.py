"""Garment flow on disk: PNG of three 16-bit channels, as KITTI stores optical flow.

Convention: at each pixel (row, column) of a person photo that shows the in-shop garment, the flow is the pixel (x, y)
of the in-shop photo seen there, top-left pixel centre at (0, 0); NaN elsewhere. The file holds the displacement
u = x − column, v = y − row as R = 64 u + 2¹⁵ and G = 64 v + 2¹⁵, rounded, and B = 1 where it is valid, else 0 in all.
"""

from pathlib import Path

import cv2
import numpy as np
from jaxtyping import Float, UInt16

from spg_vton.errors import DataError

_SCALE, _ZERO = 64, 2**15
#: Largest error of a coordinate that was written and read, pixels.
FLOW_PRECISION = 0.5 / _SCALE


def _here(height: int, width: int) -> Float[np.ndarray, "H W 2"]:
    """Each pixel's own (x, y)."""
    rows, columns = np.mgrid[0:height, 0:width]
    return np.stack([columns, rows], axis=-1).astype(np.float64)


def encode_flow(flow: Float[np.ndarray, "H W 2"]) -> bytes:
    """A flow (see Convention) as the bytes of a PNG.

    Raises:
        ValueError: a displacement of 512 pixels or more, which the format cannot hold.
    """
    valid = np.isfinite(flow).all(-1)
    shift = np.where(valid[..., None], flow - _here(*valid.shape), 0)
    if np.abs(shift).max(initial=0) >= _ZERO / _SCALE:
        raise ValueError(f"expected displacements below {_ZERO // _SCALE} pixels, got {np.abs(shift).max():.0f}")
    coded = np.zeros((*valid.shape, 3), np.uint16)
    coded[valid, :2] = np.round(shift[valid] * _SCALE + _ZERO)
    coded[valid, 2] = 1
    return cv2.imencode(".png", coded[..., ::-1])[1].tobytes()


def read_flow(path: Path) -> Float[np.ndarray, "H W 2"]:
    """Read a flow (see Convention), float32.

    Raises:
        DataError: the file is no 16-bit PNG of three channels.
    """
    coded: UInt16[np.ndarray, "H W 3"] | None = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    if coded is None or coded.dtype != np.uint16 or coded.ndim != 3 or coded.shape[2] != 3:
        kind = "nothing that decodes" if coded is None else f"{coded.dtype} {coded.shape}"
        raise DataError(f"{path}: expected a 16-bit PNG of three channels, got {kind}; render the set again")
    coded = coded[..., ::-1]
    flow = (coded[..., :2].astype(np.float64) - _ZERO) / _SCALE + _here(*coded.shape[:2])
    flow[coded[..., 2] == 0] = np.nan
    return flow.astype(np.float32)
