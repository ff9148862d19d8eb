"""The camera: how a person is framed, and perspective onto the photo."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from spg_vton.render.body import SKIN_VERTICES, Body
from spg_vton.render.mesh import Points

HEIGHT, WIDTH = 256, 192
_DISTANCE = 55.0  # from the camera to the person's vertical axis, decimetres
_WHOLE_BODY_FILL = 0.885  # share of the photo's height that a whole body fills
_SHORTEST = 15.5  # decimetres; smaller people look smaller


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
        scale = self.scale * supersampling * _DISTANCE / (_DISTANCE - points[:, 2])
        x = (points[:, 0] - self.x) * scale + WIDTH * supersampling / 2
        y = HEIGHT * supersampling / 2 - (points[:, 1] - self.y) * scale
        return np.stack([x, y], axis=1), points[:, 2]


def frame(body: Body, points: Points, zoom: float, whole_body: bool) -> Camera:
    """Frame a posed body, before it is dressed, so that clothes do not move the camera.

    A whole body fills the height (and stays inside the width); a half body is ``zoom`` times larger and starts above
    the head, so that it ends at the hips or thighs.
    """
    skin = points[:SKIN_VERTICES]
    bottom, top = skin[:, 1].min() - 0.15, skin[:, 1].max()
    left, right = skin[:, 0].min(), skin[:, 0].max()
    head = body.joint(points, "head-2")[1]
    height = max((top if whole_body else head) - bottom, _SHORTEST)
    scale = HEIGHT * _WHOLE_BODY_FILL / height * zoom
    scale = min(scale, WIDTH * (0.97 if whole_body else 1.2) / (right - left))
    middle = float(0.6 * (left + right) / 2)
    if whole_body:
        return Camera(scale=float(scale), x=middle, y=float((bottom + top) / 2))
    crown = head + 0.35 * max(top - head, 0.0)
    return Camera(scale=float(scale), x=middle, y=float(crown - (0.5 - 0.045) * HEIGHT / scale))
