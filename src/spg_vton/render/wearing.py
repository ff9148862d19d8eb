"""The upper garment on a body: its fit, and the skin it hides."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy.spatial import cKDTree

from spg_vton.render.body import SKIN_VERTICES, Body, load_body
from spg_vton.render.fitting import Drape, drape
from spg_vton.render.flat_layout import BACK, FRONT, JOIN, SIZE, load_layout
from spg_vton.render.garments import Garment
from spg_vton.render.mesh import Faces, Points
from spg_vton.render.silhouettes import SLEEVE_END
from spg_vton.render.textures import Texture

_MARGIN = 0.22  # decimetres from the garment's edge to the skin that may be left out
_TRUNK_ARM = 0.1  # arm weight below which a vertex is no part of an arm
#: How much higher than its middle a hem may be somewhere, decimetres.
_RAISED = {"straight": 0.3, "banded": 0.3, "curved": 0.8, "slit": 1.4}
_WRIST = 0.12  # the same along the arm, relative to the forearm: the hand is wider than the cuff
_REACH = 0.6  # decimetres past its edges to which a garment's mesh is kept
#: Columns of ``TopMesh.values``.
Y, ALONG, ARM, COLUMN, ROW, PANEL, SKIRT = 1, 3, 4, 5, 6, 7, 8


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
        here = mesh.source[(mesh.values[:, PANEL] == side) & (mesh.source < count)]
        column, row = np.clip(layout.pixels[side][here].astype(int), 0, SIZE - 1).T
        hidden[here] = texture.depth[side][row, column] > _MARGIN
    if not garment.legs:  # the skirt is a surface of its own: legs under it belong to no panel
        canon = load_body().canon
        end = garment.hem + _MARGIN + _RAISED[garment.hem_shape]
        hidden |= (canon[:, Y] > end) & (canon[:, Y] < JOIN) & (canon[:, ARM] < _TRUNK_ARM)
    return hidden


def _reached(garment: Garment, mesh: TopMesh) -> Faces:
    """Faces that the garment's cloth can touch."""
    y, along, arm = (mesh.values[:, column] for column in (Y, ALONG, ARM))
    end = SLEEVE_END.get(garment.sleeve, 0.3)
    reached = np.where(arm > 0.5, along < end + _REACH / 2, y > garment.hem - _REACH)
    return mesh.faces[reached[mesh.faces].any(1)]


def _slack(mesh: TopMesh, ease: np.ndarray) -> Float[np.ndarray, "K 3"]:
    """Folds that loose cloth has in any pose: they hang down the trunk, and cross the sleeves."""
    arm, along = (mesh.values[:, column].astype(np.float64) for column in (ARM, ALONG))
    side = np.where(mesh.values[:, 0] > 0, 1.0, -1.0) * np.where(mesh.values[:, PANEL] == BACK, -1, 1)
    hanging = np.clip(0.3 * ease - 0.02, 0, 0.16) * (1 - arm)
    bunched = arm * (0.06 + 0.08 * np.exp(-(((along - 1.1) / 0.3) ** 2)) + 0.06 * (along > 1.5))
    around = arm * np.clip(0.35 * ease, 0, 0.2)
    c, r = 0.8 * side, 0.6  # direction down the sleeve in the panel's picture
    resting = 0.006
    cc = hanging + bunched * c * c + around * r * r + resting
    cr = (bunched - around) * c * r
    return np.stack([cc, cr, bunched * r * r + around * c * c + resting], axis=1)


def wear(body: Body, points: Points, garment: Garment, texture: Texture, tucked: bool) -> Worn:
    """Fit a garment to a person's rest shape."""
    mesh, tucked = top_mesh(garment.legs), tucked and garment.tucks
    draped = drape(body, points, garment, load_layout(garment.legs), tucked)
    hidden_trunk = _hidden(garment, texture, len(points))
    nearest, near = _skin_to_trunk()
    hidden_skin = np.zeros(len(points), bool)
    in_sleeve = body.canon[:SKIN_VERTICES, ALONG] < SLEEVE_END.get(garment.sleeve, 0.0) - _WRIST
    hidden_skin[:SKIN_VERTICES] = hidden_trunk[nearest] & near & ((body.canon[:SKIN_VERTICES, ARM] < 0.5) | in_sleeve)
    ease = load_layout(garment.legs).cut.extend(draped.ease)[mesh.source]
    return Worn(
        garment=garment,
        texture=texture,
        drape=draped,
        tucked=tucked,
        faces=_reached(garment, mesh),
        slack=_slack(mesh, ease),
        hidden_skin=hidden_skin,
        hidden_trunk=hidden_trunk & (not tucked),
    )
