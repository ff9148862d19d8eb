"""A pose: how a whole body stands, what its arms do and where it looks, whatever its shape.

A pose is written in terms that fit every body (feet on the ground, a hand on the hip); ``rig.pose_body`` finds the
joint angles of one person. Sides are written for the left and mirrored for the right.
"""

from dataclasses import dataclass

import numpy as np

from spg_vton.render.arm_postures import Arm
from spg_vton.render.gestures import sample_arms
from spg_vton.render.hands import Curl
from spg_vton.render.stances import Stance, Trunk, sample_stance, sample_trunk
from spg_vton.render.views import sample_yaw


@dataclass(frozen=True, slots=True)
class Pose:
    """One pose.

    Attributes:
        kind: view, stance and gesture, separated by blanks.
        yaw: degrees about the vertical; 0 faces the camera, positive turns the person's front to image right.
        stance: feet and pelvis.
        trunk: spine, neck and head.
        arms: by side; the first is posed first, so that the second can touch it.
        curls: fingers of each hand, by side.
        heel: decimetres by which shoes raise the heels.
    """

    kind: str
    yaw: float
    stance: Stance
    trunk: Trunk
    arms: dict[str, Arm]
    curls: dict[str, Curl]
    heel: float = 0.0


def sample_pose(view: str, rng: np.random.Generator, pockets: bool = True, heel: float = 0.0) -> Pose:
    """Draw a pose; the same generator state gives the same pose.

    Args:
        view: one of ``views.VIEWS``.
        rng: of everything random.
        pockets: whether the lower clothes have pockets to put hands in.
        heel: decimetres by which the shoes raise the heels.
    """
    stance = sample_stance(rng)
    gesture, arms, curls = sample_arms(view, stance, rng, pockets)
    return Pose(
        kind=f"{view} {stance.kind} {gesture}",
        yaw=sample_yaw(view, rng),
        stance=stance,
        trunk=sample_trunk(view, stance, rng),
        arms=arms,
        curls=curls,
        heel=heel,
    )
