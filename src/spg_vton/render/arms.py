"""Arms: aimed or reaching for a place, and moved away from what they would pierce."""

from dataclasses import replace
from itertools import pairwise

import numpy as np

from spg_vton.render.arm_postures import Arm
from spg_vton.render.body import SIDES
from spg_vton.render.contact import Part, depth_in_rod
from spg_vton.render.hands import Curl, finger_turns, hand_axes
from spg_vton.render.rotations import (
    Vector,
    bent_towards,
    cross,
    degrees_between,
    rotation_about,
    rotation_between,
    turn,
    twist_between,
    two_bones,
    unit_vector,
)
from spg_vton.render.skeleton import Skeleton
from spg_vton.render.touching import arm_probes, touched_place

#: Joint limits, degrees.
WRIST_BEND, FOREARM_TWIST, ELBOW_BEND = 75.0, 100.0, 145.0
_UPPER_TWIST = 70.0
#: Decimetres of cloth and air between an arm and the trunk.
CLEARANCE = 0.22
_PUSHES, _PUSH_DEGREES, _ELBOW_STEP, _POCKET_STEP = 12, 3.0, 0.08, 0.03
_ENOUGH = 0.02  # of pierced room that no one sees, decimetres
_ARMPIT_ROOM = -0.05  # of the upper arm, whose flesh and sleeve give way
_ARM_RADIUS = 0.42  # of a forearm or hand, decimetres
_FLAT = 0.85  # share by which a touching hand follows the surface
_PALM = 0.75  # where the palm's middle lies from the wrist to the knuckles
_FOREARM_SHARE = 0.6  # of the hand's twist that the forearm takes over


#: Finger bones, and their rotations and shifts while the hand is at rest.
Fingers = tuple[list[int], np.ndarray, np.ndarray]


def _bent_fingers(skeleton: Skeleton, side: str, curl: Curl) -> Fingers:
    """Bend the fingers of a hand at rest; they then move with the hand."""
    skeleton.set(f"hand_{side}", np.eye(3), skeleton.heads[skeleton.body.bone(f"hand_{side}")])
    bones = []
    for name, local in finger_turns(skeleton.body, skeleton.heads, curl, side).items():
        bones.append(skeleton.body.bone(name))
        skeleton.set(name, skeleton.rotations[skeleton.body.parents[bones[-1]]] @ local)
    return bones, skeleton.rotations[bones], skeleton.shifts[bones]


def pose_arm(skeleton: Skeleton, parts: list[Part], side: str, arm: Arm, curl: Curl, posed: tuple[str, ...]) -> None:
    """Bend one arm, away from what it would pierce; ``posed`` names the sides of arms posed before."""
    sign = 1 if side == "l" else -1
    chest = skeleton.rotation("spine_03")
    skeleton.set(f"clavicle_{side}", chest @ turn("z", sign * arm.shrug))
    fingers = _bent_fingers(skeleton, side, curl)
    gap = CLEARANCE if arm.touch is None else min(CLEARANCE, arm.touch.gap)
    best, least = arm, np.inf
    for _ in range(_PUSHES):
        _set_arm(skeleton, side, arm, fingers)
        depth = _pierced(skeleton, parts, side, arm, gap, posed)
        if depth < least:
            best, least = arm, depth
        if depth < _ENOUGH:
            return
        arm = _pushed(arm, depth)
    _set_arm(skeleton, side, best, fingers)


def _pierced(skeleton: Skeleton, parts: list[Part], side: str, arm: Arm, gap: float, posed: tuple[str, ...]) -> float:
    """How deep the arm lies inside the body and its clothes at most (``gap`` at the hand), decimetres."""
    vertices, weights, handness = arm_probes(side)
    if arm.hidden:
        vertices, weights, handness = vertices[handness < 1], weights[handness < 1], handness[handness < 1]
    probes = skeleton.carried(vertices, weights)
    room = np.where(handness < 0, _ARMPIT_ROOM, CLEARANCE + handness * (gap - CLEARANCE))
    inside = [float((part.depth(probes, skeleton.rotations, skeleton.shifts) + room).max()) for part in parts]
    other = SIDES[1 - SIDES.index(side)]
    if other in posed and arm.touch is not None and arm.touch.part != "arm":
        joints = [skeleton.head(f"{name}_{other}") for name in ("lowerarm", "hand", "middle_01")]
        inside += [float(depth_in_rod(probes, *ends, _ARM_RADIUS).max()) for ends in pairwise(joints)]
    return max(inside)


def _pushed(arm: Arm, depth: float) -> Arm:
    """The same gesture a little further from the body."""
    if arm.touch is not None:
        x, y, z = arm.upper
        ahead = 0.0 if arm.touch.out is None else _ELBOW_STEP
        away = arm.touch.gap + (_POCKET_STEP if arm.hidden else min(depth + 0.01, 0.25))
        return replace(arm, upper=(x + _ELBOW_STEP, y, z + ahead), touch=replace(arm.touch, gap=away))
    outwards = turn("z", _PUSH_DEGREES if arm.upper[1] < 0 else -_PUSH_DEGREES)
    upper, lower = outwards @ np.array(arm.upper), outwards @ np.array(arm.lower)
    fingers = outwards @ np.array(arm.fingers)
    return replace(arm, upper=_triple(upper), lower=_triple(lower), fingers=_triple(fingers))


def _triple(vector: Vector) -> tuple[float, float, float]:
    return float(vector[0]), float(vector[1]), float(vector[2])


def _set_arm(skeleton: Skeleton, side: str, arm: Arm, fingers_at_rest: Fingers) -> None:
    """Rotate the bones of one arm and its fingers."""
    chest, flip = skeleton.rotation("spine_03"), np.array([1.0 if side == "l" else -1.0, 1.0, 1.0])
    upper, lower, fingers, palm = (
        chest @ unit_vector(np.array(of) * flip) for of in (arm.upper, arm.lower, arm.fingers, arm.palm)
    )
    names = tuple(f"{name}_{side}" for name in ("upperarm", "lowerarm", "hand"))
    if arm.touch is not None:
        place, normal = touched_place(skeleton, side, arm.touch)
        if arm.touch.out is None and not arm.hidden:  # the hand lies flat on what it touches
            fingers = unit_vector(fingers - _FLAT * min(fingers @ normal, 0.0) * normal)
            palm = unit_vector((1 - _FLAT) * palm - _FLAT * normal)
        knuckles = np.linalg.norm(skeleton.rest(names[2], f"middle_01_{side}"))
        wrist = place + arm.touch.gap * normal - _PALM * knuckles * fingers
        upper, lower = two_bones(skeleton.head(names[0]), wrist, skeleton.lengths(*names), upper)
    lower = bent_towards(lower, upper, ELBOW_BEND)
    fingers = bent_towards(fingers, lower, WRIST_BEND)
    _turn_arm(skeleton, side, names, (upper, lower, fingers, palm))
    bones, rotations, shifts = fingers_at_rest
    hand, hand_shift = skeleton.rotation(names[2]), skeleton.shifts[skeleton.body.bone(names[2])]
    skeleton.rotations[bones], skeleton.shifts[bones] = hand @ rotations, shifts @ hand.T + hand_shift


def _turn_arm(
    skeleton: Skeleton, side: str, names: tuple[str, ...], directions: tuple[Vector, Vector, Vector, Vector]
) -> None:
    """Rotate upper arm, forearm and hand, sharing out the twist along the arm."""
    upper, lower, fingers, palm = directions
    clavicle = skeleton.rotation(f"clavicle_{side}")
    rest_upper, rest_lower = skeleton.rest(*names[:2]), skeleton.rest(*names[1:])
    rest_fingers, rest_palm = hand_axes(skeleton.body, skeleton.heads, side)
    first = rotation_between(clavicle @ rest_upper, upper) @ clavicle
    if degrees_between(upper, lower) > 12:  # the elbow is a hinge: turn the upper arm so that it can bend that way
        hinge = twist_between(upper, first @ cross(rest_upper, rest_lower), cross(upper, lower))
        first = rotation_about(upper, float(np.clip(hinge, -_UPPER_TWIST, _UPPER_TWIST))) @ first
    second = rotation_between(first @ rest_lower, lower) @ first
    straight = rotation_between(second @ rest_fingers, fingers) @ second
    twist = float(np.clip(twist_between(fingers, straight @ rest_palm, palm), -FOREARM_TWIST, FOREARM_TWIST))
    second = rotation_about(lower, _FOREARM_SHARE * twist) @ second
    third = rotation_between(second @ rest_fingers, fingers) @ second
    third = rotation_about(fingers, (1 - _FOREARM_SHARE) * twist) @ third
    for name, rotation in zip(names, (first, second, third), strict=True):
        skeleton.set(name, rotation)
