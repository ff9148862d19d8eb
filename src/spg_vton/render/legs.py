"""Legs: the pelvis stands as high as both allow, and each bends down to its foot on the ground."""

import numpy as np

from spg_vton.render.body import SIDES
from spg_vton.render.rotations import Rotation, Vector, frame_of, turn, two_bones
from spg_vton.render.skeleton import Skeleton
from spg_vton.render.stances import Foot, Stance


def _ankle_target(skeleton: Skeleton, side: str, foot: Foot, heel: float) -> tuple[Vector, Rotation, Rotation]:
    """Where the ankle goes and how foot and toes are turned; the ball of the foot stays on the ground."""
    sign = 1 if side == "l" else -1
    level = turn("y", sign * foot.toe_out)
    to_ball = skeleton.rest(f"foot_{side}", f"ball_{side}")
    in_shoe = np.degrees(np.arcsin(np.clip(heel / np.hypot(to_ball[1], to_ball[2]), 0, 0.8)))
    raised = level @ turn("x", foot.heel_up + in_shoe)
    ankle = skeleton.heads[skeleton.body.bone(f"foot_{side}")]
    flat = np.array([sign * foot.out, ankle[1], skeleton.heads[skeleton.body.bone("pelvis"), 2] + foot.ahead])
    return flat + level @ to_ball - raised @ to_ball, raised, level


def pose_legs(skeleton: Skeleton, stance: Stance, heel: float) -> None:
    """Stand the pelvis as high as both legs allow and bend the legs down to the feet."""
    pelvis = turn("z", stance.tilt) @ turn("y", stance.swing) @ turn("x", stance.nod)
    rest = skeleton.heads[skeleton.body.bone("pelvis")]
    place = rest + np.array([stance.shift, 0.0, stance.ahead])
    targets = {side: _ankle_target(skeleton, side, stance.feet[side], heel) for side in SIDES}
    drops = []
    for side in SIDES:
        lengths = skeleton.lengths(f"thigh_{side}", f"calf_{side}", f"foot_{side}")
        hip, ankle = place + pelvis @ skeleton.rest("pelvis", f"thigh_{side}"), targets[side][0]
        level = np.hypot(*(hip - ankle)[[0, 2]])
        drops.append(ankle[1] + np.sqrt(max((stance.straight * sum(lengths)) ** 2 - level**2, 0.0)) - hip[1])
    place = place + np.array([0.0, min(drops), 0.0])
    skeleton.set("pelvis", pelvis, place)
    for side in SIDES:
        _pose_leg(skeleton, side, stance, *targets[side])


def _pose_leg(skeleton: Skeleton, side: str, stance: Stance, ankle: Vector, foot: Rotation, toes: Rotation) -> None:
    thigh, calf, end = f"thigh_{side}", f"calf_{side}", f"foot_{side}"
    sign = 1 if side == "l" else -1
    forward = turn("y", 0.6 * sign * stance.feet[side].toe_out + 0.4 * stance.swing) @ np.array([0.0, 0.0, 1.0])
    upper, lower = two_bones(skeleton.head(thigh), ankle, skeleton.lengths(thigh, calf, end), forward)
    ahead = np.array([0.0, 0.0, 1.0])
    skeleton.set(thigh, frame_of(upper, forward) @ frame_of(skeleton.rest(thigh, calf), ahead).T)
    skeleton.set(calf, frame_of(lower, forward) @ frame_of(skeleton.rest(calf, end), ahead).T)
    skeleton.set(end, foot)
    skeleton.set(f"ball_{side}", toes)
