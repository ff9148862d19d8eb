"""Hands: how far the fingers bend."""

from dataclasses import dataclass

import numpy as np

from spg_vton.render.body import Body
from spg_vton.render.rotations import Rotation, Vector, cross, rotation_about, unit_vector

FINGERS = ("index", "middle", "ring", "pinky")
#: Bend of a finger's three joints, relative to the hand's curl.
_JOINTS = {"01": 0.5, "02": 1.0, "03": 0.6}
#: Share of the thumb's turn towards the fingers that each of its joints takes.
_THUMB = {"01": 0.6, "02": 0.25, "03": 0.15}


@dataclass(frozen=True, slots=True)
class Curl:
    """Degrees by which each finger's middle joint bends.

    Attributes:
        fingers: index to pinky.
        thumb: degrees by which the thumb lies nearer to the fingers than in the spread hand.
        closed: between neighbouring fingers, nearer together than in the spread hand.
    """

    fingers: tuple[float, float, float, float]
    thumb: float
    closed: float


def sample_curl(rng: np.random.Generator, mean: float = 12.0) -> Curl:
    """A relaxed hand: fingers bend more from index to pinky."""
    base = max(float(rng.normal(mean, 6)), 0.0)
    steps = np.clip(base + np.arange(4) * rng.uniform(0, 7) + rng.normal(0, 2, 4), 0, 85)
    return Curl(
        fingers=(float(steps[0]), float(steps[1]), float(steps[2]), float(steps[3])),
        thumb=float(rng.uniform(16, 40)),
        closed=float(rng.uniform(6, 15)),
    )


def hand_axes(body: Body, heads: np.ndarray, side: str) -> tuple[Vector, Vector]:
    """Where fingers point and where the palm faces, at rest."""
    at = {name: heads[body.bone(f"{name}_{side}")] for name in ("hand", "middle_01", "index_01", "pinky_01")}
    fingers = unit_vector(at["middle_01"] - at["hand"])
    palm = cross(fingers, at["index_01"] - at["pinky_01"]) * (1 if side == "l" else -1)
    return fingers, unit_vector(palm)


def finger_turns(body: Body, heads: np.ndarray, curl: Curl, side: str) -> dict[str, Rotation]:
    """Rotation of each finger bone relative to its parent."""
    fingers, palm = hand_axes(body, heads, side)
    thumb = heads[body.bone(f"thumb_03_{side}")] - heads[body.bone(f"thumb_01_{side}")]
    bend_axis = cross(fingers, palm)
    turns = {}
    for number, (name, degrees) in enumerate(zip(FINGERS, curl.fingers, strict=True)):
        for joint, share in _JOINTS.items():
            turns[f"{name}_{joint}_{side}"] = rotation_about(bend_axis, share * degrees)
        fan = rotation_about(palm, (number - 1.5) * curl.closed * (1 if side == "l" else -1))
        turns[f"{name}_01_{side}"] = fan @ turns[f"{name}_01_{side}"]
    for joint, share in _THUMB.items():
        turns[f"thumb_{joint}_{side}"] = rotation_about(cross(thumb, fingers), share * curl.thumb)
    return turns
