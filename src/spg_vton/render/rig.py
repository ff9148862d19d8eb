"""The skeleton: from a pose to a rigid motion of every bone, and linear blend skinning."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numba import njit

from spg_vton.render.arms import pose_arm
from spg_vton.render.body import Body
from spg_vton.render.contact import solid_parts
from spg_vton.render.legs import pose_legs
from spg_vton.render.mesh import Points
from spg_vton.render.poses import Pose
from spg_vton.render.rotations import turn
from spg_vton.render.skeleton import Skeleton
from spg_vton.render.stances import Trunk

_SPINE = ("spine_01", "spine_02", "spine_03")
_HEAD = {"neck_01": 0.4, "head": 0.6}  # each bone's share of the head's turn


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


def pose_trunk(skeleton: Skeleton, trunk: Trunk) -> None:
    """Bend the spine against the pelvis, and neck and head against the chest."""
    rotation = skeleton.rotation("pelvis")
    share = 1 / len(_SPINE)
    for name in _SPINE:
        bend = turn("z", share * trunk.lean) @ turn("y", share * trunk.twist) @ turn("x", share * trunk.bend)
        rotation = rotation @ bend
        skeleton.set(name, rotation)
    for name, share in _HEAD.items():
        look = turn("y", share * trunk.head_turn) @ turn("x", share * trunk.head_nod)
        rotation = rotation @ turn("z", share * trunk.head_tilt) @ look
        skeleton.set(name, rotation)


def pose_body(body: Body, points: Points, pose: Pose) -> Motion:
    """The motion that takes a person's rest shape ``points`` to a pose; feet stay on the ground of the rest shape."""
    heads = np.array([points[vertices].mean(0) for vertices in body.bone_heads])
    count = len(body.bones)
    skeleton = Skeleton(body, heads, points, np.tile(np.eye(3), (count, 1, 1)), np.zeros((count, 3)))
    pose_legs(skeleton, pose.stance, pose.heel)
    pose_trunk(skeleton, pose.trunk)
    parts = solid_parts(body, points, heads)
    for number, (side, arm) in enumerate(pose.arms.items()):
        pose_arm(skeleton, parts, side, arm, pose.curls[side], posed=tuple(pose.arms)[:number])
    facing = turn("y", pose.yaw)
    rotations, shifts = facing @ skeleton.rotations, skeleton.shifts @ facing.T
    blended = body.weights @ np.concatenate([rotations.reshape(-1, 9), shifts], axis=1)
    return Motion(rotations=rotations, shifts=shifts, blended=np.ascontiguousarray(blended))
