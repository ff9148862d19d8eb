"""Strands: they leave the scalp as combed, lie on the skull, fall, and slide along neck, shoulders and back."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numba import njit

from spg_vton.render.hair.collision import PosedSolids, capsule_gap, table_gap

SEGMENTS = 13
_LONG_STEP = 0.12  # a segment longer than this is walked in two steps, decimetres
_SMOOTHING = 2
_BODY_CLEARANCE = 0.2  # decimetres over neck, chest and arms; the surface's bias adds what cloth needs
_OVER_SCALP = 0.05  # decimetres between the scalp and the innermost strands
_LIFT = 0.25  # length over which a strand reaches its height over the scalp
_LAID_OVER = 0.6  # decimetres over the mouth: hair is pressed onto the head above, the more firmly the further down
_FLAT_TOP = 0.5  # height over the scalp on top of the head relative to the sides
_HEAD_ENDS = 0.1  # under the mouth; further down neck and chest alone stop hair
_STUCK = 0.6  # squared speed along a surface below which hair goes aside
_GRIP = 0.95  # share of its sideways course that hair loses on a shoulder
_CLING = 0.15  # pull towards the axis of the neck where hair hangs freely
_FACE = (-0.42, 0.98, 0.66)  # of the oval kept free: height below the head's centre, half height, half width
_FACE_FROM = 0.3  # it lies in front of this depth from the head's centre
_TO_FRONT = 0.3  # pull to the front or the back between chin and shoulders


@dataclass(frozen=True, slots=True, eq=False)
class Strands:
    """What a strand is born with; directions and places in the world.

    Attributes:
        root: where it starts.
        comb: unit direction in which it leaves.
        length: decimetres.
        height: decimetres over the scalp that it keeps.
        side: 1 if it falls left of the face, -1 right, 0 if it may cover the face.
        front: 1 if it falls in front of the shoulder, -1 behind.
    """

    root: Float[np.ndarray, "n 3"]
    comb: Float[np.ndarray, "n 3"]
    length: Float[np.ndarray, " n"]
    height: Float[np.ndarray, " n"]
    side: Float[np.ndarray, " n"]
    front: Float[np.ndarray, " n"]


@njit(cache=True)
def _unit(v: np.ndarray) -> float:
    length = np.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]) + 1e-12
    for k in range(3):
        v[k] /= length
    return length


@njit(cache=True)
def _add(v: np.ndarray, amount: float, w: np.ndarray) -> None:
    for k in range(3):
        v[k] += amount * w[k]


@njit(cache=True)
def _clear_face(p: np.ndarray, side: float, frame: np.ndarray) -> None:
    """Push a point sideways out of the oval of the face."""
    x, y, z = 0.0, 0.0, 0.0
    for k in range(3):
        apart = p[k] - frame[3, k]
        x += frame[k, 0] * apart
        y += frame[k, 1] * apart
        z += frame[k, 2] * apart
    inside = 1 - ((y - _FACE[0]) / _FACE[1]) ** 2
    if z < _FACE_FROM or inside <= 0:
        return
    ahead = min(1.0, (z - _FACE_FROM) / 0.25)
    short = _FACE[2] * np.sqrt(inside) * ahead - side * x
    if short > 0:
        for k in range(3):
            p[k] += side * short * frame[k, 0]


@njit(cache=True)
def _slide(d: np.ndarray, n: np.ndarray, aside: np.ndarray) -> None:
    """Take what points into a surface out of a direction; where nothing is left, go aside."""
    into = d[0] * n[0] + d[1] * n[1] + d[2] * n[2]
    if into < 0:
        for k in range(3):
            d[k] -= into * n[k]
        if d[0] ** 2 + d[1] ** 2 + d[2] ** 2 < _STUCK:
            across = aside[0] * n[0] + aside[1] * n[1] + aside[2] * n[2]
            for k in range(3):
                d[k] += 0.6 * (aside[k] - across * n[k])
        _unit(d)


@njit(cache=True)
def _hold(d: np.ndarray, frame: np.ndarray, n: np.ndarray) -> None:
    """On top of the shoulders hair goes to the front or the back, not outwards."""
    outwards = _GRIP * max(n[1], 0.2) * (d[0] * frame[0, 0] + d[1] * frame[1, 0] + d[2] * frame[2, 0])
    for k in range(3):
        d[k] -= outwards * frame[k, 0]
    _unit(d)


@njit(cache=True)
def _march(
    root: np.ndarray,
    comb: np.ndarray,
    length: np.ndarray,
    height: np.ndarray,
    side: np.ndarray,
    front: np.ndarray,
    bend: float,
    lay: float,
    head_frame: np.ndarray,
    head: np.ndarray,
    chest_frame: np.ndarray,
    chest: np.ndarray,
    capsules: np.ndarray,
    segments: int,
    substeps: int,
) -> np.ndarray:
    nodes = np.empty((root.shape[0], segments + 1, 3))
    over = _LAID_OVER * (1 - lay)
    room, nowhere = np.empty((6, 3)), np.zeros(3)
    n, aside, ahead, before, p, d = room[0], room[1], room[2], room[3], room[4], room[5]
    for k in range(3):
        ahead[k] = chest_frame[k, 2]
    for i in range(root.shape[0]):
        p[:], d[:], nodes[i, 0] = root[i], comb[i], root[i]
        step = length[i] / (segments * substeps)
        give = 1 - np.exp(-step / bend)
        for k in range(3):
            aside[k] = front[i] * ahead[k]
        for s in range(segments * substeps):
            below = head_frame[3, 1] - 0.8 - p[1]  # under the mouth, so no longer on the head
            for k in range(3):
                d[k] *= 1 - give
            d[1] -= give
            if below > 0:
                for k in range(0, 3, 2):
                    d[k] -= _CLING * max(-front[i], 0.0) * give * (p[k] - 0.5 * (capsules[0, k] + capsules[0, 3 + k]))
                if p[1] > capsules[1, 1] - 0.2 and p[1] > capsules[2, 1] - 0.2:
                    for k in range(3):
                        d[k] += _TO_FRONT * give * aside[k]
            _unit(d)
            top = min(max((p[1] - head_frame[3, 1]) / 0.75, 0.0), 1.0)
            keep = _OVER_SCALP + height[i] * (1 - (1 - _FLAT_TOP) * top) * min(1.0, (s + 1) * step / _LIFT)
            body = (_BODY_CLEARANCE + 0.5 * height[i]) * min(1.0, s * step / 0.7)
            gap = table_gap(p, head_frame, head, n) if below < _HEAD_ENDS else 9.0
            if gap < keep + 0.02:
                _slide(d, n, nowhere)
            elif below < -over and lay > 0:
                _add(d, -lay * min(1.0, (gap - keep) / 0.15) * min(1.0, -(below + over) / 0.4), n)
                _unit(d)
            if below > 0 and table_gap(p, chest_frame, chest, n) < body + 0.02:
                _slide(d, n, aside)
                _hold(d, chest_frame, n)
            before[:] = p
            _add(p, step, d)
            if below < _HEAD_ENDS:
                gap = table_gap(p, head_frame, head, n)
                if gap < keep:
                    _add(p, keep - gap, n)
            if below > 0:
                for part in range(3):
                    gap, near = capsule_gap(p, capsules[part], n), body
                    if part == 0:
                        near = 0.05 + 0.2 * height[i]
                    if gap < near:
                        _add(p, near - gap, n)
                gap = table_gap(p, chest_frame, chest, n)
                if gap < body:
                    _add(p, body - gap, n)
            if side[i] != 0:
                _clear_face(p, side[i], head_frame)
            for k in range(3):
                d[k] = p[k] - before[k]
            if _unit(d) < 1e-9:
                d[1] = -1.0
            if (s + 1) % substeps == 0:
                nodes[i, (s + 1) // substeps] = p
    return nodes


def grow(
    strands: Strands, bend: float, lay: float, posed: PosedSolids, segments: int = SEGMENTS
) -> Float[np.ndarray, "n S+1 3"]:
    """The course of each strand under gravity; ``bend`` and ``lay`` as in ``Style``."""
    substeps = 2 if strands.length.max(initial=0.0) > _LONG_STEP * segments else 1
    nodes = _march(
        strands.root, strands.comb, strands.length, strands.height, strands.side, strands.front, bend, lay,
        posed.head, posed.solids.head, posed.chest, posed.solids.chest, posed.capsules, segments,
        substeps,
    )  # fmt: skip
    for _ in range(_SMOOTHING):
        nodes[:, 1:-1] = 0.25 * nodes[:, :-2] + 0.5 * nodes[:, 1:-1] + 0.25 * nodes[:, 2:]
    return nodes
