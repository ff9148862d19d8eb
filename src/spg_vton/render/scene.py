"""One photo: a dressed person in a pose, seen by a camera, as pixels, labels and keypoints.

Everything but the upper garment itself (framing, light, shadows, grain, keypoints) is computed from the body without
it. So another garment on the same person in the same shot changes only the pixels that either garment covers.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, UInt8
from numba import njit
from scipy import ndimage

from spg_vton.labels import NUM_LABELS
from spg_vton.render.accessories import Accessories, accessory_surfaces, dress_skin
from spg_vton.render.backdrop import Backdrop, paint_backdrop
from spg_vton.render.body import Body, Canon, load_body
from spg_vton.render.camera import HEIGHT, WIDTH, Camera, frame
from spg_vton.render.clothing import LowerShells, leg_end, lower_surfaces, make_lower_shells
from spg_vton.render.flow import true_flow
from spg_vton.render.hair import HairShells, grow_hair, hair_surfaces
from spg_vton.render.inshop import photograph_inshop
from spg_vton.render.landmarks import locate_keypoints
from spg_vton.render.mesh import Points, vertex_normals
from spg_vton.render.neckwear import upper_surfaces
from spg_vton.render.people import Identity, shape_points
from spg_vton.render.poses import Pose
from spg_vton.render.rasterizer import FAR, NOTHING, Canvas
from spg_vton.render.rig import Motion, pose_body
from spg_vton.render.skin import eye_painter, skin_painter
from spg_vton.render.surface import Light, Surface, draw, visible
from spg_vton.render.upper_surface import garment_label
from spg_vton.render.wearing import Worn

_GRAIN = 1.6  # standard deviation of the sensor's noise, of 255
_OCCLUSION, _OCCLUDING_STEP = 0.22, 1.2  # strength, and the decimetres at which it is full
_BEHIND = -6.0  # depth of the wall for ambient occlusion, decimetres


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """A person ready to be dressed and posed: all that does not depend on the garment or the pose."""

    identity: Identity
    points: Points
    hair: HairShells
    lower: LowerShells


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """How a photo is taken.

    Attributes:
        zoom: size of the person relative to a whole body that fills the photo.
        whole_body: frame the whole body; otherwise from the head to about the thighs.
        seed: of sensor noise and of where folds fall.
    """

    pose: Pose
    zoom: float
    whole_body: bool
    light: Light
    backdrop: Backdrop
    seed: int


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """A photo with its truth; keypoints as in ``spg_vton.keypoints`` (confidence 1 visible, 0.5 hidden by the body).

    ``flow`` is where each pixel of the upper garment appears in the in-shop photo: pixel (x, y), (0, 0) being the
    centre of the top-left pixel; NaN elsewhere and where the in-shop photo does not show that point of the cloth.
    """

    image: UInt8[np.ndarray, "256 192 3"]
    labels: UInt8[np.ndarray, "256 192"]
    keypoints: Float[np.ndarray, "18 3"]
    flow: Float[np.ndarray, "256 192 2"]


def build_figure(identity: Identity) -> Figure:
    """Shape a person and grow hair and lower clothes."""
    body = load_body()
    points = shape_points(body, identity.shape)
    return Figure(identity, points, grow_hair(body, identity, points), make_lower_shells(body, points))


def _hidden_by_lower(body: Body, identity: Identity, bare: bool) -> Bool[np.ndarray, " V"]:
    """Skin under shoes and, unless the legs are ``bare``, under trousers."""
    marks, height = body.landmarks, body.template[:, 1]
    hidden = height < marks.ankle - 0.25
    if identity.lower != "skirt" and not bare:
        hidden |= (
            (body.canon[:, Canon.ARM] < 0.3) & (height < marks.pelvis + 0.6) & (height > leg_end(body, identity) + 0.3)
        )
    return hidden


def _dressed_surfaces(
    body: Body, figure: Figure, worn: Worn, motion: Motion, extras: Accessories, seed: int
) -> tuple[list[Surface], dict[int, Surface]]:
    """Everything to draw of one photo, and which of it (by number) is the upper garment."""
    identity, posed = figure.identity, motion.skin(figure.points)
    under_lower = _hidden_by_lower(body, identity, bare=worn.garment.whole)
    hidden = worn.hidden_skin | under_lower
    lower = lower_surfaces(body, identity, figure.lower, motion, worn.hidden_trunk)
    faces = body.skin[~hidden[body.skin].all(1)]
    painter = dress_skin(skin_painter(identity), extras)
    upper = upper_surfaces(body, figure.points, worn, motion, seed)
    below = [
        Surface(posed, faces, body.canon, painter, normals=vertex_normals(posed, body.skin)),
        *([] if extras.sunglasses else [Surface(posed, body.eyes, body.canon, eye_painter(identity))]),
        *hair_surfaces(body, identity, figure.hair, motion),
        *(lower[:1] if worn.garment.whole else lower),  # shoes come first
    ]
    numbered = {len(below) + number: surface for number, surface in enumerate(upper)}
    return [*below, *upper, *accessory_surfaces(body, figure.points, motion, extras)], numbered


def _undressed_depth(body: Body, figure: Figure, motion: Motion, camera: Camera) -> Float[np.ndarray, "256 192"]:
    """Depth of skin, hair and lower clothes at final size; ``FAR`` where there is nothing."""
    canvas, posed = Canvas.empty(HEIGHT, WIDTH), motion.skin(figure.points)
    nothing_hidden = np.zeros(len(posed), bool)
    surfaces = [
        Surface(posed, body.skin, body.canon, eye_painter(figure.identity)),
        *hair_surfaces(body, figure.identity, figure.hair, motion),
        *lower_surfaces(body, figure.identity, figure.lower, motion, nothing_hidden),
    ]
    for number, surface in enumerate(surfaces):
        draw(canvas, surface, number, *camera.project(surface.points, supersampling=1))
    return canvas.depth.reshape(HEIGHT, WIDTH)


def _surroundings(depth: Float[np.ndarray, "256 192"], supersampling: int) -> Float[np.ndarray, " P"]:
    """Mean depth around each rendered pixel."""
    filled = np.where(depth > FAR, depth, np.float32(_BEHIND))
    return ndimage.uniform_filter(filled, 9).repeat(supersampling, 0).repeat(supersampling, 1).reshape(-1)


@njit(cache=True)
def majority(labels: UInt8[np.ndarray, "h w"], block: int) -> UInt8[np.ndarray, "H W"]:
    """The most frequent label of each block × block square; ties go to the higher label, so never to the background."""
    height, width = labels.shape[0] // block, labels.shape[1] // block
    out = np.zeros((height, width), np.uint8)
    for r in range(height):
        for c in range(width):
            count = np.zeros(NUM_LABELS, np.int64)
            for y in range(block):
                for x in range(block):
                    count[labels[r * block + y, c * block + x]] += 1
            best = 0
            for label in range(1, NUM_LABELS):
                if count[label] > 0 and count[label] >= count[best]:
                    best = label
            out[r, c] = best
    return out


def _feet(body: Body) -> np.ndarray:
    """Vertices of both shoes."""
    used = np.unique(body.tights)
    return used[body.template[used, 1] < body.landmarks.ankle]


def _backdrop(
    body: Body, figure: Figure, shot: Shot, motion: Motion, camera: Camera, depth: Float[np.ndarray, "256 192"]
) -> Float[np.ndarray, "256 192 3"]:
    feet, _ = camera.project(motion.skin(figure.lower.shoes)[_feet(body)], supersampling=1)
    return paint_backdrop(shot.backdrop, depth > FAR, feet)


def _paint(
    surfaces: list[Surface], camera: Camera, light: Light, supersampling: int, rng: np.random.Generator
) -> tuple[Canvas, Float[np.ndarray, "P 3"], UInt8[np.ndarray, " P"]]:
    """Draw all surfaces, then colour each rendered pixel once: canvas, colours and labels."""
    canvas = Canvas.empty(HEIGHT * supersampling, WIDTH * supersampling)
    grain = rng.standard_normal(canvas.depth.size, np.float32)
    places = [camera.project(surface.points, supersampling) for surface in surfaces]
    for number, (surface, place) in enumerate(zip(surfaces, places, strict=True)):
        draw(canvas, surface, number, *place)
    colours, labels = np.zeros((canvas.depth.size, 3), np.float32), np.zeros(canvas.depth.size, np.uint8)
    for number, (surface, (xy, _)) in enumerate(zip(surfaces, places, strict=True)):
        pixel, seen = visible(canvas, surface, number, xy, grain, light)
        if len(pixel):
            of_pixel, labels[pixel] = surface.paint(seen)
            colours[pixel] = np.clip(of_pixel, 0, 255)
    return canvas, colours, labels


def take_photo(
    figure: Figure, worn: Worn, shot: Shot, extras: Accessories | None = None, supersampling: int = 2
) -> Photo:
    """Render a person wearing a garment."""
    body, extras, rng = load_body(), extras or Accessories(), np.random.default_rng([shot.seed, 0])
    motion = pose_body(body, figure.points, shot.pose)
    posed = motion.skin(figure.points)
    camera = frame(body, posed, shot.zoom, shot.whole_body)
    depth = _undressed_depth(body, figure, motion, camera)
    surfaces, upper = _dressed_surfaces(body, figure, worn, motion, extras, shot.seed)
    canvas, colours, labels = _paint(surfaces, camera, shot.light, supersampling, rng)

    # Less ambient light reaches a pixel whose surroundings are nearer.
    nearer = _surroundings(depth, supersampling) - canvas.depth
    colours *= (1 - _OCCLUSION * np.clip(nearer / _OCCLUDING_STEP, 0, 1))[:, None]
    wall = _backdrop(body, figure, shot, motion, camera, depth).astype(np.float32)
    wall = wall.repeat(supersampling, 0).repeat(supersampling, 1).reshape(-1, 3)
    fine = np.where((canvas.surface != NOTHING)[:, None], colours, wall)
    picture = fine.reshape(HEIGHT, supersampling, WIDTH, supersampling, 3).mean((1, 3))
    picture += _GRAIN * rng.standard_normal(picture.shape, np.float32)
    of_pixel = majority(labels.reshape(canvas.height, canvas.width), supersampling)
    inshop = photograph_inshop(worn.garment, worn.texture)
    return Photo(
        image=np.clip(np.round(picture), 0, 255).astype(np.uint8),
        labels=of_pixel,
        keypoints=locate_keypoints(body, posed, camera, depth),
        flow=true_flow(canvas, upper, inshop, of_pixel == garment_label(worn.garment), supersampling),
    )
