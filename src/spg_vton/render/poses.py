"""Poses of a whole body: the kinds of stance seen in shop photos, jittered.

A limb is aimed at a direction (x to the person's left, y up, z to the front), because the rest pose of the rig has
bent forearms and joint angles relative to it say little.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from spg_vton.render.body import SIDES

Vector = Float[np.ndarray, " 3"]
Rotation = Float[np.ndarray, "3 3"]

#: How often each kind is drawn, relative to the others.
POSE_KINDS: Mapping[str, float] = {
    "front": 4.0,
    "quarter": 3.0,
    "side": 0.7,
    "back": 0.7,
    "hips": 1.5,
    "walk": 1.5,
    "up": 0.7,
    "bent": 1.2,
    "wave": 1.2,
    "onehip": 1.5,
    "tpose": 0.5,
}  # fmt: skip
_LIMBS = ("upperarm", "lowerarm", "thigh", "calf")


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """Directions of the limbs, extra turns of other bones, and the turn of the whole body.

    Attributes:
        kind: one of ``POSE_KINDS``.
        yaw: degrees about the vertical; 0 faces the camera, positive turns the person's front to image right.
        aims: direction of a limb's bone, relative to the chest (arms) or the pelvis (legs).
        turns: rotation of a bone relative to its parent.
    """

    kind: str
    yaw: float
    aims: Mapping[str, Vector]
    turns: Mapping[str, Rotation]


def turn(axis: str, degrees: float) -> Rotation:
    """Rotation about the axis ``x``, ``y`` or ``z``."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    match axis:
        case "x":
            return np.array([[1, 0, 0], [0, c, -s], [0, s, c]])
        case "y":
            return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])
        case "z":
            return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    raise ValueError(f"axis must be x, y or z, got {axis!r}")


def mirrored(direction: Vector) -> Vector:
    """The same direction on the other side of the body."""
    return np.array([-direction[0], direction[1], direction[2]])


def _standing(rng: np.random.Generator) -> dict[str, Vector]:
    """Arms hanging, legs straight, with jitter."""
    aims: dict[str, Vector] = {}
    for side, sign in zip(SIDES, (1, -1), strict=True):
        aims[f"upperarm_{side}"] = np.array([sign * 0.2, -1, 0]) + rng.normal(0, 0.06, 3)
        aims[f"lowerarm_{side}"] = np.array([sign * 0.12, -1, 0.25]) + rng.normal(0, 0.06, 3)
        aims[f"thigh_{side}"] = np.array([sign * 0.09, -1, 0]) + rng.normal(0, 0.03, 3)
        aims[f"calf_{side}"] = np.array([sign * 0.03, -1, -0.06]) + rng.normal(0, 0.03, 3)
    return aims


def _hand_on_hip(side: str) -> dict[str, Vector]:
    upper, lower = np.array([0.75, -1, -0.2]), np.array([-0.75, -0.6, 0.3])
    flip = mirrored if side == "r" else np.asarray
    return {f"upperarm_{side}": flip(upper), f"lowerarm_{side}": flip(lower)}


def _both(bone: str, left: Vector) -> dict[str, Vector]:
    return {f"{bone}_l": left, f"{bone}_r": mirrored(left)}


def _changes(kind: str, rng: np.random.Generator) -> dict[str, Vector]:
    """What a kind of pose aims differently from standing, before the jitter."""
    side = str(rng.choice(SIDES))
    flip = mirrored if side == "r" else np.asarray
    match kind:
        case "hips":
            return _hand_on_hip("l") | _hand_on_hip("r")
        case "onehip":
            return _hand_on_hip(side)
        case "up":
            return _both("upperarm", np.array([0.85, 0.55, 0.1])) | _both("lowerarm", np.array([-0.1, 1, 0.05]))
        case "tpose":
            return _both("upperarm", np.array([1, 0, 0])) | _both("lowerarm", np.array([1, 0, 0.15]))
        case "bent":
            other = "r" if side == "l" else "l"
            return {
                f"lowerarm_{side}": flip(np.array([-0.35, 0.25, 1])),
                f"lowerarm_{other}": flip(np.array([0.2, -0.5, 1])),
            }
        case "wave":
            return {
                f"upperarm_{side}": flip(np.array([0.9, -0.35, 0.1])),
                f"lowerarm_{side}": flip(np.array([0.15, 1, 0.2])),
            }
        case "walk":
            ahead, behind = (side, "r" if side == "l" else "l")
            stride = {
                f"thigh_{ahead}": flip(np.array([0.05, -1, 0.38])),
                f"thigh_{behind}": flip(np.array([-0.05, -1, -0.25])),
                f"calf_{ahead}": flip(np.array([0.02, -1, 0.12])),
                f"calf_{behind}": flip(np.array([-0.02, -1, -0.75])),
            }
            swing = {
                f"upperarm_{ahead}": flip(np.array([0.18, -1, -0.4])),
                f"upperarm_{behind}": flip(np.array([-0.18, -1, 0.4])),
                f"lowerarm_{ahead}": flip(np.array([0.1, -1, 0.1])),
                f"lowerarm_{behind}": flip(np.array([-0.02, -1, 0.9])),
            }
            return stride | swing
    return {}


def _yaw(kind: str, rng: np.random.Generator) -> float:
    sign = float(rng.choice((-1.0, 1.0)))
    match kind:
        case "side":
            return sign * rng.uniform(60, 90)
        case "quarter":
            return sign * rng.uniform(25, 50)
        case "walk":
            return sign * rng.uniform(0, 45)
        case "back":
            return 180 + rng.normal(0, 18)
    return rng.normal(0, 8)


def sample_pose(kind: str, rng: np.random.Generator) -> Pose:
    """A pose of one kind of ``POSE_KINDS``; the same generator state gives the same pose."""
    aims = _standing(rng)
    for bone, direction in _changes(kind, rng).items():
        aims[bone] = direction + rng.normal(0, 0.04, 3)
    turns = {
        "neck_01": turn("y", rng.normal(0, 8)) @ turn("x", rng.normal(0, 3)),
        "head": turn("y", rng.normal(0, 8)) @ turn("z", rng.normal(0, 3)),
        "spine_02": turn("z", rng.normal(0, 2)) @ turn("y", rng.normal(0, 5)),
    }
    for side, sign in zip(SIDES, (1, -1), strict=True):
        if kind in ("up", "tpose"):  # the shoulder blade follows a raised arm
            turns[f"clavicle_{side}"] = turn("z", sign * (14 if kind == "up" else 6))
        for finger in ("index", "middle", "ring", "pinky"):
            for bone in ("01", "02"):
                turns[f"{finger}_{bone}_{side}"] = turn("z", -sign * 14)
    return Pose(kind=kind, yaw=float(_yaw(kind, rng)), aims=aims, turns=turns)
