"""Ribbons along strands: tapering strips of triangles that carry what shading needs."""

from dataclasses import dataclass
from enum import IntEnum
from functools import cache

import numpy as np
from jaxtyping import Float
from numba import njit

from spg_vton.render.hair.collision import PosedSolids
from spg_vton.render.hair.gathering import Curves
from spg_vton.render.hair.growth import HairShells
from spg_vton.render.mesh import Faces, Points

_COMBED = 0.85  # how far the direction that shading sees is level with the hair's surface
_ROUND = 0.3  # how far normals turn towards a ribbon's edges
_FLATNESS = 0.4  # 0: ribbons face the camera; large: they lie flat on the hair beneath


class Strip(IntEnum):
    """A column of a ribbon's values."""

    X = 0  # where it would lie on the resting head: near to canonical coordinates there
    Y = 1
    Z = 2
    TANGENT_X = 3  # direction towards the tip, world
    TANGENT_Y = 4
    TANGENT_Z = 5
    ROOT_DISTANCE = 6  # decimetres
    TONE = 7  # standard normal, one number a strand
    OPEN = 8  # 0 under all other hair, 1 on top


_COLUMNS = len(Strip)


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
    return np.concatenate([corner + np.array([0, 1, 2]), corner + np.array([1, 3, 2])]).astype(np.int32)


@njit(cache=True)
def _strip(
    nodes: np.ndarray,
    out: np.ndarray,
    width: np.ndarray,
    profile: np.ndarray,
    head: np.ndarray,
    centre: np.ndarray,
    tone: np.ndarray,
    depth: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    count, length = nodes.shape[:2]
    points, normals = np.empty((count * length * 2, 3)), np.empty((count * length * 2, 3))
    values = np.empty((count * length * 2, _COLUMNS), np.float32)
    t, flat = np.empty(3), np.empty(3)
    for i in range(count):
        along = 0.0
        for s in range(length):
            before, after = max(s - 1, 0), min(s + 1, length - 1)
            size, step = 1e-12, 0.0
            for k in range(3):
                t[k] = nodes[i, after, k] - nodes[i, before, k]
                size += t[k] * t[k]
                step += (nodes[i, s, k] - nodes[i, before, k]) ** 2
            along += np.sqrt(step)
            t /= np.sqrt(size)
            fx, fy, fz = _FLATNESS * out[i, s, 0], _FLATNESS * out[i, s, 1], _FLATNESS * out[i, s, 2] + 1
            flat[0], flat[1], flat[2] = t[1] * fz - t[2] * fy, t[2] * fx - t[0] * fz, t[0] * fy - t[1] * fx
            flat /= np.sqrt(flat[0] ** 2 + flat[1] ** 2 + flat[2] ** 2) + 1e-9
            rising = _COMBED * (t[0] * out[i, s, 0] + t[1] * out[i, s, 1] + t[2] * out[i, s, 2])
            for edge in range(2):
                v, sign = 2 * (i * length + s) + edge, 2 * edge - 1
                for k in range(3):
                    points[v, k] = nodes[i, s, k] + sign * 0.5 * width[i] * profile[s] * flat[k]
                    normals[v, k] = out[i, s, k] + sign * _ROUND * flat[k]
                normals[v] /= np.sqrt(normals[v, 0] ** 2 + normals[v, 1] ** 2 + normals[v, 2] ** 2) + 1e-9
                for k in range(3):
                    values[v, k], values[v, 3 + k] = centre[k], t[k] - rising * out[i, s, k]
                    for j in range(3):
                        values[v, k] += head[j, k] * (nodes[i, s, j] - head[3, j])
                values[v, 6], values[v, 7], values[v, 8] = along, tone[i], depth[i]
    return points, normals, values


def make_ribbons(shells: HairShells, nodes: Curves, out: Curves, posed: PosedSolids) -> Ribbons:
    """Ribbons along ``nodes`` that mostly face the camera; ``out`` points out of the hair."""
    traits, centre = shells.traits, posed.solids.head_centre + np.array([0, posed.solids.drop, 0])
    width = shells.style.width * np.exp(0.25 * traits.noise[:, 1])
    points, normals, values = _strip(
        nodes, out, width, _profile(nodes.shape[1]), posed.head, centre, traits.tone, traits.depth
    )
    return Ribbons(points, _strip_faces(*nodes.shape[:2]), values, normals)
