"""The camera: how a person is framed, and perspective onto the photo.

The usual framing is that of MPV, measured on its samples with keypoints (eight half photos) and with labels (four half
photos, one whole); ``tests/render/test_framing.py`` measures them again. The neck is the middle between the shoulders,
the hip the middle between the hip joints.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from spg_vton.render.body import SKIN_VERTICES, Body
from spg_vton.render.mesh import Points

HEIGHT, WIDTH = 256, 192
DISTANCE = 55.0  # from the camera to the person's vertical axis, decimetres


@dataclass(frozen=True, slots=True)
class Spread:
    """Mean and standard deviation of a measure, pixels of a 256×192 photo."""

    mean: float
    deviation: float


#: ``person_half_front``: row of the nose, column of the neck, from nose to hip, between the shoulders, nose to chin.
HALF_NOSE_ROW = Spread(40.7, 8.0)
HALF_NECK_COLUMN = Spread(92.3, 6.7)
HALF_LENGTH = Spread(163.8, 14.5)
HALF_SHOULDERS = Spread(75.1, 5.8)
HALF_CHIN = Spread(17.8, 1.6)
#: ``person_whole_back``: first and last row of the person.
WHOLE_TOP, WHOLE_BOTTOM = 7.0, 245.0

_WHOLE_ASIDE = 3.0  # standard deviation of the distance from the middle, pixels
_SHORTEST = 15.5  # decimetres; smaller people look smaller in whole-body photos
_WIDEST_HALF, _WIDEST_WHOLE = 1.35, 0.97  # most of the photo's width that a body may take; half photos cut off arms
_SOLE = 0.04  # decimetres between skin and sole


@dataclass(frozen=True, slots=True)
class Camera:
    """Perspective from the front.

    Convention: world decimetres, y up, camera on +z. Pixels: x right, y down, and the top-left pixel's centre at
    (0.5, 0.5), of a photo ``supersampling`` times 256×192.

    Attributes:
        scale: pixels of the final photo per decimetre at the person's vertical axis.
        x: world x of the photo's middle column.
        y: world y of the photo's middle row.
    """

    scale: float
    x: float
    y: float

    def project(self, points: Points, supersampling: int) -> tuple[Float[np.ndarray, "V 2"], Float[np.ndarray, " V"]]:
        """Pixel position (x, y) and depth (larger is nearer) of world points."""
        scale = self.scale * supersampling * DISTANCE / (DISTANCE - points[:, 2])
        x = (points[:, 0] - self.x) * scale + WIDTH * supersampling / 2
        y = HEIGHT * supersampling / 2 - (points[:, 1] - self.y) * scale
        return np.stack([x, y], axis=1), points[:, 2]


def frame(
    body: Body,
    points: Points,
    zoom: float,
    whole_body: bool,
    offset: tuple[float, float] = (0.0, 0.0),
    hair: float = 0.0,
) -> Camera:
    """Frame a posed body, before it is dressed, so that clothes do not move the camera.

    Args:
        body: shared topology.
        points: the posed body.
        zoom: size of the person relative to the usual one.
        whole_body: frame all of the person; otherwise from the crown to the thighs.
        offset: pixels (right, down) by which the person stands away from the usual place.
        hair: decimetres by which the hair rises over the crown; tall hair is photographed from further away.
    """
    skin = points[:SKIN_VERTICES]
    bottom, top = skin[:, 1].min() - _SOLE, skin[:, 1].max() + hair
    width = float(np.ptp(skin[:, 0]))
    if whole_body:
        scale = (WHOLE_BOTTOM - WHOLE_TOP) / max(top - bottom, _SHORTEST) * zoom
        scale = min(scale, WIDTH * _WIDEST_WHOLE / width)
        middle = (skin[:, 0].min() + skin[:, 0].max()) / 2
        y = bottom + (WHOLE_BOTTOM + offset[1] - HEIGHT / 2) / scale
        return Camera(scale=float(scale), x=float(middle - offset[0] / scale), y=float(y))
    neck, hip = (
        (body.joint(points, f"l-{at}") + body.joint(points, f"r-{at}")) / 2 for at in ("shoulder", "upper-leg")
    )
    nose = points[body.nose_tip, 1]
    usual = HALF_LENGTH.mean / (nose - hip[1]) * zoom
    scale = min(usual * (top - hair - hip[1]) / (top - hip[1]), WIDTH * _WIDEST_HALF / width)
    # Who spreads the arms wide is photographed from further away, with as much room above the head or the hair.
    y = nose - (HEIGHT / 2 - HALF_NOSE_ROW.mean * scale / usual - offset[1]) / scale + hair
    x = neck[0] - (HALF_NECK_COLUMN.mean + offset[0] - WIDTH / 2) / scale
    return Camera(scale=float(scale), x=float(x), y=float(y))


def sample_offset(rng: np.random.Generator, whole_body: bool) -> tuple[float, float]:
    """Pixels (right, down) by which a person stands away from the usual place, for ``frame``."""
    aside = _WHOLE_ASIDE if whole_body else HALF_NECK_COLUMN.deviation
    down = 0.0 if whole_body else float(np.clip(rng.normal(0, 0.9), -1.5, 1.5)) * HALF_NOSE_ROW.deviation
    return float(np.clip(rng.normal(0, 0.9), -2, 2)) * aside, down
