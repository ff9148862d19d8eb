"""OpenPose's 18-keypoint network on a MobileNet, run by OpenCV: a photo in, confidence maps and affinity fields out.

Convention: map coordinates (u, v) count cells of a grid of ROWS rows laid over the photo, the centre of the top-left
cell at (0, 0), u to the right; `PoseMaps.to_pixels` takes them to the photo, whose top-left pixel's centre is (0, 0).
"""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from jaxtyping import Float, UInt8

from spg_vton import keypoints
from spg_vton.errors import ConfigError, WeightsError
from spg_vton.keypoints import NUM_KEYPOINTS

#: Rows of the grid on which the maps of all scales are averaged.
ROWS = 96
#: The limbs with an affinity field, from → to, in the order of the network's channel pairs (x, y).
FIELDS: tuple[tuple[int, int], ...] = (
    (1, 8), (8, 9), (9, 10), (1, 11), (11, 12), (12, 13), (1, 2), (2, 3), (3, 4), (2, 16), (1, 5), (5, 6), (6, 7),
    (5, 17), (1, 0), (0, 14), (0, 15), (14, 16), (15, 17),
)  # fmt: skip
_FIRST_FIELD = NUM_KEYPOINTS + 1  # the background's map lies between
_STRIDE = 8  # network-input pixels a cell of the network's own maps
_CENTRE = 127.5
#: Where a mirrored photo's fields come from: the limb between the mirrored keypoints.
_FLIPPED_FIELDS = [FIELDS.index((int(keypoints.FLIP[a]), int(keypoints.FLIP[b]))) for a, b in FIELDS]


@dataclass(frozen=True)
class MapSettings:
    """How often and how large the network sees a photo."""

    input_height: int = 384
    """Network-input pixels from top to bottom of the photo with its margin; a multiple of 16."""
    scales: tuple[float, ...] = (2 / 3, 1.0)
    """Shares of `input_height` whose maps are averaged: the network knows small persons better than large ones."""
    margin: float = 0.15
    """Border, in photo heights, that repeats the photo's edge: cropped persons are found better away from zeros."""
    flip: bool = True
    """Whether the mirrored photo's maps are averaged in."""

    def __post_init__(self) -> None:
        if self.input_height < 64 or not self.scales or min(self.scales) <= 0 or not 0 <= self.margin <= 1:
            raise ConfigError(f"Expected input_height from 64, scales above 0 and margin in [0, 1], got {self}.")


@dataclass(frozen=True)
class PoseMaps:
    """What the network says about one photo."""

    confidence: Float[np.ndarray, "18 h w"]
    """A keypoint's confidence in each cell, about 0 to 1."""
    fields: Float[np.ndarray, "19 2 h w"]
    """Along a limb of FIELDS the unit vector (u, v) from its first keypoint to its second, elsewhere about 0."""
    cell: float
    """Photo pixels a cell."""

    def to_pixels(self, points: Float[np.ndarray, "... 2"]) -> Float[np.ndarray, "... 2"]:
        """Take map coordinates to photo pixels."""
        return (points + 0.5) * self.cell - 0.5


def read_network(path: Path) -> cv2.dnn.Net:
    """Read the frozen graph.

    Raises:
        WeightsError: OpenCV cannot read the file.
    """
    try:
        return cv2.dnn.readNetFromTensorflow(str(path))
    except cv2.error as error:
        raise WeightsError(f"{path}: expected OpenPose's frozen TensorFlow graph, but OpenCV says: {error}") from error


def run_network(network: cv2.dnn.Net, image: UInt8[np.ndarray, "H W 3"], settings: MapSettings) -> PoseMaps:
    """Average the network's maps over scales and mirroring; a network object serves one thread at a time."""
    border = round(settings.margin * image.shape[0])
    framed = cv2.copyMakeBorder(image, border, border, border, border, cv2.BORDER_REPLICATE)
    cell = image.shape[0] / ROWS
    columns = -(-image.shape[1] * ROWS // image.shape[0])
    average = np.zeros((_FIRST_FIELD + 2 * len(FIELDS), ROWS, columns), np.float32)
    for share in settings.scales:
        height = max(64, round(settings.input_height * share / 16) * 16)
        scale = height / framed.shape[0]
        maps = _forward(network, framed, scale, height, flip=settings.flip)
        average += _on_grid(maps, cell, border, _STRIDE / scale, columns) / len(settings.scales)
    fields = average[_FIRST_FIELD:].reshape(len(FIELDS), 2, ROWS, columns)
    return PoseMaps(average[:NUM_KEYPOINTS], fields, cell)


def _forward(
    network: cv2.dnn.Net, image: UInt8[np.ndarray, "H W 3"], scale: float, height: int, *, flip: bool
) -> Float[np.ndarray, "57 h w"]:
    """Return the maps at one scale: 18 keypoints, background, 19 fields of two."""
    canvas = _canvas(image, scale, height)
    network.setInput(np.stack([canvas, canvas[:, :, ::-1]] if flip else [canvas]))
    maps = network.forward()
    return (maps[0] + _unflip(maps[1])) / 2 if flip else maps[0]


def _canvas(image: UInt8[np.ndarray, "H W 3"], scale: float, height: int) -> Float[np.ndarray, "3 h w"]:
    """Scale the photo, centre its values on 0 and fill up with mid-grey on the right to a multiple of 16 columns."""
    width = max(1, round(image.shape[1] * scale))
    interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    canvas = np.zeros((3, height, -(-width // 16) * 16), np.float32)
    canvas[:, :, :width] = cv2.resize(image, (width, height), interpolation=interpolation).transpose(2, 0, 1) - _CENTRE
    return canvas


def _on_grid(
    maps: Float[np.ndarray, "57 h w"], cell: float, border: int, network_cell: float, columns: int
) -> Float[np.ndarray, "57 rows columns"]:
    """Sample maps whose cells are `network_cell` photo pixels wide at the centres of the common grid's cells."""
    centres = [(np.arange(count) + 0.5) * cell + border for count in (columns, ROWS)]
    u, v = np.meshgrid(*[(centre / network_cell - 0.5).astype(np.float32) for centre in centres])
    planes = [
        cv2.remap(np.ascontiguousarray(plane), u, v, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE) for plane in maps
    ]
    return np.stack(planes)


def _unflip(maps: Float[np.ndarray, "57 h w"]) -> Float[np.ndarray, "57 h w"]:
    """Turn a mirrored photo's maps into the photo's: columns, left and right, and the fields' sign of u."""
    maps = maps[:, :, ::-1]
    confidence, background = maps[:NUM_KEYPOINTS][keypoints.FLIP], maps[NUM_KEYPOINTS:_FIRST_FIELD]
    fields = maps[_FIRST_FIELD:].reshape(len(FIELDS), 2, *maps.shape[1:])[_FLIPPED_FIELDS]
    fields = fields * np.array([-1, 1], np.float32)[:, None, None]
    return np.concatenate((confidence, background, fields.reshape(-1, *maps.shape[1:])))
