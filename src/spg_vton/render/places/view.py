"""A picture of a place in the making: perspective, plain shapes and depth of field.

Convention: metres; x to the right of the camera's axis, y up from the ground, z behind the person. The camera looks
level, so that the horizon is the photo's middle row.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Float

from spg_vton.render.camera import DISTANCE, HEIGHT, WIDTH

Picture = Float[np.ndarray, "256 192 3"]
Rgb = Sequence[float] | np.ndarray

CAMERA_UP = 0.95  # metres from the ground to the camera: half a person's height
_CAMERA_AWAY = DISTANCE / 10
_BLUR = 0.045  # metres: the circle of confusion of what is infinitely far away, standard deviation
_SUBPIXEL = 3  # fractional bits of corners


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A picture of a place in the making.

    Attributes:
        picture: RGB, 0 to 255, painted from far to near.
        metre: pixels of a metre at the person.
    """

    picture: Picture
    metre: float

    def pixels(self, points: np.ndarray) -> Float[np.ndarray, "n 2"]:
        """Where points (x, y, z) appear."""
        scale = self.metre * _CAMERA_AWAY / (_CAMERA_AWAY + points[:, 2])
        return np.stack([WIDTH / 2 + points[:, 0] * scale, HEIGHT / 2 + (CAMERA_UP - points[:, 1]) * scale], axis=1)

    def fill(self, corners: Sequence[tuple[float, float, float]], colour: Rgb) -> None:
        """Paint a convex polygon."""
        place = np.round(self.pixels(np.array(corners, np.float64)) * (1 << _SUBPIXEL)).astype(np.int32)
        cv2.fillConvexPoly(self.picture, place, _scalar(colour), cv2.LINE_AA, _SUBPIXEL)

    def box(self, x: tuple[float, float], y: tuple[float, float], z: float, colour: Rgb) -> None:
        """Paint an upright rectangle that faces the camera."""
        self.fill([(x[0], y[0], z), (x[1], y[0], z), (x[1], y[1], z), (x[0], y[1], z)], colour)

    def ball(self, x: float, y: float, z: float, radius: float, colour: Rgb) -> None:
        """Paint a disc."""
        (column, row), scale = self.pixels(np.array([(x, y, z)]))[0], _CAMERA_AWAY / (_CAMERA_AWAY + z)
        size = max(round(radius * self.metre * scale), 1)
        cv2.circle(self.picture, (round(column), round(row)), size, _scalar(colour), cv2.FILLED)

    def blur(self, z: float) -> None:
        """Put all that is painted so far out of focus as it is at a distance."""
        sigma = _BLUR * self.metre * z / (_CAMERA_AWAY + z)
        self.picture[:] = cv2.GaussianBlur(self.picture, (0, 0), max(sigma, 0.5), borderType=cv2.BORDER_REPLICATE)


def _scalar(colour: Rgb) -> tuple[float, float, float]:
    red, green, blue = np.clip(colour, 0, 255)
    return float(red), float(green), float(blue)


def any_of(colours: Sequence[Rgb], rng: np.random.Generator, spread: float = 0.08) -> np.ndarray:
    """One of the colours, in another light."""
    return np.asarray(colours[int(rng.integers(len(colours)))], np.float64) * (1 + rng.normal(0, spread))


def fade(view: View, top: Rgb, bottom: Rgb, rows: tuple[float, float]) -> None:
    """Paint whole rows from one colour into another."""
    first, last = (int(np.clip(row, 0, HEIGHT)) for row in rows)
    share = np.linspace(0, 1, max(last - first, 1), dtype=np.float32)[:, None, None]
    view.picture[first:last] = ((1 - share) * np.asarray(top) + share * np.asarray(bottom))[: last - first]
