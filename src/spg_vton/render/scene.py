"""One photo: a dressed person in a pose, seen by a camera, as pixels, labels and keypoints.

Everything but the upper garment itself (framing, light, shadows, grain, keypoints) is computed from the body without
it. So another garment on the same person in the same shot changes only the pixels that either garment covers and those
that its hem shades, up to ``GARMENT_REACH`` pixels around.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, UInt8

from spg_vton.render.accessories import Accessory, accessory_glazes, accessory_surfaces, arrange_hair
from spg_vton.render.backdrop import Backdrop, paint_backdrop
from spg_vton.render.body import SKIN_VERTICES, Body, load_body
from spg_vton.render.builds import shape_points
from spg_vton.render.camera import HEIGHT, WIDTH, Camera, frame
from spg_vton.render.clothing import (
    LowerShells,
    footwear_surfaces,
    hidden_by_footwear,
    hidden_by_lower,
    lower_surfaces,
    make_lower_shells,
)
from spg_vton.render.compositing import majority, paint, shadowed
from spg_vton.render.flow import true_flow
from spg_vton.render.hair import HairShells, grow_hair, hair_surfaces
from spg_vton.render.inshop import photograph_inshop
from spg_vton.render.landmarks import locate_keypoints
from spg_vton.render.light import Light
from spg_vton.render.mesh import Points, vertex_normals
from spg_vton.render.neckwear import upper_surfaces
from spg_vton.render.people import Identity
from spg_vton.render.poses import Pose
from spg_vton.render.rasterizer import FAR, NOTHING, Canvas
from spg_vton.render.rig import Motion, pose_body
from spg_vton.render.sensor import develop, expose
from spg_vton.render.shadows import HEM_REACH
from spg_vton.render.skin import eye_painter, skin_painter
from spg_vton.render.surface import Surface, draw
from spg_vton.render.upper_surface import garment_label
from spg_vton.render.wearing import Worn

GARMENT_REACH = HEM_REACH + 2  # lens and sharpening carry the shade of the hem one pixel further each


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
        zoom: size of the person relative to the usual of ``camera``.
        whole_body: frame the whole body; otherwise from the head to about the thighs.
        seed: of sensor noise and of where folds fall.
        offset: pixels (right, down) by which the person stands away from the usual place.
    """

    pose: Pose
    zoom: float
    whole_body: bool
    light: Light
    backdrop: Backdrop
    seed: int
    offset: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """A photo with its truth.

    Attributes:
        keypoints: as in ``spg_vton.keypoints`` (confidence 1 visible, 0.5 hidden by the body).
        body: silhouette of the body without its upper garment.
        flow: where each pixel of the upper garment appears in the in-shop photo: pixel (x, y), (0, 0) being the centre
            of the top-left pixel; NaN elsewhere and where the in-shop photo does not show that point of the cloth.
    """

    image: UInt8[np.ndarray, "256 192 3"]
    labels: UInt8[np.ndarray, "256 192"]
    keypoints: Float[np.ndarray, "18 3"]
    body: Bool[np.ndarray, "256 192"]
    flow: Float[np.ndarray, "256 192 2"]


def build_figure(identity: Identity) -> Figure:
    """Shape a person and grow hair and lower clothes."""
    body = load_body()
    points = shape_points(body, identity.shape)
    return Figure(
        identity, points, grow_hair(body, identity, points), make_lower_shells(body, points, identity.lower_look)
    )


def _dressed_surfaces(
    body: Body, figure: Figure, worn: Worn, motion: Motion, extras: Sequence[Accessory], hair: list[Surface], seed: int
) -> tuple[list[Surface], dict[int, Surface]]:
    """Everything to draw of one photo, and which of it (by number) is the upper garment."""
    identity, posed = figure.identity, motion.skin(figure.points)
    look, whole = identity.lower_look, worn.garment.whole
    hidden = worn.hidden_skin | hidden_by_footwear(body, look)
    if not whole:
        hidden |= hidden_by_lower(body, look)
    faces = body.skin[~hidden[body.skin].all(1)]
    upper = upper_surfaces(body, figure.points, worn, motion, seed)
    below = [
        Surface(posed, faces, body.canon, skin_painter(identity), normals=vertex_normals(posed, body.skin)),
        Surface(posed, body.eyes, body.canon, eye_painter(identity)),
        *arrange_hair(hair, extras),
        *footwear_surfaces(body, look, figure.lower.footwear, motion),
        *([] if whole else lower_surfaces(body, look, figure.lower, motion, worn.hidden_trunk)),
    ]
    numbered = {len(below) + number: surface for number, surface in enumerate(upper)}
    return [*below, *upper, *accessory_surfaces(body, figure.points, motion, extras)], numbered


def _undressed_depth(
    body: Body, figure: Figure, motion: Motion, camera: Camera, hair: list[Surface]
) -> Float[np.ndarray, "256 192"]:
    """Depth of skin, hair and lower clothes at final size; ``FAR`` where there is nothing."""
    canvas, posed = Canvas.empty(HEIGHT, WIDTH), motion.skin(figure.points)
    nothing_hidden, look = np.zeros(len(posed), bool), figure.identity.lower_look
    surfaces = [
        Surface(posed, body.skin, body.canon, eye_painter(figure.identity)),
        *hair,
        *footwear_surfaces(body, look, figure.lower.footwear, motion),
        *lower_surfaces(body, look, figure.lower, motion, nothing_hidden),
    ]
    for number, surface in enumerate(surfaces):
        draw(canvas, surface, number, *camera.project(surface.points, supersampling=1))
    return canvas.depth.reshape(HEIGHT, WIDTH)


def _feet(body: Body) -> np.ndarray:
    """Vertices of both shoes."""
    used = np.unique(body.tights)
    return used[body.template[used, 1] < body.landmarks.ankle]


def _backdrop(
    body: Body, figure: Figure, shot: Shot, motion: Motion, camera: Camera, depth: Float[np.ndarray, "256 192"]
) -> Float[np.ndarray, "256 192 3"]:
    feet, _ = camera.project(motion.skin(figure.lower.footwear.shoes)[_feet(body)], supersampling=1)
    return paint_backdrop(shot.backdrop, depth > FAR, feet, shot.light.key[0])


def take_photo(
    figure: Figure, worn: Worn, shot: Shot, extras: Sequence[Accessory] = (), supersampling: int = 2
) -> Photo:
    """Render a person wearing a garment."""
    body, rng = load_body(), np.random.default_rng([shot.seed, 0])
    motion = pose_body(body, figure.points, shot.pose)
    posed = motion.skin(figure.points)
    rise = figure.hair.rise(float(figure.points[:SKIN_VERTICES, 1].max()))
    camera = frame(body, posed, shot.zoom, shot.whole_body, shot.offset, rise)
    hair = hair_surfaces(body, figure.identity, figure.hair, motion)
    depth = _undressed_depth(body, figure, motion, camera, hair)
    surfaces, upper = _dressed_surfaces(body, figure, worn, motion, extras, hair, shot.seed)
    glazes = accessory_glazes(body, figure.points, motion, extras)
    canvas, colours, labels = paint(surfaces, glazes, camera, shot.light, supersampling, rng)

    colours = expose(colours * shadowed(canvas, labels, depth, camera, shot.light, supersampling))
    wall = _backdrop(body, figure, shot, motion, camera, depth).astype(np.float32)
    wall = wall.repeat(supersampling, 0).repeat(supersampling, 1).reshape(-1, 3)
    fine = np.where((canvas.surface != NOTHING)[:, None], colours, wall)
    picture = develop(fine.reshape(canvas.height, canvas.width, 3), supersampling, rng)
    of_pixel = majority(labels.reshape(canvas.height, canvas.width), supersampling)
    inshop = photograph_inshop(worn.garment, worn.texture)
    return Photo(
        image=picture,
        labels=of_pixel,
        keypoints=locate_keypoints(body, posed, camera, depth),
        body=depth > FAR,
        flow=true_flow(canvas, upper, inshop, of_pixel == garment_label(worn.garment), supersampling),
    )
