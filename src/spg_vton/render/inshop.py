"""The in-shop photo: the garment alone on white, as on an invisible mannequin, and where each of its points appears."""

from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from jaxtyping import Bool, Float, UInt8
from scipy import ndimage

from spg_vton.render.arm_postures import Arm
from spg_vton.render.body import SIDES, load_body
from spg_vton.render.camera import HEIGHT, WIDTH
from spg_vton.render.garments import Garment
from spg_vton.render.hands import Curl
from spg_vton.render.light import Light
from spg_vton.render.mesh import Points
from spg_vton.render.neckwear import upper_surfaces
from spg_vton.render.poses import Pose
from spg_vton.render.rasterizer import FAR, NOTHING, Canvas
from spg_vton.render.rig import Motion, pose_body
from spg_vton.render.stances import Foot, Stance, Trunk
from spg_vton.render.surface import Surface, draw, visible
from spg_vton.render.textures import Texture
from spg_vton.render.wearing import Worn, wear

WHITE = 255.0
_MARGIN = 0.037  # share of the photo that stays free at each side of the garment's larger direction
_SUPERSAMPLING = 3
_TRIAL = 192  # pixels of the first drawing, which finds the garment's extent
_CAMERA = (0.0, 3.4, 42.0)  # decimetres in front of the mannequin's chest
_LIGHT = Light(key=(-0.35, 0.62, 0.7), ambient=0.66, strength=0.36)
_SHADOW, _SHADOW_BLUR, _SHADOW_FALL = 26.0, 5.0, (4, 1)  # of 255, and final pixels (sigma; down, right)
_FOREARM_SPREAD = 0.55  # angle of the forearm relative to the upper arm's
_FEET_APART = 2.2  # decimetres from the middle to each ankle
_SLIMMING, _SLIM_BELOW, _SLIM_OVER = 0.1, 3.0, 2.5  # most, and the heights from which and over which it sets in
_WAIST, _WAIST_HEIGHT, _WAIST_HALF = 0.07, 2.6, 1.7  # how much slimmer the waist is, where, and its half width
_SLOPE = 9.0  # degrees by which the shoulders slope
_SEEN = 0.2  # decimetres behind what the photo shows at which a point still counts as shown


@dataclass(frozen=True, slots=True, eq=False)
class InshopPhoto:
    """A garment photographed alone, 256×192, with its true mask and where its points are.

    Attributes:
        places: for each surface of ``upper_surfaces``, the pixel (x, y) of each vertex; (0, 0) is the centre of the
            top-left pixel.
        depths: for each surface, the vertices' depth; larger is nearer.
        depth: of what is seen, at ``_SUPERSAMPLING`` times the photo's size.
    """

    image: UInt8[np.ndarray, "256 192 3"]
    mask: Bool[np.ndarray, "256 192"]
    places: tuple[Float[np.ndarray, "K 2"], ...]
    depths: tuple[Float[np.ndarray, " K"], ...]
    depth: Float[np.ndarray, "H W"]

    def hide(self, place: Float[np.ndarray, "n 2"], depth: Float[np.ndarray, " n"]) -> Float[np.ndarray, "n 2"]:
        """Places of cloth points, NaN where something nearer or nothing is seen there."""
        pixel = np.floor((place + 0.5) * _SUPERSAMPLING).astype(int)
        height, width = self.depth.shape
        column, row = np.clip(pixel, 0, [width - 1, height - 1]).T
        there = self.depth[row, column]
        seen = (pixel == np.stack([column, row], axis=1)).all(1) & (there > FAR) & (depth > there - _SEEN)
        return np.where(seen[:, None], place, np.nan)


@cache
def mannequin() -> Points:
    """The template with slim hips and waist: what in-shop garments are draped on."""
    points = load_body().template.copy()
    height = points[:, 1]
    slimming = 1 - _SLIMMING * np.clip((_SLIM_BELOW - height) / _SLIM_OVER, 0, 1) ** 2
    slimming -= _WAIST * np.exp(-(((height - _WAIST_HEIGHT) / 0.9) ** 2)) * (np.abs(points[:, 0]) < _WAIST_HALF)
    points[:, 0] *= slimming
    points[:, 2] *= slimming
    return points


@lru_cache(maxsize=64)
def _hanging_arms(spread: float) -> Motion:
    """The mannequin's arms ``spread`` degrees from the vertical."""
    arms = {}
    for side in SIDES:
        angles = [np.radians(spread * share) for share in (1.0, _FOREARM_SPREAD)]
        upper, lower = ((float(np.sin(angle)), -float(np.cos(angle)), 0.06) for angle in angles)
        arms[side] = Arm(upper=upper, lower=lower, fingers=lower, palm=(-1.0, 0.0, 0.0), shrug=-_SLOPE)
    feet = {side: Foot(out=_FEET_APART, ahead=0.0, toe_out=0.0) for side in SIDES}
    upright = Trunk(bend=0.0, lean=0.0, twist=0.0, head_turn=0.0, head_tilt=0.0, head_nod=0.0)
    flat = {side: Curl((0.0,) * 4, 0.0, 0.0) for side in SIDES}
    pose = Pose("mannequin", 0.0, Stance("catalogue", feet), upright, arms, flat)
    return pose_body(load_body(), mannequin(), pose)


def _project(points: Points, scale: float, middle: tuple[float, float], size: tuple[int, int]) -> np.ndarray:
    """Pixel positions of world points, ``middle`` (in the camera's plane) at the middle of ``size`` (height, width)."""
    x, y, distance = _CAMERA
    nearness = distance / (distance - points[:, 2])
    across, up = (points[:, 0] - x) * nearness, (points[:, 1] - y) * nearness
    return np.stack([(across - middle[0]) * scale + size[1] / 2, size[0] / 2 - (up - middle[1]) * scale], axis=1)


def _draw(surfaces: list[Surface], scale: float, middle: tuple[float, float], size: tuple[int, int]) -> tuple:
    canvas = Canvas.empty(*size)
    places = [_project(surface.points, scale, middle, size) for surface in surfaces]
    for number, (surface, place) in enumerate(zip(surfaces, places, strict=True)):
        draw(canvas, surface, number, place, surface.points[:, 2])
    return canvas, places


def _framing(surfaces: list[Surface]) -> tuple[float, tuple[float, float]]:
    """Scale (final pixels a decimetre) and middle at which the garment fills the photo."""
    used = np.concatenate([_project(s.points[np.unique(s.faces)], 1.0, (0, 0), (0, 0)) for s in surfaces])
    low, high = used.min(0), used.max(0)
    scale, middle = _TRIAL / (high - low).max(), (float((low + high)[0] / 2), float(-(low + high)[1] / 2))
    canvas, _ = _draw(surfaces, scale, middle, (_TRIAL, _TRIAL))
    seen = (canvas.surface != NOTHING).reshape(_TRIAL, _TRIAL)
    rows, columns = np.flatnonzero(seen.any(1)), np.flatnonzero(seen.any(0))
    height, width = rows[-1] + 1 - rows[0], columns[-1] + 1 - columns[0]
    centre = (
        middle[0] + ((columns[0] + columns[-1] + 1) / 2 - _TRIAL / 2) / scale,
        middle[1] - ((rows[0] + rows[-1] + 1) / 2 - _TRIAL / 2) / scale,
    )
    free = 1 - 2 * _MARGIN
    return float(scale * min(free * HEIGHT / height, free * WIDTH / width)), centre


def _shadowed(covered: Float[np.ndarray, "256 192"]) -> Float[np.ndarray, "256 192 1"]:
    """White with the garment's soft shadow."""
    shadow = np.roll(ndimage.gaussian_filter(covered, _SHADOW_BLUR), _SHADOW_FALL, (0, 1))
    return WHITE - _SHADOW * shadow[..., None]


@lru_cache(maxsize=3)  # a person's garments: every photo's flow needs the in-shop photo
def photograph_inshop(garment: Garment, texture: Texture) -> InshopPhoto:
    """Photograph a garment on an invisible mannequin so that it fills the photo."""
    body, motion = load_body(), _hanging_arms(garment.spread)
    worn: Worn = wear(body, mannequin(), garment, texture, tucked=False)
    surfaces = upper_surfaces(body, mannequin(), worn, motion, garment.grain)
    scale, middle = _framing(surfaces)
    size = (HEIGHT * _SUPERSAMPLING, WIDTH * _SUPERSAMPLING)
    canvas, places = _draw(surfaces, scale * _SUPERSAMPLING, middle, size)
    colours, nothing = np.zeros((canvas.depth.size, 3), np.float32), canvas.surface == NOTHING
    for number, (surface, place) in enumerate(zip(surfaces, places, strict=True)):
        grain = np.zeros(canvas.depth.size, np.float32)
        pixel, seen = visible(canvas, surface, number, place, grain, _LIGHT)
        if len(pixel):
            colours[pixel] = np.clip(surface.paint(seen)[0], 0, WHITE)

    def shrink(fine: np.ndarray) -> np.ndarray:
        return fine.reshape(HEIGHT, _SUPERSAMPLING, WIDTH, _SUPERSAMPLING, -1).mean((1, 3))

    covered = shrink(1.0 - nothing)[..., 0]
    picture = shrink(colours) + _shadowed(covered) * (1 - covered[..., None])
    return InshopPhoto(
        image=np.clip(np.round(picture), 0, WHITE).astype(np.uint8),
        mask=covered > 0.5,
        places=tuple(place / _SUPERSAMPLING - 0.5 for place in places),
        depths=tuple(surface.points[:, 2] + surface.bias for surface in surfaces),
        depth=canvas.depth.reshape(size),
    )
