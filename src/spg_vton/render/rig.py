"""The skeleton: from a pose to a rigid motion of every bone, and linear blend skinning."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numba import njit

from spg_vton.render.body import Body
from spg_vton.render.mesh import Points
from spg_vton.render.poses import Pose, Rotation, Vector, turn

_CHILD = {"upperarm": "lowerarm", "lowerarm": "hand", "thigh": "calf", "calf": "foot"}


@dataclass(frozen=True, slots=True, eq=False)
class Motion:
    """Rotation and shift of each bone, and their blend at each vertex (rotation row by row, then shift)."""

    rotations: Float[np.ndarray, "B 3 3"]
    shifts: Float[np.ndarray, "B 3"]
    blended: Float[np.ndarray, "V 12"]

    def skin(self, points: Points) -> Points:
        """Move points that follow the body's vertices one to one."""
        return _skin(points, self.blended)

    def carry(self, points: Points, bone: int) -> Points:
        """Move points fixed to one bone."""
        rotation, shift = self.rotations[bone], self.shifts[bone]
        return np.einsum("ij,nj->ni", rotation, points) + shift


@njit(cache=True)
def _skin(points: Points, blended: Float[np.ndarray, "V 12"]) -> Points:
    moved = np.empty_like(points)
    for i in range(points.shape[0]):
        x, y, z = points[i, 0], points[i, 1], points[i, 2]
        m = blended[i]
        moved[i, 0] = m[0] * x + m[1] * y + m[2] * z + m[9]
        moved[i, 1] = m[3] * x + m[4] * y + m[5] * z + m[10]
        moved[i, 2] = m[6] * x + m[7] * y + m[8] * z + m[11]
    return moved


def rotation_between(source: Vector, target: Vector) -> Rotation:
    """The shortest rotation that takes one direction to another."""
    a, b = source / np.linalg.norm(source), target / np.linalg.norm(target)
    x, y, z = np.cross(a, b)
    skew = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + skew + skew @ skew / (1 + a @ b + 1e-9)


def _local_rotation(body: Body, pose: Pose, index: int, rest: Vector, rotations: np.ndarray) -> Rotation:
    """Rotation of a bone relative to its parent; ``rest`` is the limb's direction at rest."""
    name, parent = body.bones[index], body.parents[index]
    if name == "Root":
        return turn("y", pose.yaw)
    inverse = rotations[parent].T
    if name.startswith("foot"):  # feet stay flat on the ground
        return inverse @ rotations[0]
    if name in pose.aims:
        frame = rotations[body.bone("spine_03" if "arm" in name else "pelvis")]
        return rotation_between(rest, inverse @ frame @ pose.aims[name])
    return pose.turns.get(name, np.eye(3))


def pose_body(body: Body, points: Points, pose: Pose) -> Motion:
    """The motion that takes a person's rest shape ``points`` to a pose; the root stays at the origin."""
    heads = np.array([points[vertices].mean(0) for vertices in body.bone_heads])
    rotations, shifts = np.zeros((len(body.bones), 3, 3)), np.zeros((len(body.bones), 3))
    for index, name in enumerate(body.bones):
        parent = body.parents[index]
        limb, _, side = name.partition("_")
        rest = heads[body.bone(f"{_CHILD[limb]}_{side}")] - heads[index] if limb in _CHILD else np.zeros(3)
        local = _local_rotation(body, pose, index, rest, rotations)
        at_parent = rotations[parent] @ heads[index] + shifts[parent] if parent >= 0 else heads[index]
        rotations[index] = rotations[parent] @ local if parent >= 0 else local
        shifts[index] = at_parent - rotations[index] @ heads[index]
    blended = body.weights @ np.concatenate([rotations.reshape(-1, 9), shifts], axis=1)
    return Motion(rotations=rotations, shifts=shifts, blended=np.ascontiguousarray(blended))
