"""Fitting photos, label maps, masks and keypoints into the stored size, all by one rule.

Convention: x right, y down, pixel centres at whole numbers, the top-left one at (0, 0). A photo is scaled by
min(height / h, width / w), never stretched, and centred; where its aspect ratio differs, the free rows or columns are
white in photos, background in label maps and 0 in masks (letterbox). A point follows by half-pixel centres:
x' = (x + 0.5)·s − 0.5 + left. Photos are area-averaged (bilinear when enlarged); a stored label is the one with the
largest share of the area it stands for (nearest when enlarged).
"""

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Bool, Float, Shaped, UInt8

_WHITE = 255


@dataclass(frozen=True)
class Fit:
    """Where a photo of some size lands in the stored frame, pixels."""

    height: int  # of the frame
    width: int
    inner_height: int  # of the scaled photo in it
    inner_width: int
    top: int
    left: int
    scale_x: float  # stored pixels a photo pixel
    scale_y: float

    @classmethod
    def of(cls, photo: tuple[int, int], frame: tuple[int, int]) -> "Fit":
        """Return the fit of a photo (h, w) into a frame (height, width)."""
        (h, w), (height, width) = photo, frame
        scale = min(height / h, width / w)
        inner_height = min(height, max(1, round(h * scale)))
        inner_width = min(width, max(1, round(w * scale)))
        top, left = (height - inner_height) // 2, (width - inner_width) // 2
        return cls(height, width, inner_height, inner_width, top, left, inner_width / w, inner_height / h)

    @property
    def shrinks(self) -> bool:
        """Whether a stored pixel stands for more than one of the photo's."""
        return self.scale_x < 1 or self.scale_y < 1

    def photo(self, pixels: UInt8[np.ndarray, "h w 3"]) -> UInt8[np.ndarray, "H W 3"]:
        """Fit a photo; free space is white."""
        method = cv2.INTER_AREA if self.shrinks else cv2.INTER_LINEAR
        return self._place(_resize(pixels, self.inner_height, self.inner_width, method), _WHITE)

    def labels(self, values: UInt8[np.ndarray, "h w"]) -> UInt8[np.ndarray, "H W"]:
        """Fit a label map by area vote; a tie goes to the smaller label; free space is background."""
        present = np.unique(values)
        if not self.shrinks or len(present) == 1:
            return self._place(_resize(values, self.inner_height, self.inner_width, cv2.INTER_NEAREST_EXACT), 0)
        planes = ((values == label).astype(np.float32) for label in present)
        shares = [_resize(plane, self.inner_height, self.inner_width, cv2.INTER_AREA) for plane in planes]
        return self._place(present[np.argmax(shares, axis=0)], 0)

    def mask(self, values: Bool[np.ndarray, "h w"]) -> UInt8[np.ndarray, "H W"]:
        """Fit a mask, as a label map of two labels; 0 or 1."""
        return self.labels(values.astype(np.uint8))

    def pose(self, pose: Float[np.ndarray, "18 3"]) -> Float[np.ndarray, "18 3"]:
        """Fit keypoints (x, y, confidence); a missing one (confidence 0) stays (0, 0, 0)."""
        x = (pose[:, 0] + 0.5) * self.scale_x - 0.5 + self.left
        y = (pose[:, 1] + 0.5) * self.scale_y - 0.5 + self.top
        moved = np.stack((x, y, pose[:, 2]), axis=1)
        return np.where(pose[:, 2:] > 0, moved, 0).astype(np.float32)

    def _place(self, inner: Shaped[np.ndarray, "h w ..."], fill: int) -> np.ndarray:
        if inner.shape[:2] == (self.height, self.width):
            return np.ascontiguousarray(inner)
        frame = np.full((self.height, self.width, *inner.shape[2:]), fill, inner.dtype)
        frame[self.top : self.top + self.inner_height, self.left : self.left + self.inner_width] = inner
        return frame


def _resize(values: np.ndarray, height: int, width: int, method: int) -> np.ndarray:
    if values.shape[:2] == (height, width):
        return values
    return np.asarray(cv2.resize(values, (width, height), interpolation=method))
