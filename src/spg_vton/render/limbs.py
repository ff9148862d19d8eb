"""Arms and legs of one person: from what a pose asks for to the rotation of each bone.

All in the frame of the person before the turn of the whole body (``Pose.yaw``).
"""

from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

import numpy as np
from jaxtyping import Float, Int

from spg_vton.render.body import SIDES, SKIN_VERTICES, Body, Canon, load_body
from spg_vton.render.contact import Part, depth_in_rod
from spg_vton.render.gestures import Arm, Touch
from spg_vton.render.hands import Curl, finger_turns, hand_axes
from spg_vton.render.mesh import Points, vertex_normals
from spg_vton.render.rotations import (
    Rotation,
    Vector,
    bent_towards,
    cross,
    degrees_between,
    frame_of,
    rotation_about,
    rotation_between,
    turn,
    twist_between,
    two_bones,
    unit_vector,
)
from spg_vton.render.stances import Foot, Stance

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


@dataclass(slots=True, eq=False)
class Skeleton:
    """Bones of one person while they are posed, parents before children.

    Attributes:
        heads: rest position of each bone's head.
        points: the rest shape.
        rotations: of each bone posed so far.
        shifts: likewise; a rest point p goes to rotation p + shift.
    """

    body: Body
    heads: Float[np.ndarray, "B 3"]
    points: Points
    rotations: Float[np.ndarray, "B 3 3"]
    shifts: Float[np.ndarray, "B 3"]

    def set(self, name: str, rotation: Rotation, at: Vector | None = None) -> None:
        """Give a bone its rotation; its head stays on its parent unless ``at`` says where it goes."""
        bone = self.body.bone(name)
        parent = self.body.parents[bone]
        place = self.rotations[parent] @ self.heads[bone] + self.shifts[parent] if at is None else at
        self.rotations[bone], self.shifts[bone] = rotation, place - rotation @ self.heads[bone]

    def rotation(self, name: str) -> Rotation:
        """A posed bone's rotation."""
        return self.rotations[self.body.bone(name)]

    def head(self, name: str) -> Vector:
        """Where a bone's head goes, once the bone or its parent is posed."""
        bone = self.body.bone(name)
        parent = self.body.parents[bone]
        return self.rotations[parent] @ self.heads[bone] + self.shifts[parent]

    def rest(self, start: str, end: str) -> Vector:
        """From one bone's head to another's, at rest."""
        return self.heads[self.body.bone(end)] - self.heads[self.body.bone(start)]

    def carried(self, vertices: Int[np.ndarray, " n"], weights: Float[np.ndarray, "n B"]) -> Points:
        """Where skin vertices go."""
        blended = weights @ np.concatenate([self.rotations.reshape(-1, 9), self.shifts], axis=1)
        turned = np.einsum("nij,nj->ni", blended[:, :9].reshape(-1, 3, 3), self.points[vertices])
        return turned + blended[:, 9:]


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
        lengths = _lengths(skeleton, f"thigh_{side}", f"calf_{side}", f"foot_{side}")
        hip, ankle = place + pelvis @ skeleton.rest("pelvis", f"thigh_{side}"), targets[side][0]
        level = np.hypot(*(hip - ankle)[[0, 2]])
        drops.append(ankle[1] + np.sqrt(max((stance.straight * sum(lengths)) ** 2 - level**2, 0.0)) - hip[1])
    place = place + np.array([0.0, min(drops), 0.0])
    skeleton.set("pelvis", pelvis, place)
    for side in SIDES:
        _pose_leg(skeleton, side, stance, *targets[side])


def _lengths(skeleton: Skeleton, first: str, second: str, third: str) -> tuple[float, float]:
    return (
        float(np.linalg.norm(skeleton.rest(first, second))),
        float(np.linalg.norm(skeleton.rest(second, third))),
    )


def _pose_leg(skeleton: Skeleton, side: str, stance: Stance, ankle: Vector, foot: Rotation, toes: Rotation) -> None:
    thigh, calf, end = f"thigh_{side}", f"calf_{side}", f"foot_{side}"
    sign = 1 if side == "l" else -1
    forward = turn("y", 0.6 * sign * stance.feet[side].toe_out + 0.4 * stance.swing) @ np.array([0.0, 0.0, 1.0])
    upper, lower = two_bones(skeleton.head(thigh), ankle, _lengths(skeleton, thigh, calf, end), forward)
    ahead = np.array([0.0, 0.0, 1.0])
    skeleton.set(thigh, frame_of(upper, forward) @ frame_of(skeleton.rest(thigh, calf), ahead).T)
    skeleton.set(calf, frame_of(lower, forward) @ frame_of(skeleton.rest(calf, end), ahead).T)
    skeleton.set(end, foot)
    skeleton.set(f"ball_{side}", toes)


def pose_arm(skeleton: Skeleton, parts: list[Part], side: str, arm: Arm, curl: Curl, posed: tuple[str, ...]) -> None:
    """Bend one arm, away from what it would pierce; ``posed`` names the sides of arms posed before."""
    sign = 1 if side == "l" else -1
    chest = skeleton.rotation("spine_03")
    skeleton.set(f"clavicle_{side}", chest @ turn("z", sign * arm.shrug))
    turns = finger_turns(skeleton.body, skeleton.heads, curl, side)
    gap = CLEARANCE if arm.touch is None else min(CLEARANCE, arm.touch.gap)
    best, least = arm, np.inf
    for _ in range(_PUSHES):
        _set_arm(skeleton, side, arm, turns)
        depth = _pierced(skeleton, parts, side, arm, gap, posed)
        if depth < least:
            best, least = arm, depth
        if depth < _ENOUGH:
            return
        arm = _pushed(arm, depth)
    _set_arm(skeleton, side, best, turns)


def _pierced(skeleton: Skeleton, parts: list[Part], side: str, arm: Arm, gap: float, posed: tuple[str, ...]) -> float:
    """How deep the arm lies inside the body and its clothes at most (``gap`` at the hand), decimetres."""
    vertices, weights, handness = _probes(side)
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


def _set_arm(skeleton: Skeleton, side: str, arm: Arm, turns: dict[str, Rotation]) -> None:
    """Rotate the bones of one arm and its fingers."""
    chest, flip = skeleton.rotation("spine_03"), np.array([1.0 if side == "l" else -1.0, 1.0, 1.0])
    upper, lower, fingers, palm = (
        chest @ unit_vector(np.array(of) * flip) for of in (arm.upper, arm.lower, arm.fingers, arm.palm)
    )
    names = tuple(f"{name}_{side}" for name in ("upperarm", "lowerarm", "hand"))
    if arm.touch is not None:
        place, normal = _touched(skeleton, side, arm.touch)
        if arm.touch.out is None and not arm.hidden:  # the hand lies flat on what it touches
            fingers = unit_vector(fingers - _FLAT * min(fingers @ normal, 0.0) * normal)
            palm = unit_vector((1 - _FLAT) * palm - _FLAT * normal)
        knuckles = np.linalg.norm(skeleton.rest(names[2], f"middle_01_{side}"))
        wrist = place + arm.touch.gap * normal - _PALM * knuckles * fingers
        upper, lower = two_bones(skeleton.head(names[0]), wrist, _lengths(skeleton, *names), upper)
    lower = bent_towards(lower, upper, ELBOW_BEND)
    fingers = bent_towards(fingers, lower, WRIST_BEND)
    _turn_arm(skeleton, side, names, (upper, lower, fingers, palm))
    for name, local in turns.items():
        bone = skeleton.body.bone(name)
        skeleton.set(name, skeleton.rotations[skeleton.body.parents[bone]] @ local)


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


def _touched(skeleton: Skeleton, side: str, touch: Touch) -> tuple[Vector, Vector]:
    """Where a touched place is in the pose, and its outward normal."""
    vertex, weights, normal = _anchor(touch.part, touch.place, side)
    place = skeleton.carried(np.array([vertex]), weights)[0]
    if touch.out is not None:
        return place, skeleton.rotation("spine_03") @ unit_vector(
            np.array(touch.out) * (1 if side == "l" else -1, 1, 1)
        )
    return place, skeleton.rotations[int(weights[0].argmax())] @ normal


@cache
def _template_normals() -> Points:
    body = load_body()
    return vertex_normals(body.template, body.skin)


@cache
def _candidates(part: str, side: str) -> Int[np.ndarray, " n"]:
    """Skin vertices of a part that the hand of this side may touch."""
    skin = load_body().canon[:SKIN_VERTICES]
    match part:
        case "trunk":
            return np.flatnonzero((skin[:, Canon.ARM] < 0.05) & (skin[:, Canon.Y] < load_body().landmarks.neck))
        case "head":
            return np.flatnonzero(skin[:, Canon.Y] > load_body().landmarks.neck)
        case "arm":
            other = -1 if side == "l" else 1
            return np.flatnonzero((skin[:, Canon.ARM] > 0.9) & (skin[:, Canon.X] * other > 0))
    raise ValueError(f"a touched part must be trunk, head or arm, got {part!r}")


def _anchor(part: str, place: tuple[float, float, float], side: str) -> tuple[int, np.ndarray, Vector]:
    """The vertex nearest to a canonical place, its skinning weights (1, B) and its normal on the template."""
    body, candidates = load_body(), _candidates(part, side)
    there = np.array(place) * (1 if side == "l" else -1, 1, 1)
    vertex = int(candidates[((body.template[candidates] - there) ** 2).sum(1).argmin()])
    return vertex, body.weights[[vertex]].toarray(), _template_normals()[vertex]


@cache
def _probes(side: str) -> tuple[Int[np.ndarray, " n"], Float[np.ndarray, "n B"], np.ndarray]:
    """Skin vertices spread over the arm, their weights, and how near the hand (0 to 1, -1 above the elbow)."""
    body = load_body()
    skin, sign = body.canon[:SKIN_VERTICES], 1 if side == "l" else -1
    of_arm = (skin[:, Canon.ARM] > 0.95) & (skin[:, Canon.X] * sign > 0) & (skin[:, Canon.ALONG_ARM] > 0.55)
    arm = np.flatnonzero(of_arm & (skin[:, Canon.HAND] < 0.5))[::9]
    hand = np.flatnonzero(of_arm & (skin[:, Canon.HAND] > 0.5))[::31]
    vertices = np.concatenate([arm, hand])
    along = skin[vertices, Canon.ALONG_ARM]
    handness = np.where(skin[vertices, Canon.HAND] > 0.05, 1.0, np.clip((along - 1.0) / 0.5, 0, 1))
    return vertices, body.weights[vertices].toarray(), np.where(along < 1, -1.0, handness)
