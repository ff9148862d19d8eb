"""The upper garment on a body: its shell, the skin it hides, and its posed surface."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from jaxtyping import Bool, Float, Int
from numba import njit
from scipy.spatial import cKDTree

from spg_vton.labels import Label
from spg_vton.render.body import SKIN_VERTICES, Body, Canon, load_body
from spg_vton.render.clothing import WAISTBAND
from spg_vton.render.draping import hang
from spg_vton.render.flat_layout import BACK, FRONT, SIZE, load_layout
from spg_vton.render.garments import Garment
from spg_vton.render.mesh import Faces, Points, inflate, vertex_normals
from spg_vton.render.rig import Motion
from spg_vton.render.surface import Surface, Values, Visible, unit
from spg_vton.render.textures import Texture

_MARGIN = 7.0  # texels from the garment's edge to the skin that may be left out
_FOLD_HEIGHT = 6.5
_COLUMN, _ROW, _PANEL = len(Canon), len(Canon) + 1, len(Canon) + 2


@dataclass(frozen=True, slots=True, eq=False)
class TopMesh:
    """Both panels as one mesh: ``source`` points into the cut surface's vertices."""

    source: Int[np.ndarray, " K"]
    faces: Faces
    values: Float[np.ndarray, "K 10"]  # canonical coordinates, column and row in the panel, panel


@cache
def top_mesh() -> TopMesh:
    """The mesh that all upper garments share, once a process."""
    layout, body = load_layout(), load_body()
    canon = layout.cut.extend(body.canon)
    sources, faces, values, count = [], [], [], 0
    for side, half in enumerate(layout.cut.faces):
        used, local = np.unique(half, return_inverse=True)
        sources.append(used)
        faces.append(local.reshape(half.shape).astype(np.int32) + count)
        values.append(np.column_stack([canon[used], layout.pixels[side][used], np.full(len(used), side)]))
        count += len(used)
    return TopMesh(np.concatenate(sources), np.concatenate(faces), np.concatenate(values).astype(np.float32))


@dataclass(frozen=True, slots=True, eq=False)
class Worn:
    """One person's fit of one garment: its rest shape and the vertices (skin and trunk) hidden well under it."""

    garment: Garment
    texture: Texture
    shell: Points
    hidden_skin: Bool[np.ndarray, " V"]
    hidden_trunk: Bool[np.ndarray, " V"]


@cache
def _skin_to_trunk() -> tuple[np.ndarray, np.ndarray]:
    """Nearest trunk vertex of each skin vertex, and which can be under cloth: near it and below the neck."""
    body = load_body()
    trunk = np.unique(body.tights)
    distance, nearest = cKDTree(body.template[trunk]).query(body.template[:SKIN_VERTICES])
    return trunk[nearest], (distance < 0.5) & (body.template[:SKIN_VERTICES, 1] < body.landmarks.neck - 0.3)


def _hidden(texture: Texture, layout_pixels: tuple[np.ndarray, np.ndarray], count: int) -> Bool[np.ndarray, " V"]:
    """Trunk vertices further than the margin from any edge of the cloth."""
    hidden, mesh = np.zeros(count, bool), top_mesh()
    for side in (FRONT, BACK):
        here = mesh.source[(mesh.values[:, _PANEL] == side) & (mesh.source < count)]
        column, row = np.clip(layout_pixels[side][here].astype(int), 0, SIZE - 1).T
        hidden[here] = texture.depth[side][row, column] > _MARGIN
    return hidden


def wear(body: Body, points: Points, garment: Garment, texture: Texture, tucked: bool) -> Worn:
    """Fit a garment to a person's rest shape."""
    marks, on_arm = body.landmarks, body.canon[:, Canon.ARM]
    offset = np.where(on_arm > 0.5, 0.08 + 0.5 * garment.ease, 0.06 + 0.6 * garment.ease)
    if not tucked:
        offset += np.where((on_arm < 0.5) & (body.template[:, 1] < marks.pelvis + 1.2), 0.14, 0)
    shell = inflate(points, body.tights, offset, body.tights_mean, smoothing=5)
    shell = hang(body, shell, 0.1 if tucked else float(np.clip(2.2 * garment.ease, 0, 0.75)))
    hidden_trunk = _hidden(texture, load_layout().pixels, len(points))
    nearest, near = _skin_to_trunk()
    hidden_skin = np.zeros(len(points), bool)
    hidden_skin[:SKIN_VERTICES] = hidden_trunk[nearest] & near
    return Worn(garment, texture, shell, hidden_skin, hidden_trunk & (not tucked))


@njit(cache=True)
def sample(panels: np.ndarray, panel: np.ndarray, column: np.ndarray, row: np.ndarray) -> np.ndarray:
    """Bilinear look-up in (2, S, S, C) at pixel positions (pixel centres at half-integers), clamped at the border."""
    size, channels = panels.shape[1], panels.shape[3]
    out = np.empty((len(panel), channels), np.float32)
    for i in range(len(panel)):
        x = min(max(column[i] - 0.5, 0.0), size - 1.001)
        y = min(max(row[i] - 0.5, 0.0), size - 1.001)
        left, top, p = int(x), int(y), int(panel[i] + 0.5)
        fx, fy = x - left, y - top
        for k in range(channels):
            upper = panels[p, top, left, k] * (1 - fx) + panels[p, top, left + 1, k] * fx
            lower = panels[p, top + 1, left, k] * (1 - fx) + panels[p, top + 1, left + 1, k] * fx
            out[i, k] = upper * (1 - fy) + lower * fy
    return out


def _slopes(texture: Texture, fold_seed: int) -> Float[np.ndarray, "2 S S 2"]:
    """Slope of the folds in each panel, moved by a shift that belongs to the photo."""
    rng, slopes = np.random.default_rng(fold_seed), np.empty((2, SIZE, SIZE, 2), np.float32)
    for side in (FRONT, BACK):
        shift = int(rng.integers(-60, 60))
        folds = np.roll(texture.folds[side], (shift, shift // 2), (0, 1))
        slopes[side, ..., 1], slopes[side, ..., 0] = np.gradient(folds)
    return slopes


def top_surface(body: Body, worn: Worn, motion: Motion, tucked: bool, fold_seed: int) -> Surface:
    """The posed upper garment."""
    marks, mesh, texture, cut = body.landmarks, top_mesh(), worn.texture, load_layout().cut
    shell = motion.skin(worn.shell)
    points = cut.extend(shell)[mesh.source]
    normals = cut.extend(vertex_normals(shell, body.tights))[mesh.source]
    slopes = _slopes(texture, fold_seed)
    cover = texture.cover[..., None]

    def at(panels: np.ndarray, values: Values) -> np.ndarray:
        return sample(panels, values[:, _PANEL], values[:, _COLUMN], values[:, _ROW])

    def covers(values: Values) -> Bool[np.ndarray, " n"]:
        keep = at(cover, values)[:, 0] > 0.5
        if tucked:
            keep &= (values[:, Canon.Y] > marks.pelvis + WAISTBAND - 0.23) | (values[:, Canon.ARM] > 0.5)
        return keep

    def paint(seen: Visible) -> tuple[np.ndarray, np.ndarray]:
        y, along, arm = (seen.values[:, column] for column in (Canon.Y, Canon.ALONG_ARM, Canon.ARM))
        slope = at(slopes, seen.values)
        elbow = np.sin(30 * along + 5 * seen.values[:, Canon.Z]) * np.exp(-(((along - 1) / 0.22) ** 2)) * (arm > 0.5)
        waist = np.exp(-(((y - marks.pelvis - 0.4) / 0.6) ** 2)) * (arm < 0.5)
        waist *= np.sin(8 * y + 5 * np.abs(seen.values[:, Canon.X]))
        normals = seen.normals.copy()
        normals[:, 0] -= _FOLD_HEIGHT * slope[:, 0]
        normals[:, 1] += _FOLD_HEIGHT * slope[:, 1] + 0.22 * (elbow + 0.6 * waist)
        normals = unit(normals)
        normals[seen.inside] *= -1
        colours = at(texture.colour, seen.values) * seen.light.shade(normals)
        colours[seen.inside] *= 0.75
        return colours, np.full(len(y), Label.UPPER_CLOTHES)

    bias = 0.06 if tucked else 0.26
    return Surface(points, mesh.faces, mesh.values, paint, covers, bias, two_sided=True, normals=normals)


def collar_surface(body: Body, points: Points, worn: Worn, motion: Motion) -> Surface:
    """The tube of a turtleneck, around the neck up to under the chin."""
    marks, colour = body.landmarks, np.array(worn.garment.colours[0], np.float32)
    height = body.template[:, 1]
    neck = body.skin[((height > 5.2) & (height < marks.chin + 0.5))[body.skin].all(1)]
    shell = points + vertex_normals(points, body.skin) * 0.13

    def covers(values: Values) -> Bool[np.ndarray, " n"]:
        x, y, z = (values[:, column] for column in (Canon.X, Canon.Y, Canon.Z))
        return (y < marks.chin - 0.02 - 0.3 * (z - 0.5)) & (y > 5.55) & (np.hypot(x, z - 0.2) < 1.1)

    def paint(seen: Visible) -> tuple[np.ndarray, np.ndarray]:
        x, z = seen.values[:, Canon.X], seen.values[:, Canon.Z]
        ribs = 0.92 + 0.05 * np.sin(40 * np.arctan2(x, z - 0.2))
        colours = colour * ribs[:, None] * seen.light.shade(seen.towards_viewer())
        colours[seen.inside] *= 0.75
        return colours, np.full(len(colours), Label.UPPER_CLOTHES)

    return Surface(motion.skin(shell), neck, body.canon, paint, covers, bias=0.05, two_sided=True)
