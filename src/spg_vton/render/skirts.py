"""Skirts: a tube hung around the posed legs, in the frame of the pelvis.

At each height the tube is the convex outline of both legs, widened by the cut, and never narrower than cloth that
falls from above; so it holds in every stance.
"""

from functools import cache

import numpy as np
from jaxtyping import Float, Int
from scipy import ndimage

from spg_vton.labels import Label
from spg_vton.render.body import SKIN_VERTICES, Body, Canon, load_body
from spg_vton.render.cloth import Heights, Row, blend, dyed, folded, heights_of, near, shaded
from spg_vton.render.lower_look import LowerLook
from spg_vton.render.mesh import Points, vertex_normals
from spg_vton.render.rig import Motion
from spg_vton.render.rotations import Rotation, cross, unit_vector
from spg_vton.render.surface import Colours, Surface, Visible

_RINGS, _SECTORS = 26, 72
_BIAS = 0.1
_STEP = 2 * np.pi / _SECTORS
_ANGLES = np.arange(_SECTORS) * _STEP  # 0 in front, a quarter turn at the person's left
_COS, _SIN, _HEIGHT = 0, 1, 2  # columns of the surface's values
_HIP_WIDTH = 1.6  # turns angles into decimetres


@cache
def _inside_vertices() -> Int[np.ndarray, " n"]:
    """Skin vertices that a skirt may go around."""
    body = load_body()
    skin = body.canon[:SKIN_VERTICES]
    low, high = body.landmarks.ground + 0.6, body.landmarks.pelvis + 1.5
    return np.flatnonzero((skin[:, Canon.ARM] < 0.3) & (skin[:, Canon.Y] > low) & (skin[:, Canon.Y] < high))


def _outline(x: Row, z: Row) -> Row:
    """Radius of the convex outline of points around the origin, by sector."""
    directions = np.stack([np.sin(_ANGLES), np.cos(_ANGLES)])
    support = (np.stack([x, z], axis=1) @ directions).max(0)
    between = np.cos(_ANGLES[:, None] - _ANGLES[None])
    reach = np.where(between > 0.05, support[None] / np.maximum(between, 0.05), np.inf)
    return reach.min(1)


def _tube(points: Points, top: float, hem: float) -> tuple[Float[np.ndarray, "R 2"], Float[np.ndarray, "R S"], Row]:
    """Middles (x, z), radii and heights of rings around posed points in the pelvis' frame, from top to hem."""
    heights = np.linspace(top, hem, _RINGS)
    half = max(0.16, 0.75 * (top - hem) / _RINGS)
    middles, radii = np.zeros((_RINGS, 2)), np.zeros((_RINGS, _SECTORS))
    for ring, height in enumerate(heights):
        x, _, z = points[np.abs(points[:, 1] - height) < half].T
        middles[ring] = (x.min() + x.max()) / 2, (z.min() + z.max()) / 2
    middles = ndimage.gaussian_filter1d(middles, 1.5, axis=0, mode="nearest")
    for ring, height in enumerate(heights):
        x, _, z = points[np.abs(points[:, 1] - height) < half].T
        radii[ring] = _outline(x - middles[ring, 0], z - middles[ring, 1])
    return middles, radii, heights


def _hung(look: LowerLook, radii: Float[np.ndarray, "R S"], heights: Row, fit: Heights) -> Float[np.ndarray, "R S"]:
    """Radii of the cloth: eased, flared, falling from the hips, with the waves of its flare."""
    ease, _, flare = look.cut.ease
    below = np.clip((fit.top - 0.5 - heights) / max(fit.top - 0.5 - fit.hem, 0.3), 0, 1)
    cloth = radii + 0.04 + (ease - 0.04) * np.clip((fit.top - heights) / 0.6, 0, 1)[:, None]
    narrowing = 0.06 if flare < 0.1 else 0.0
    for ring in range(1, len(cloth)):
        if heights[ring] < fit.top - 0.9:
            cloth[ring] = np.maximum(cloth[ring], cloth[ring - 1] - narrowing * (heights[ring - 1] - heights[ring]) * 2)
    waves = np.sin(5 * _ANGLES + look.seed % 7) + 0.7 * np.sin(9 * _ANGLES + look.seed % 11)
    cloth = cloth + (flare * below)[:, None] * (0.62 + 0.13 * waves)[None]
    return ndimage.gaussian_filter(cloth, (1.0, 1.0), mode=("nearest", "wrap"))


@cache
def _faces() -> Int[np.ndarray, "F 3"]:
    ring, sector = np.divmod(np.arange((_RINGS - 1) * _SECTORS), _SECTORS)
    here, beside = ring * _SECTORS + sector, ring * _SECTORS + (sector + 1) % _SECTORS
    below, corner = here + _SECTORS, beside + _SECTORS
    faces = np.concatenate([np.stack([here, below, beside], 1), np.stack([beside, below, corner], 1)])
    return faces.astype(np.int32)


def _painted(look: LowerLook, fit: Heights, seen: Visible) -> Colours:
    """Cloth, waistband, seams and folds."""
    angle = np.arctan2(seen.values[:, _SIN], seen.values[:, _COS]).astype(np.float64)
    y, seed = seen.values[:, _HEIGHT].astype(np.float64), look.seed % 97
    down = np.clip((fit.band - y) / max(fit.band - fit.hem, 0.1), 0, 1)
    colours = dyed(look, seen, angle * _HIP_WIDTH, y)
    tight = look.cut.ease[2] < 0.1
    wander = 2.6 * np.sin(2 * angle + seed) + 1.3 * np.sin(3 * angle + y)
    lines = (0.12 if tight else 0.05) * np.sin(5.5 * y + wander)
    lines = lines * (0.4 + np.exp(-(((down - 0.25) / 0.25) ** 2)))
    upright = 0.1 * np.sin(7 * angle + seed) * down
    if look.cut.name == "pleated skirt":
        pleats = np.mod(angle * 26 / (2 * np.pi), 1)
        upright = 0.9 * (pleats - 0.5) * np.clip(down * 4, 0.15, 1)
        colours = colours * (1 - 0.35 * (pleats < 0.14) * np.clip(4 * down, 0.3, 1))[:, None]
    if look.cut.waist == "jeans":
        colours = blend(colours, 0.3 * np.exp(-((angle / 0.45) ** 2) - ((down - 0.6) / 0.4) ** 2), (150, 168, 196))
        bow = np.hypot((np.abs(angle) * _HIP_WIDTH - 1.5) / 0.85, (y - fit.band) / 0.52) - 1
        colours = blend(colours, 0.4 * near(bow, 0.06) * (y < fit.band), (196, 150, 92))
        colours = colours * (1 - 0.3 * near(angle, 0.02))[:, None]
    side = near(np.abs(np.abs(angle) - np.pi / 2), 0.02) + near(np.abs(angle) - np.pi, 0.02)
    colours = colours * (1 - 0.2 * side)[:, None]
    if look.fabric == "leather":  # panels
        colours = colours * (1 - 0.35 * near(np.abs(angle) - 0.55, 0.02))[:, None]
    colours = colours * (1 - 0.22 * near(y - fit.band, 0.03) - 0.14 * near(y - fit.hem - 0.12, 0.03))[:, None]
    return shaded(look, seen.light, colours, folded(seen.towards_viewer(), lines, upright))


def _hanging_frame(pelvis: Rotation) -> Rotation:
    """The pelvis' rotation with most of its tilt taken out, for cloth hangs down."""
    up = unit_vector(pelvis[:, 1] + np.array([0.0, 1.5, 0.0]))
    side = unit_vector(cross(up, pelvis[:, 2]))
    return np.stack([side, up, cross(side, up)], axis=1)


def skirt_surface(body: Body, look: LowerLook, points: Points, motion: Motion) -> Surface:
    """The posed skirt around a person of rest shape ``points``."""
    fit, pelvis = heights_of(body.landmarks, look), body.bone("pelvis")
    rotation = _hanging_frame(motion.rotations[pelvis])
    rest = body.joint(points, "pelvis")
    shift = motion.rotations[pelvis] @ rest + motion.shifts[pelvis] - rotation @ rest
    local = (motion.skin(points)[_inside_vertices()] - shift) @ rotation
    at_rest = rest[1] - body.landmarks.pelvis  # tall people wear higher waistbands
    leg = rest[1] - points[:SKIN_VERTICES, 1].min()
    stretch = leg / (body.landmarks.pelvis - body.landmarks.ground)
    hem = body.landmarks.pelvis + at_rest - (body.landmarks.pelvis - fit.hem) * stretch
    middles, radii, heights = _tube(local, fit.top + at_rest, max(hem, float(local[:, 1].min()) + 0.2))
    canonical = np.linspace(fit.top, fit.hem, _RINGS)
    radii = _hung(look, radii, canonical, fit)
    x, z = (middles[:, [i]] + radii * of(_ANGLES)[None] for i, of in ((0, np.sin), (1, np.cos)))
    rings = np.stack([x, np.repeat(heights[:, None], _SECTORS, 1), z], axis=-1).reshape(-1, 3)
    posed = rings @ rotation.T + shift
    angles = np.tile(_ANGLES, _RINGS)
    values = np.column_stack([np.cos(angles), np.sin(angles), np.repeat(canonical, _SECTORS)]).astype(np.float32)

    def paint(seen: Visible) -> tuple[np.ndarray, np.ndarray]:
        colours = _painted(look, fit, seen)
        colours[seen.inside] *= 0.5
        return colours, np.full(len(colours), Label.SKIRT)

    normals = vertex_normals(posed, _faces())
    return Surface(posed, _faces(), values, paint, bias=_BIAS, two_sided=True, normals=normals)
