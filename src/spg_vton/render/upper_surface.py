"""The posed upper garment: its surface, its folds and its colours."""

from functools import cache

import numpy as np
from jaxtyping import Bool, Float
from numba import njit
from scipy import sparse

from spg_vton.labels import Label
from spg_vton.render.body import Body
from spg_vton.render.cloth import WAISTBAND
from spg_vton.render.flat_layout import JOIN, SIZE, load_layout
from spg_vton.render.folds import folds_at, strain, wrinkle_maps
from spg_vton.render.garments import Garment
from spg_vton.render.mesh import Points, neighbour_mean, vertex_normals
from spg_vton.render.rig import Motion
from spg_vton.render.surface import Surface, Values, Visible, unit
from spg_vton.render.wearing import ALONG, ARM, COLUMN, PANEL, ROW, SKIRT, TopMesh, Worn, Y, top_mesh

CLOTH_BIAS, _TUCKED_BIAS = 0.2, 0.06
_TUCKED_IN = 0.35  # how far a tucked top reaches into the waistband, decimetres
INSIDE_SHADE = 0.6
_COLUMN_TANGENT, _ROW_TANGENT, _TENSOR = slice(9, 12), slice(12, 15), slice(15, 18)
_HOLLOW = 0.035  # how much darker folds are a texel deep
_LAP = 0.06  # by which trunk and skirt overlap, decimetres
_SAG = 0.05  # ease of a sleeve below which it does not hang, decimetres
_TAG, _TAG_COLOUR = (0.15, 0.06, 0.27), (225, 222, 214)  # half width; distances from the neckline between which it lies


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
    arm, along = canon[:, ARM], canon[:, ALONG]
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
def _mesh_mean(legs: bool) -> sparse.csr_matrix:
    mesh = top_mesh(legs)
    return neighbour_mean(mesh.faces, len(mesh.source))


def _posed_values(worn: Worn, mesh: TopMesh, points: Points) -> Float[np.ndarray, "K 18"]:
    """Static values of the mesh, tangents and fold tensor in this pose."""
    rest = load_layout(worn.garment.legs).cut.extend(worn.drape.shell)[mesh.source]
    pixels = np.ascontiguousarray(mesh.values[:, [COLUMN, ROW]], np.float64)
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
    waist = body.landmarks.pelvis + WAISTBAND - _TUCKED_IN

    def at(panels: np.ndarray, values: Values) -> np.ndarray:
        return sample(panels, values[:, PANEL], values[:, COLUMN], values[:, ROW])

    def covers(values: Values) -> Bool[np.ndarray, " n"]:
        under = (JOIN - values[:, Y]) * np.where(values[:, SKIRT] > 0.5, 1, -1)
        keep = (under > -_LAP) | (values[:, ARM] > 0.5) | garment.legs
        keep &= at(texture.depth[..., None], values)[:, 0] > 0
        if worn.tucked:
            keep &= (values[:, Y] > waist) | (values[:, ARM] > 0.5)
        return keep

    def paint(seen: Visible) -> tuple[np.ndarray, np.ndarray]:
        here = seen.values
        folds = folds_at(here[:, _TENSOR], here[:, COLUMN], here[:, ROW], shift, wrinkle_maps())
        slope = folds[:, 1:] + at(texture.slopes, here)
        normals = seen.normals - slope[:, :1] * here[:, _COLUMN_TANGENT] - slope[:, 1:] * here[:, _ROW_TANGENT]
        normals = unit(normals)
        normals[seen.inside] *= -1
        colours = at(texture.colour, here)
        tag = seen.inside & (here[:, PANEL] > 0.5) & (np.abs(here[:, 0]) < _TAG[0])
        tag[tag] = np.abs(at(texture.depth[..., None], here[tag])[:, 0] - sum(_TAG[1:]) / 2) < (_TAG[2] - _TAG[1]) / 2
        colours[tag] = _TAG_COLOUR
        colours = colours * seen.light.shade(normals) * (1 + _HOLLOW * folds[:, :1])
        colours[seen.inside] *= INSIDE_SHADE
        return colours, np.full(len(here), garment_label(garment))

    bias = _TUCKED_BIAS if worn.tucked else CLOTH_BIAS
    return Surface(points, worn.faces, values, paint, covers, bias, two_sided=True, normals=normals)
