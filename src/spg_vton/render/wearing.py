"""The upper garment on a body: its fit, the skin it hides, and its posed surfaces."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from jaxtyping import Bool, Float, Int
from numba import njit
from scipy.spatial import cKDTree

from spg_vton.labels import Label
from spg_vton.render.body import SKIN_VERTICES, Body, Canon, load_body
from spg_vton.render.clothing import WAISTBAND
from spg_vton.render.collars import Strip, collar_strip, lay_around
from spg_vton.render.draping import Drape, drape
from spg_vton.render.flat_layout import BACK, FRONT, JOIN, SIZE, load_layout
from spg_vton.render.folds import folds_at, strain, wrinkle_maps
from spg_vton.render.garments import Garment
from spg_vton.render.mesh import Faces, Points, neighbour_mean, vertex_normals
from spg_vton.render.rig import Motion
from spg_vton.render.silhouettes import SLEEVE_END
from spg_vton.render.surface import Surface, Values, Visible, unit
from spg_vton.render.textures import Texture

_MARGIN = 0.22  # decimetres from the garment's edge to the skin that may be left out
_REACH = 0.6  # decimetres past its edges to which a garment's mesh is kept
_Y, _ALONG, _ARM, _COLUMN, _ROW, _PANEL, _SKIRT = 1, 3, 4, 5, 6, 7, 8
_COLUMN_TANGENT, _ROW_TANGENT, _TENSOR = slice(9, 12), slice(12, 15), slice(15, 18)
_BIAS, _TUCKED_BIAS = 0.2, 0.06
_INSIDE_SHADE = 0.6
_HOLLOW = 0.035  # how much darker folds are a texel deep
_LAP = 0.06  # by which trunk and skirt overlap, decimetres
_SAG = 0.05  # ease of a sleeve below which it does not hang, decimetres
_NECK_EASE = 0.13  # decimetres between a rolled neck and the skin
_NECK_UP = np.array([0.0, 0.92, 0.38])  # along the neck, in the rest pose
_TAG = (0.15, 0.06, 0.27)  # half width, and distances from the neckline between which the inner label lies


@dataclass(frozen=True, slots=True, eq=False)
class TopMesh:
    """Both panels as one mesh: ``source`` points into the cut surface's vertices."""

    source: Int[np.ndarray, " K"]
    faces: Faces
    values: Float[np.ndarray, "K 9"]  # garment coordinates, column and row in the panel, panel, skirt


@cache
def top_mesh(legs: bool) -> TopMesh:
    """The mesh that all garments of a layout share, once a process."""
    layout = load_layout(legs)
    sources, faces, values, count = [], [], [], 0
    for side, half in enumerate(layout.cut.faces):
        used, local = np.unique(half, return_inverse=True)
        sources.append(used)
        faces.append(local.reshape(half.shape).astype(np.int32) + count)
        own = (layout.pixels[side][used], np.full(len(used), side), layout.of_skirt[used])
        values.append(np.column_stack([layout.canon[used], *own]))
        count += len(used)
    return TopMesh(np.concatenate(sources), np.concatenate(faces), np.concatenate(values).astype(np.float32))


@dataclass(frozen=True, slots=True, eq=False)
class Worn:
    """One person's fit of one garment, and the vertices (skin and trunk) hidden well under it.

    Attributes:
        faces: the part of ``top_mesh`` that the garment can reach.
        tucked: it is worn inside the waistband.
        slack: fold tensor that the cut gives each vertex of ``top_mesh`` in any pose.
    """

    garment: Garment
    texture: Texture
    drape: Drape
    tucked: bool
    faces: Faces
    slack: Float[np.ndarray, "K 3"]
    hidden_skin: Bool[np.ndarray, " V"]
    hidden_trunk: Bool[np.ndarray, " V"]


@cache
def _skin_to_trunk() -> tuple[np.ndarray, np.ndarray]:
    """Nearest trunk vertex of each skin vertex, and which can be under cloth: near it and below the neck."""
    body = load_body()
    trunk = np.unique(body.tights)
    distance, nearest = cKDTree(body.template[trunk]).query(body.template[:SKIN_VERTICES])
    return trunk[nearest], (distance < 0.5) & (body.template[:SKIN_VERTICES, 1] < body.landmarks.neck - 0.3)


def _hidden(garment: Garment, texture: Texture, count: int) -> Bool[np.ndarray, " V"]:
    """Trunk vertices further than the margin from any edge of the cloth."""
    hidden, mesh, layout = np.zeros(count, bool), top_mesh(garment.legs), load_layout(garment.legs)
    for side in (FRONT, BACK):
        here = mesh.source[(mesh.values[:, _PANEL] == side) & (mesh.source < count)]
        column, row = np.clip(layout.pixels[side][here].astype(int), 0, SIZE - 1).T
        hidden[here] = texture.depth[side][row, column] > _MARGIN
    return hidden


def _reached(garment: Garment, mesh: TopMesh) -> Faces:
    """Faces that the garment's cloth can touch."""
    y, along, arm = (mesh.values[:, column] for column in (_Y, _ALONG, _ARM))
    end = SLEEVE_END.get(garment.sleeve, 0.3)
    reached = np.where(arm > 0.5, along < end + _REACH / 2, y > garment.hem - _REACH)
    return mesh.faces[reached[mesh.faces].any(1)]


def _slack(garment: Garment, mesh: TopMesh, ease: np.ndarray) -> Float[np.ndarray, "K 3"]:
    """Folds that loose cloth has in any pose: they hang down the trunk, and cross the sleeves."""
    arm, along = (mesh.values[:, column].astype(np.float64) for column in (_ARM, _ALONG))
    side = np.where(mesh.values[:, 0] > 0, 1.0, -1.0) * np.where(mesh.values[:, _PANEL] == BACK, -1, 1)
    hanging = np.clip(0.5 * ease - 0.03, 0, 0.35) * (1 - arm)
    bunched = arm * (0.06 + 0.08 * np.exp(-(((along - 1.1) / 0.3) ** 2)) + 0.06 * (along > 1.5))
    around = arm * np.clip(0.35 * ease, 0, 0.2)
    c, r = 0.8 * side, 0.6  # direction down the sleeve in the panel's picture
    resting = 0.006
    cc = hanging + bunched * c * c + around * r * r + resting
    cr = (bunched - around) * c * r
    return np.stack([cc, cr, bunched * r * r + around * c * c + resting], axis=1)


def wear(body: Body, points: Points, garment: Garment, texture: Texture, tucked: bool) -> Worn:
    """Fit a garment to a person's rest shape."""
    mesh, tucked = top_mesh(garment.legs), tucked and not garment.whole
    draped = drape(body, points, garment, load_layout(garment.legs), tucked)
    hidden_trunk = _hidden(garment, texture, len(points))
    nearest, near = _skin_to_trunk()
    hidden_skin = np.zeros(len(points), bool)
    hidden_skin[:SKIN_VERTICES] = hidden_trunk[nearest] & near
    ease = load_layout(garment.legs).cut.extend(draped.ease)[mesh.source]
    return Worn(
        garment=garment,
        texture=texture,
        drape=draped,
        tucked=tucked,
        faces=_reached(garment, mesh),
        slack=_slack(garment, mesh, ease),
        hidden_skin=hidden_skin,
        hidden_trunk=hidden_trunk & (not tucked),
    )


@njit(cache=True)
def sample(panels: np.ndarray, panel: np.ndarray, column: np.ndarray, row: np.ndarray) -> np.ndarray:
    """Bilinear look-up in (2, S, S, C) at pixel positions (pixel centres at half-integers), clamped at the border."""
    size, channels = panels.shape[1], panels.shape[3]
    out = np.empty((len(panel), channels), np.float32)
    for i in range(len(panel)):
        c = min(max(column[i] - 0.5, 0.0), size - 1.001)
        r = min(max(row[i] - 0.5, 0.0), size - 1.001)
        c0, r0 = int(c), int(r)
        fc, fr = c - c0, r - r0
        side = 1 if panel[i] > 0.5 else 0
        for k in range(channels):
            upper = panels[side, r0, c0, k] * (1 - fc) + panels[side, r0, c0 + 1, k] * fc
            lower = panels[side, r0 + 1, c0, k] * (1 - fc) + panels[side, r0 + 1, c0 + 1, k] * fc
            out[i, k] = upper * (1 - fr) + lower * fr
    return out


def _sagging(body: Body, worn: Worn, motion: Motion, shell: Points) -> Points:
    """Let wide sleeves hang from the arm: downwards, as far as they are wide, across the arm."""
    canon = load_layout(worn.garment.legs).canon[: len(shell)]
    arm, along = canon[:, _ARM], canon[:, _ALONG]
    sag = arm * np.clip(worn.drape.ease - _SAG, 0, None) * np.clip(along / 0.4, 0, 1)
    for side, sign in (("l", 1), ("r", -1)):
        for name, low, high in (("upperarm", -9.0, 1.0), ("lowerarm", 1.0, 9.0)):
            here = np.flatnonzero((sag > 0) & (canon[:, 0] * sign > 0) & (along >= low) & (along < high))
            start, end = (body.bone(f"{bone}_{side}") for bone in (name, {"upperarm": "lowerarm"}.get(name, "hand")))
            heads = [motion.carry(body.template[body.bone_heads[bone]].mean(0)[None], bone)[0] for bone in (start, end)]
            axis = (heads[1] - heads[0]) / np.linalg.norm(heads[1] - heads[0])
            down = np.array([0.0, -1.0, 0.0]) + axis[1] * axis
            shell[here] += 0.9 * sag[here, None] * down
    return shell


@cache
def _mesh_mean(legs: bool) -> object:
    mesh = top_mesh(legs)
    return neighbour_mean(mesh.faces, len(mesh.source))


def _posed_values(worn: Worn, mesh: TopMesh, points: Points) -> Float[np.ndarray, "K 18"]:
    """Static values of the mesh, tangents and fold tensor in this pose."""
    rest = load_layout(worn.garment.legs).cut.extend(worn.drape.shell)[mesh.source]
    pixels = np.ascontiguousarray(mesh.values[:, [_COLUMN, _ROW]], np.float64)
    lie, mean = strain(points, rest, pixels, mesh.faces), _mesh_mean(worn.garment.legs)
    tensor = lie[:, 6:]
    for _ in range(3):
        tensor = 0.4 * tensor + 0.6 * (mean @ tensor)
    return np.concatenate([mesh.values, lie[:, :6], tensor + worn.slack], axis=1).astype(np.float32)


def garment_label(garment: Garment) -> Label:
    """The label of a garment's pixels."""
    return Label.DRESS if garment.whole else Label.UPPER_CLOTHES


def top_surface(body: Body, worn: Worn, motion: Motion, fold_seed: int) -> Surface:
    """The posed upper garment without its collar."""
    garment, texture = worn.garment, worn.texture
    layout, mesh = load_layout(garment.legs), top_mesh(garment.legs)
    shell = _sagging(body, worn, motion, motion.skin(worn.drape.shell))
    points = layout.cut.extend(shell)[mesh.source]
    normals = layout.cut.extend(vertex_normals(shell, layout.faces))[mesh.source]
    values = _posed_values(worn, mesh, points)
    rng = np.random.default_rng(fold_seed)
    shift = (int(rng.integers(SIZE)), int(rng.integers(SIZE)))
    waist = body.landmarks.pelvis + WAISTBAND - 0.23

    def at(panels: np.ndarray, values: Values) -> np.ndarray:
        return sample(panels, values[:, _PANEL], values[:, _COLUMN], values[:, _ROW])

    def covers(values: Values) -> Bool[np.ndarray, " n"]:
        under = (JOIN - values[:, _Y]) * np.where(values[:, _SKIRT] > 0.5, 1, -1)
        keep = (under > -_LAP) | (values[:, _ARM] > 0.5) | garment.legs
        keep &= at(texture.depth[..., None], values)[:, 0] > 0
        if worn.tucked:
            keep &= (values[:, _Y] > waist) | (values[:, _ARM] > 0.5)
        return keep

    def paint(seen: Visible) -> tuple[np.ndarray, np.ndarray]:
        here = seen.values
        folds = folds_at(here[:, _TENSOR], here[:, _COLUMN], here[:, _ROW], shift, wrinkle_maps())
        slope = folds[:, 1:] + at(texture.slopes, here)
        normals = seen.normals - slope[:, :1] * here[:, _COLUMN_TANGENT] - slope[:, 1:] * here[:, _ROW_TANGENT]
        normals = unit(normals)
        normals[seen.inside] *= -1
        colours = at(texture.colour, here)
        tag = seen.inside & (here[:, _PANEL] > 0.5) & (np.abs(here[:, 0]) < _TAG[0])
        tag[tag] = np.abs(at(texture.depth[..., None], here[tag])[:, 0] - sum(_TAG[1:]) / 2) < (_TAG[2] - _TAG[1]) / 2
        colours[tag] = (225, 222, 214)
        colours = colours * seen.light.shade(normals) * (1 + _HOLLOW * folds[:, :1])
        colours[seen.inside] *= _INSIDE_SHADE
        return colours, np.full(len(here), garment_label(garment))

    bias = _TUCKED_BIAS if worn.tucked else _BIAS
    return Surface(points, worn.faces, values, paint, covers, bias, two_sided=True, normals=normals)


def _plain_colours(worn: Worn, ribs: np.ndarray, seen: Visible) -> np.ndarray:
    """Colours of a trim in the garment's own colour, with knitted ribs."""
    trim = worn.garment.colours[1 if worn.garment.pattern == "raglan" else 0]
    colours = np.array(trim, np.float32) * (0.97 + 0.04 * ribs[:, None]) * seen.light.shade(seen.towards_viewer())
    colours[seen.inside] *= _INSIDE_SHADE + 0.1
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

    return Surface(points, strip.faces, values, paint, None, _BIAS + 0.03, two_sided=True)


def upper_surfaces(body: Body, points: Points, worn: Worn, motion: Motion, fold_seed: int) -> list[Surface]:
    """The posed upper garment with its collar; the same surfaces, vertex by vertex, on every person."""
    surfaces = [top_surface(body, worn, motion, fold_seed)]
    strip = collar_strip(worn.garment.style, worn.garment.legs)
    if strip is not None:
        surfaces.append(_collar(body, worn, motion, strip))
    if worn.garment.neckline in ("turtle", "mock"):
        surfaces.append(rolled_neck(body, points, worn, motion))
    return surfaces
