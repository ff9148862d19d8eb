"""What hair lies on: head and chest as radii about a centre, neck and upper arms as capsules.

Each part moves rigidly with one bone, so its table is made once a person and costs a look-up a point in each pose.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from jaxtyping import Float
from numba import njit
from scipy import ndimage
from scipy.spatial import cKDTree

from spg_vton.render.body import SIDES, SKIN_VERTICES, Body, Canon
from spg_vton.render.mesh import Points
from spg_vton.render.rig import Motion

_RINGS, _SECTORS = 48, 96
_CHEST_CENTRE = 4.0  # canonical height, decimetres
_NECK_RADIUS, _ARM_RADIUS = 0.42, 0.52


@cache
def _directions() -> Float[np.ndarray, "R S 3"]:
    """Unit vectors of the table: rings from straight up to straight down, sectors from behind over the left."""
    polar = np.linspace(0, np.pi, _RINGS)[:, None]
    turn = -np.pi + 2 * np.pi * np.arange(_SECTORS) / _SECTORS
    return np.stack(
        [np.sin(polar) * np.sin(turn), np.cos(polar) * np.ones(_SECTORS), np.sin(polar) * np.cos(turn)], axis=-1
    )


def _radii(points: Points, centre: Float[np.ndarray, " 3"]) -> Float[np.ndarray, "R S 4"]:
    """Radius in each direction, and the unit normal of the surface there."""
    apart = points - centre
    radius = np.sqrt((apart**2).sum(1))
    nearest = cKDTree(apart / radius[:, None]).query(_directions().reshape(-1, 3), k=4)[1]
    table = radius[nearest].max(1).reshape(_RINGS, _SECTORS)
    table = ndimage.gaussian_filter(table, 1.2, mode=("nearest", "wrap"))
    surface = _directions() * table[..., None]
    down = np.gradient(surface, axis=0)
    wrapped = np.concatenate([surface[:, -1:], surface, surface[:, :1]], axis=1)
    normals = np.cross(down, wrapped[:, 2:] - wrapped[:, :-2])
    normals[[0, -1]] = _directions()[[0, -1]]  # the poles have no sideways
    normals /= np.sqrt((normals**2).sum(-1, keepdims=True)) + 1e-9
    return np.ascontiguousarray(np.concatenate([table[..., None], normals], axis=-1))


@dataclass(frozen=True, slots=True, eq=False)
class Solids:
    """A person's rest shape as hair feels it, decimetres.

    Attributes:
        head: radius and normal in each direction from ``head_centre``.
        chest: likewise from ``chest_centre``.
        capsules: ends of neck, left and right upper arm.
        drop: how far the head lies under the template's.
    """

    head: Float[np.ndarray, "R S 4"]
    head_centre: Float[np.ndarray, " 3"]
    chest: Float[np.ndarray, "R S 4"]
    chest_centre: Float[np.ndarray, " 3"]
    capsules: Float[np.ndarray, "3 2 3"]
    drop: float


@dataclass(frozen=True, slots=True, eq=False)
class PosedSolids:
    """Solids in a pose: world to head and to chest (rotation row by row, then the centre), and posed capsules."""

    solids: Solids
    head: Float[np.ndarray, "4 3"]
    chest: Float[np.ndarray, "4 3"]
    capsules: Float[np.ndarray, "3 7"]  # both ends and the radius


def make_solids(body: Body, points: Points) -> Solids:
    """Measure a person's rest shape."""
    place = body.template
    head = np.flatnonzero(place[:SKIN_VERTICES, 1] > body.landmarks.neck + 0.05)
    trunk = np.unique(body.tights)
    trunk = trunk[(body.canon[trunk, Canon.ARM] < 0.7) & (place[trunk, 1] > 0.5) & (place[trunk, 1] < 6.0)]
    moved = body.joint(points, "head") - body.joint(place, "head")
    head_centre = np.array([0.0, body.landmarks.eye[1] + 0.12, 0.45]) + moved
    chest_centre = np.array([0.0, _CHEST_CENTRE + points[trunk, 1].max() - place[trunk, 1].max(), 0.0])
    ends = [("neck", "head"), *((f"{side}-shoulder", f"{side}-elbow") for side in SIDES)]
    return Solids(
        head=_radii(points[head], head_centre),
        head_centre=head_centre,
        chest=_radii(points[trunk], chest_centre),
        chest_centre=chest_centre,
        capsules=np.array([[body.joint(points, end) for end in pair] for pair in ends]),
        drop=-float(moved[1]),
    )


def _frame(motion: Motion, bone: int, centre: Float[np.ndarray, " 3"]) -> Float[np.ndarray, "4 3"]:
    return np.vstack([motion.rotations[bone], motion.carry(centre[None], bone)])


def pose_solids(body: Body, solids: Solids, motion: Motion) -> PosedSolids:
    """Move the solids with their bones."""
    neck, left, right = solids.capsules
    bones = [(neck, "neck_01"), (left, "upperarm_l"), (right, "upperarm_r")]
    ends = [motion.carry(pair, body.bone(bone)).reshape(-1) for pair, bone in bones]
    return PosedSolids(
        solids=solids,
        head=_frame(motion, body.bone("head"), solids.head_centre),
        chest=_frame(motion, body.bone("spine_03"), solids.chest_centre),
        capsules=np.column_stack([ends, [_NECK_RADIUS, _ARM_RADIUS, _ARM_RADIUS]]),
    )


@njit(cache=True)
def table_gap(p: np.ndarray, frame: np.ndarray, table: np.ndarray, out: np.ndarray) -> float:
    """Distance of a point from a table's surface (negative inside); ``out`` becomes the world normal there."""
    dx, dy, dz = p[0] - frame[3, 0], p[1] - frame[3, 1], p[2] - frame[3, 2]
    x = frame[0, 0] * dx + frame[1, 0] * dy + frame[2, 0] * dz  # the transposed rotation: world to rest
    y = frame[0, 1] * dx + frame[1, 1] * dy + frame[2, 1] * dz
    z = frame[0, 2] * dx + frame[1, 2] * dy + frame[2, 2] * dz
    length = np.sqrt(x * x + y * y + z * z) + 1e-9
    ring = np.arccos(min(max(y / length, -1.0), 1.0)) / np.pi * (table.shape[0] - 1)
    sector = (np.arctan2(x, z) + np.pi) / (2 * np.pi) * table.shape[1]
    r0, s0 = min(int(ring), table.shape[0] - 2), int(sector) % table.shape[1]
    s1, fr, fs = (s0 + 1) % table.shape[1], ring - min(int(ring), table.shape[0] - 2), sector - int(sector)
    a, b, c, d = (1 - fr) * (1 - fs), (1 - fr) * fs, fr * (1 - fs), fr * fs
    radius = a * table[r0, s0, 0] + b * table[r0, s1, 0] + c * table[r0 + 1, s0, 0] + d * table[r0 + 1, s1, 0]
    nx = a * table[r0, s0, 1] + b * table[r0, s1, 1] + c * table[r0 + 1, s0, 1] + d * table[r0 + 1, s1, 1]
    ny = a * table[r0, s0, 2] + b * table[r0, s1, 2] + c * table[r0 + 1, s0, 2] + d * table[r0 + 1, s1, 2]
    nz = a * table[r0, s0, 3] + b * table[r0, s1, 3] + c * table[r0 + 1, s0, 3] + d * table[r0 + 1, s1, 3]
    for k in range(3):
        out[k] = frame[k, 0] * nx + frame[k, 1] * ny + frame[k, 2] * nz
    return (length - radius) * (nx * x + ny * y + nz * z) / length


@njit(cache=True)
def capsule_gap(p: np.ndarray, capsule: np.ndarray, out: np.ndarray) -> float:
    """Distance of a point from a capsule; ``out`` becomes the normal there."""
    along, length2 = 0.0, 1e-9
    for k in range(3):
        axis = capsule[3 + k] - capsule[k]
        along += (p[k] - capsule[k]) * axis
        length2 += axis * axis
    share = min(max(along / length2, 0.0), 1.0)
    apart = 1e-9
    for k in range(3):
        out[k] = p[k] - capsule[k] - share * (capsule[3 + k] - capsule[k])
        apart += out[k] * out[k]
    apart = np.sqrt(apart)
    for k in range(3):
        out[k] /= apart
    return apart - capsule[6]
