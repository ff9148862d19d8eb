"""All surfaces of the posed upper garment: its panels, and its collar, hood or rolled neck."""

import numpy as np
from jaxtyping import Bool

from spg_vton.render.body import Body, Canon
from spg_vton.render.collars import Strip, collar_strip, lay_around
from spg_vton.render.flat_layout import BACK, FRONT, load_layout
from spg_vton.render.mesh import Points, vertex_normals
from spg_vton.render.rig import Motion
from spg_vton.render.surface import Surface, Values, Visible
from spg_vton.render.upper_surface import CLOTH_BIAS, INSIDE_SHADE, garment_label, sample, top_surface
from spg_vton.render.wearing import Worn

_NECK_EASE = 0.13  # decimetres between a rolled neck and the skin
_NECK_UP = np.array([0.0, 0.92, 0.38])  # along the neck, in the rest pose


def _plain_colours(worn: Worn, ribs: np.ndarray, seen: Visible) -> np.ndarray:
    """Colours of a trim in the garment's own colour, with knitted ribs."""
    trim = worn.garment.colours[1 if worn.garment.pattern == "raglan" else 0]
    colours = np.array(trim, np.float32) * (0.97 + 0.04 * ribs[:, None]) * seen.light.shade(seen.towards_viewer())
    colours[seen.inside] *= INSIDE_SHADE + 0.1
    return colours


def rolled_neck(body: Body, points: Points, worn: Worn, motion: Motion) -> Surface:
    """The tube of a turtleneck or a mock neck, around the neck up to under the chin."""
    marks, height = body.landmarks, body.template[:, 1]
    neck = body.skin[((height > 5.2) & (height < marks.chin + 0.5))[body.skin].all(1)]
    shell = points + vertex_normals(points, body.skin) * _NECK_EASE
    top = marks.chin - (0.02 if worn.garment.neckline == "turtle" else 0.22)

    def covers(values: Values) -> Bool[np.ndarray, " n"]:
        x, y, z = (values[:, column] for column in (Canon.X, Canon.Y, Canon.Z))
        return (y < top - 0.3 * (z - 0.5)) & (y > 5.6) & (np.hypot(x, z - 0.2) < 1.0)

    def paint(seen: Visible) -> tuple[np.ndarray, np.ndarray]:
        x, y, z = (seen.values[:, column] for column in (Canon.X, Canon.Y, Canon.Z))
        ribs = np.sin(40 * np.arctan2(x, z - 0.2)) * worn.garment.ribbed
        colours = _plain_colours(worn, ribs, seen)
        fold = y - (top - 0.3 * (z - 0.5) - 0.42)
        colours *= (1 - 0.12 * np.exp(-((fold / 0.05) ** 2)))[:, None]
        return colours, np.full(len(colours), garment_label(worn.garment))

    return Surface(motion.skin(shell), neck, body.canon, paint, covers, bias=0.05, two_sided=True)


def _collar(body: Body, worn: Worn, motion: Motion, strip: Strip) -> Surface:
    layout, garment = load_layout(worn.garment.legs), worn.garment
    shell = motion.skin(worn.drape.shell)
    normals = layout.cut.extend(vertex_normals(shell, layout.faces))
    up = motion.rotations[body.bone("neck_01")] @ _NECK_UP
    points = lay_around(strip, layout.cut.extend(shell), normals, up)
    pixels = [layout.pixels[FRONT], layout.pixels[BACK]]
    corners, places = strip.outer
    side = (np.abs(strip.values[:, 1] - 0.5) < 0.25).astype(np.float64)
    place = np.where(side[:, None] > 0.5, *(np.einsum("nk,nkd->nd", places, of[corners]) for of in pixels[::-1]))
    values = np.column_stack([strip.values, place, side]).astype(np.float32)

    def paint(seen: Visible) -> tuple[np.ndarray, np.ndarray]:
        row, around = seen.values[:, 0], seen.values[:, 1]
        colours = _plain_colours(worn, np.cos(900 * around) * (garment.style == "polo"), seen)
        if garment.style == "shirt":
            cloth = sample(worn.texture.colour, seen.values[:, 4], seen.values[:, 2], seen.values[:, 3])
            colours *= cloth / np.array(garment.colours[0], np.float32).clip(1)
        edge = np.minimum(1 - row, np.minimum(around, 1 - around) * 6)
        colours *= (1 - 0.1 * np.exp(-(((edge - 0.09) / 0.025) ** 2)))[:, None]
        return colours, np.full(len(colours), garment_label(garment))

    return Surface(points, strip.faces, values, paint, None, CLOTH_BIAS + 0.03, two_sided=True)


def upper_surfaces(body: Body, points: Points, worn: Worn, motion: Motion, fold_seed: int) -> list[Surface]:
    """The posed upper garment with its collar; the same surfaces, vertex by vertex, on every person."""
    surfaces = [top_surface(body, worn, motion, fold_seed)]
    strip = collar_strip(worn.garment.style, worn.garment.legs)
    if strip is not None:
        surfaces.append(_collar(body, worn, motion, strip))
    if worn.garment.neckline in ("turtle", "mock"):
        surfaces.append(rolled_neck(body, points, worn, motion))
    return surfaces
