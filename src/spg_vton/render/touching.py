"""Places on the body that hands go to, and the points of an arm that must not lie inside the body."""

from functools import cache

import numpy as np
from jaxtyping import Float, Int

from spg_vton.render.arm_postures import Touch
from spg_vton.render.body import SKIN_VERTICES, Canon, load_body
from spg_vton.render.mesh import Points, vertex_normals
from spg_vton.render.rotations import Vector, unit_vector
from spg_vton.render.skeleton import Skeleton


def touched_place(skeleton: Skeleton, side: str, touch: Touch) -> tuple[Vector, Vector]:
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
def arm_probes(side: str) -> tuple[Int[np.ndarray, " n"], Float[np.ndarray, "n B"], np.ndarray]:
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
