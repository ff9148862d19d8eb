"""Hair: a cap that grows out of the scalp, and a curtain for long hair and bobs."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy.spatial import cKDTree

from spg_vton.labels import Label
from spg_vton.render.body import SKIN_VERTICES, Body, Canon, load_body
from spg_vton.render.mesh import Points, vertex_normals
from spg_vton.render.people import Identity
from spg_vton.render.rig import Motion
from spg_vton.render.surface import Painter, Surface, Values, Visible

_THICKNESS = {"buzz": 0.05, "short": 0.2, "bun": 0.13, "bob": 0.22, "long": 0.2}
_CURTAIN_END = {"long": 3.9, "bob": 5.75}  # canonical height of the tips
_CLEARANCE = 0.62  # decimetres between skin and curtain, room for any garment and its bias


def _above_hairline(identity: Identity, values: Values) -> Float[np.ndarray, " n"]:
    """Height over the hairline, which drops from the forehead to the nape."""
    eye = load_body().landmarks.eye[1]
    forehead = eye + 0.62 - 0.06 * np.cos(3 * values[:, Canon.X])
    nape = eye - (0.8 if identity.hair_style == "buzz" else 0.95)
    back = np.clip((0.75 - values[:, Canon.Z]) / 0.9, 0, 1)
    return values[:, Canon.Y] - (forehead * (1 - back) + nape * back)


def _from_ears(values: Values) -> Float[np.ndarray, " n"]:
    """Distance from the patch around each ear where no hair grows; negative inside it."""
    x, y, z = (values[:, column] for column in (Canon.X, Canon.Y, Canon.Z))
    in_profile = np.maximum(np.maximum(z - 0.85, -0.05 - z), y - load_body().landmarks.eye[1] - 0.28)
    return np.maximum(in_profile, 0.5 - np.abs(x))


def in_hairline(identity: Identity, values: Values) -> Bool[np.ndarray, " n"]:
    """Where hair grows: above the hairline but not on the ears."""
    above_nape = values[:, Canon.Y] > load_body().landmarks.neck + 0.2
    return (_above_hairline(identity, values) > 0) & (_from_ears(values) > 0) & above_nape


def _strand_painter(identity: Identity, long: bool) -> Painter:
    """Strands as waves across the hair, with a soft highlight."""
    hair = np.array(identity.hair, np.float32)

    def paint(seen: Visible) -> tuple[np.ndarray, np.ndarray]:
        x, y, z = (seen.values[:, column] for column in (Canon.X, Canon.Y, Canon.Z))
        if long:
            wave = 38 * x + 21 * z + 2 * np.sin(2 * y)
            strands = np.sin(wave) + 0.6 * np.sin(90 * x + 50 * z + 2 * y) + 0.4 * seen.grain
        else:
            angle = np.arctan2(x, z - 0.2)
            strands = np.sin(40 * angle + 3 * y) + 0.6 * np.sin(93 * angle + 5 * y) + 0.5 * seen.grain
        normals = seen.towards_viewer()
        glint = np.clip(seen.light.facing(normals), 0, 1) ** 8 * (0.5 + 0.3 * strands)
        colours = hair * 0.95 * seen.light.shade(normals) * (1 + 0.11 * strands[:, None]) + 50 * glint[:, None]
        return colours.astype(np.float32), np.full(len(x), Label.HAIR)

    return paint


@dataclass(frozen=True, slots=True, eq=False)
class HairShells:
    """Rest shapes of a person's hair; the curtain has an outer and an inner sheet."""

    cap: Points
    cap_faces: Int[np.ndarray, "F 3"]
    curtain: Points
    lining: Points


def _keep_clear(body: Body, points: Points, sheet: Points, clearance: float) -> Points:
    """Push the part of a hair sheet below the neck away from the trunk of the same person."""
    hanging, trunk = np.unique(body.hair), np.unique(body.tights)
    nearest = trunk[cKDTree(body.template[trunk]).query(body.template[hanging])[1]]
    outward = vertex_normals(points, body.tights)[nearest]
    outward[:, 1] = 0  # sideways only: hair on a shoulder would otherwise stand up
    gap = ((sheet[hanging] - points[nearest]) * outward).sum(1)
    below_neck = body.template[hanging, 1] < body.landmarks.neck - 0.1
    clear = sheet.copy()
    clear[hanging] += outward * (np.clip(clearance - gap, 0, 1.2) * below_neck)[:, None]
    return clear


def grow_hair(body: Body, identity: Identity, points: Points) -> HairShells:
    """Hair of one person, whatever the garment: the curtain keeps clear of the widest one."""
    marks = body.landmarks
    scalp = np.flatnonzero(body.template[:SKIN_VERTICES, 1] > marks.neck)
    values = body.canon[scalp]
    waves = 0.35 * np.sin(5 * values[:, Canon.X] + identity.phase) * np.sin(4 * values[:, Canon.Z])
    volume = 1 + waves + 0.5 * np.clip(values[:, Canon.Y] - marks.eye[1] - 0.4, 0, 1)
    taper = np.clip(np.minimum(_above_hairline(identity, values), _from_ears(values)) / 0.3, 0.12, 1)
    height = np.where(in_hairline(identity, values), _THICKNESS[identity.hair_style] * volume * taper, 0)
    cap = points.copy()
    cap[scalp] += vertex_normals(points, body.skin)[scalp] * height[:, None]
    cap_faces = body.skin[body.template[body.skin][:, :, 1].min(1) > marks.neck + 0.1]

    lining = points.copy()
    lining[:, 0] *= np.where(body.template[:, 1] > marks.neck, 0.84, 0.93)
    lining[:, 2] -= 0.06
    curtain = _keep_clear(body, points, points, _CLEARANCE)
    lining = _keep_clear(body, points, lining, _CLEARANCE)
    return HairShells(cap=cap, cap_faces=cap_faces, curtain=curtain, lining=lining)


def hair_surfaces(body: Body, identity: Identity, shells: HairShells, motion: Motion) -> list[Surface]:
    """The hair of a posed person."""
    marks = body.landmarks

    def cap_covers(values: Values) -> Bool[np.ndarray, " n"]:
        return in_hairline(identity, values)

    def curtain_covers(values: Values) -> Bool[np.ndarray, " n"]:
        x, y, z = (values[:, column] for column in (Canon.X, Canon.Y, Canon.Z))
        tips = _CURTAIN_END[identity.hair_style] + 0.25 * np.sin(9 * x + identity.phase)
        face = (z > 0.85) & (y < marks.eye[1] + 0.55) & (np.abs(x) < 0.72)
        return (y > tips) & (y < 8.6) & ~face

    painter = _strand_painter(identity, long=False)
    surfaces = [Surface(motion.skin(shells.cap), shells.cap_faces, body.canon, painter, cap_covers, bias=0.02)]
    if identity.hair_style in _CURTAIN_END:
        painter = _strand_painter(identity, long=True)
        for sheet, bias in ((shells.curtain, 0.0), (shells.lining, -0.05)):
            moved = motion.skin(sheet)
            surfaces.append(Surface(moved, body.hair, body.canon, painter, curtain_covers, bias, two_sided=True))
    return surfaces
