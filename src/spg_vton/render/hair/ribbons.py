"""Ribbons along strands: tapering strips of triangles that carry what shading needs."""

from dataclasses import dataclass
from enum import IntEnum
from functools import cache

import numpy as np
from jaxtyping import Float

from spg_vton.render.hair.collision import PosedSolids
from spg_vton.render.hair.combing import unit_rows
from spg_vton.render.hair.gathering import Curves
from spg_vton.render.hair.growth import HairShells
from spg_vton.render.mesh import Faces, Points

_ROUND = 0.45  # how far normals turn towards a ribbon's edges
_VIEW = np.array([0.0, 0.0, 1.0])  # the camera's direction
_FLATNESS = 0.4  # 0: ribbons face the camera; large: they lie flat on the hair beneath


class Strip(IntEnum):
    """A column of a ribbon's values."""

    X = 0  # where it would lie on the resting head: near to canonical coordinates there
    Y = 1
    Z = 2
    TANGENT_X = 3  # unit direction towards the tip, world
    TANGENT_Y = 4
    TANGENT_Z = 5
    ROOT_DISTANCE = 6  # decimetres
    TONE = 7  # standard normal, one number a strand
    OPEN = 8  # 0 under all other hair, 1 on top


@dataclass(frozen=True, slots=True, eq=False)
class Ribbons:
    """All ribbons of a person as one mesh."""

    points: Points
    faces: Faces
    values: Float[np.ndarray, "V 9"]
    normals: Points


def _profile(nodes: int) -> Float[np.ndarray, " S+1"]:
    """Width along a ribbon: full in the middle, thin at the tip."""
    return np.asarray(np.interp(np.linspace(0, 1, nodes), [0, 0.15, 0.6, 1], [0.7, 1.0, 0.9, 0.28]))


@cache
def _strip_faces(count: int, nodes: int) -> Faces:
    """Triangles of ``count`` ribbons whose nodes are pairs of vertices."""
    first = np.arange(count)[:, None] * 2 * nodes + 2 * np.arange(nodes - 1)
    corner = first.reshape(-1, 1)
    return np.concatenate([corner + [0, 1, 2], corner + [1, 3, 2]]).astype(np.int32)


def make_ribbons(shells: HairShells, nodes: Curves, out: Curves, posed: PosedSolids) -> Ribbons:
    """Ribbons along ``nodes``, flat against the hair beneath; ``out`` points out of the hair."""
    traits, style = shells.traits, shells.style
    tangent = unit_rows(np.gradient(nodes, axis=1))
    flat = unit_rows(np.cross(tangent, _FLATNESS * out + _VIEW))
    half = (0.5 * style.width * np.exp(0.25 * traits.noise[:, 1])[:, None] * _profile(nodes.shape[1]))[..., None]
    points = np.stack([nodes - half * flat, nodes + half * flat], axis=2).reshape(-1, 3)
    normals = np.stack([out - _ROUND * flat, out + _ROUND * flat], axis=2).reshape(-1, 3)

    rest = np.einsum("ji,nsj->nsi", posed.head[:3], nodes - posed.head[3]) + posed.solids.head_centre
    rest[..., 1] += posed.solids.drop
    steps = np.sqrt((np.diff(nodes, axis=1) ** 2).sum(-1))
    along = np.concatenate([np.zeros((len(nodes), 1)), np.cumsum(steps, axis=1)], axis=1)
    row = np.ones(nodes.shape[1])
    values = np.concatenate(
        [rest, tangent, along[..., None], (traits.tone[:, None] * row)[..., None],
         (traits.depth[:, None] * row)[..., None]], axis=-1,
    )  # fmt: skip
    return Ribbons(
        points, _strip_faces(*nodes.shape[:2]), values.repeat(2, axis=1).reshape(len(points), -1).astype(np.float32),
        unit_rows(normals),
    )  # fmt: skip
