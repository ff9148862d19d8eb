"""How hair is combed and cut: direction, length and height of each strand at rest."""

import numpy as np
from jaxtyping import Float

from spg_vton.render.body import Canon, load_body
from spg_vton.render.hair.collision import PosedSolids
from spg_vton.render.hair.strands import Strands, grow
from spg_vton.render.hair.styles import Style
from spg_vton.render.people import Identity

_PARTING = 0.4  # decimetres from the middle of the head to the furthest parting
_WHORL = (0.05, -0.02)  # x and z of the crown, from which hair at the back spreads
_LONGEST, _TRIAL_SEGMENTS = 6.5, 30
_MIDDLE = np.array([0.0, 7.72, 0.3])  # of the ball that hair standing out to all sides fills
_SPRING = np.array([0.0, 7.5, 0.62])  # the place from which its strands point away
_FRINGE_END = 0.2  # over the eyes

Rows = Float[np.ndarray, "n 3"]


def unit_rows(vectors: np.ndarray) -> np.ndarray:
    """Vectors of length 1 along the last axis."""
    return np.asarray(vectors / (np.sqrt((vectors**2).sum(-1, keepdims=True)) + 1e-9))


def pick(limits: tuple[float, float], share: float) -> float:
    """The value at a share of a range."""
    return limits[0] + share * (limits[1] - limits[0])


def _smooth(values: np.ndarray, low: float, high: float) -> np.ndarray:
    share = np.clip((values - low) / (high - low), 0, 1)
    return np.asarray(share * share * (3 - 2 * share))


def _directions(style: Style, place: Rows, side: np.ndarray, rng: np.random.Generator) -> Rows:
    """Which way hair is combed at canonical places, before it is laid onto the scalp."""
    x, y, z = place.T
    level, one = y - load_body().landmarks.eye[1], np.ones(len(x))
    top, front = _smooth(level, 0.2, 0.75), _smooth(z, -0.1, 0.6)
    radial = unit_rows(np.stack([x - _WHORL[0], -0.3 * one, z - _WHORL[1]], axis=1))
    sideways = np.stack([side, -0.1 * one, -0.3 * one], axis=1)
    down = np.stack([0.1 * side, -one, -0.15 * one], axis=1)
    match style.comb:
        case "part":
            mixed = front[:, None] * sideways + (1 - front[:, None]) * radial
            return top[:, None] * mixed + (1 - top[:, None]) * down
        case "forward":
            forward = np.stack([0.25 * side, -0.25 * one, one], axis=1)
            return top[:, None] * forward + (1 - top[:, None]) * (down + np.array([0, 0, 0.5]))
        case "up":
            up = np.stack([0.35 * side, 0.5 * one, -0.75 * one], axis=1)
            back = np.stack([0 * one, -0.5 * one, -one], axis=1)
            return top[:, None] * up + (1 - top[:, None]) * back
        case "out":
            return unit_rows(place - _SPRING) + rng.normal(0, 0.25, place.shape)
    raise ValueError(f"comb must be part, forward, up or out, got {style.comb!r}")


_LIFT_OF_COMB = {"part": 0.3, "forward": 0.25, "up": 0.7, "out": 0.2}


def _cut(identity: Identity, style: Style, strands: Strands, rest: PosedSolids) -> np.ndarray:
    """Length at which each strand's tip hangs at its level."""
    assert style.end is not None
    rng = np.random.default_rng(1)
    outer = strands.height / (strands.height.max() + 1e-9)
    end = pick(style.end, identity.hair_look.length) - rest.solids.drop
    level = end + style.layering * outer * (strands.root[:, 1] - end) + 0.14 * rng.normal(0, 1, len(outer))
    nodes = grow(strands, style.bend, style.lay, rest, _TRIAL_SEGMENTS)
    under = nodes[:, :, 1] < level[:, None]
    first = np.where(under.any(1), under.argmax(1), _TRIAL_SEGMENTS)
    return np.clip(np.minimum(first * _LONGEST / _TRIAL_SEGMENTS, 1.15 * (strands.root[:, 1] - level) + 0.7), 0.2, None)


def _lengths(identity: Identity, style: Style, place: Rows, rng: np.random.Generator) -> np.ndarray:
    """Length of strands whose tips do not hang: up to a ball around the head, or shorter at ears and nape."""
    if style.comb == "out":
        apart = np.sqrt((place - _MIDDLE) ** 2 @ np.ones(3))
        radius = pick(style.length, identity.hair_look.length) * identity.hair_look.volume
        on_cheek = _smooth(place[:, 2], 0.4, 0.7) * (1 - _smooth(place[:, 1] - _MIDDLE[1], -0.3, 0.1))
        return np.clip(1.15 * (radius - apart) * (1 - 0.8 * on_cheek), 0.12, None) * rng.uniform(0.85, 1.05, len(place))
    top = _smooth(place[:, 1] - load_body().landmarks.eye[1], -0.3, 0.75)
    return (
        pick(style.length, identity.hair_look.length)
        * (style.sides + (1 - style.sides) * top)
        * rng.uniform(0.8, 1.1, len(place))
    )


def _in_fringe(identity: Identity, place: Rows) -> np.ndarray:
    if not identity.hair_look.fringe:
        return np.zeros(len(place), bool)
    x, y, z = place.T
    return (z > 0.95) & (np.abs(x) < 0.55) & (y > load_body().landmarks.eye[1] + 0.3)


def comb_hair(
    identity: Identity, style: Style, root: Rows, out: Rows, values: Float[np.ndarray, "n 7"], rest: PosedSolids,
    rng: np.random.Generator,
) -> Strands:  # fmt: skip
    """Loose hair of a person at rest; ``values`` are the roots' canonical coordinates."""
    look, place = identity.hair_look, values[:, : Canon.Z + 1].astype(np.float64)
    count = len(place)
    parting = _PARTING * look.parting * _smooth(place[:, Canon.Z], -0.1, 0.5)
    side = np.where(place[:, Canon.X] > parting + 0.02 * rng.normal(0, 1, count), 1.0, -1.0)
    comb = _directions(style, place, side, rng)
    in_front = np.where(side > 0, look.front_left, look.front_right) * _smooth(place[:, Canon.Z], -0.25, 0.45)
    front = np.where(rng.random(count) < in_front, 1.0, -1.0) * (style.end is not None)
    fringe = _in_fringe(identity, place)
    swept = np.sign(look.parting) * -0.5 * abs(look.parting)
    comb[fringe] = np.stack(
        [0.4 * place[fringe, 0] + swept, np.full(fringe.sum(), -0.3), np.ones(fringe.sum())], axis=1
    )
    if style.comb != "out":
        comb -= (comb * out).sum(1, keepdims=True) * out
    top = _smooth(place[:, Canon.Y] - load_body().landmarks.eye[1], 0.2, 0.75)
    lift = np.where(fringe, 0.0, _LIFT_OF_COMB[style.comb] * (0.25 + 0.75 * top))
    comb = unit_rows(unit_rows(comb) + lift[:, None] * out)
    height = style.volume * look.volume * rng.random(count) ** 0.7
    height[fringe] *= 0.3
    face_free = np.where(fringe | (style.comb in ("forward", "out")), 0.0, side)
    strands = Strands(root, comb, np.full(count, _LONGEST), height, face_free, front)
    length = _lengths(identity, style, place, rng) if style.end is None else _cut(identity, style, strands, rest)
    to_brow = place[:, 1] - load_body().landmarks.eye[1] - _FRINGE_END + 0.12
    length = np.where(fringe, to_brow * rng.uniform(0.92, 1.08, count), length)
    return Strands(root, comb, length, height, face_free, front)
