"""Emblems: shapes and animals drawn from curves, one to three colours each."""

from collections.abc import Callable

import numpy as np

from spg_vton.render.prints.motifs import Layer, disc, moved, petal, smooth, star, stroke, turned

_GROUND, _FIRST, _SECOND, _THIRD = range(4)
_UP = np.pi / 2
#: Points that smooth outlines run through.
_CAT_HEAD = [
    (-0.75, 0.1), (-0.8, 0.95), (-0.35, 0.62), (0.35, 0.62), (0.8, 0.95), (0.75, 0.1), (0.5, -0.45), (0, -0.62),
    (-0.5, -0.45),
]  # fmt: skip
_BIRD_BODY = [
    (-1, -0.3), (-0.45, -0.05), (0.1, 0.2), (0.5, 0.45), (0.8, 0.4), (1.05, 0.26), (0.8, 0.15), (0.55, -0.15),
    (0, -0.35), (-0.5, -0.33),
]  # fmt: skip
_NEAR_WING = [
    (0.35, 0.15), (0.05, 0.75), (-0.45, 1.05), (-0.3, 0.5), (-0.2, 0.05),
]  # fmt: skip
_FAR_WING = [
    (0.25, -0.1), (-0.1, -0.6), (-0.7, -0.85), (-0.45, -0.4), (-0.25, -0.1),
]  # fmt: skip
_FISH_BODY = [
    (-0.55, 0), (-0.1, 0.38), (0.5, 0.36), (0.95, 0.02), (0.5, -0.36), (-0.1, -0.38),
]  # fmt: skip
_WHALE_BODY = [
    (0.95, 0.05), (0.7, 0.42), (0.1, 0.48), (-0.45, 0.2), (-0.72, 0.3), (-1.0, 0.72), (-1.05, 0.3), (-0.8, 0.0),
    (-0.5, -0.25), (0.1, -0.45), (0.75, -0.35),
]  # fmt: skip
_WHALE_BELLY = [
    (0.9, -0.08), (0.3, -0.15), (-0.35, -0.25), (0.1, -0.42), (0.72, -0.33),
]  # fmt: skip


def _leaf_crown() -> list[Layer]:
    leaves = [
        (turned(petal(1.55 - 0.3 * abs(k), 0.3, blunt=0.15), _UP + 0.62 * k, 0, -0.55), _FIRST)
        for k in (-1.6, 1.6, -0.8, 0.8, 0)
    ]
    veins = [(turned(petal(0.8, 0.05), _UP + 0.62 * k, 0, -0.35), _GROUND) for k in (-1.6, 1.6, -0.8, 0.8, 0)]
    berries = [(disc(0.24 * k, -0.78 + 0.05 * abs(k), 0.1), _SECOND) for k in (-2, -1, 0, 1, 2)]
    return [*leaves, *veins, *berries]


def _heart() -> list[Layer]:
    t = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    x, y = 16 * np.sin(t) ** 3, 13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)
    heart = np.stack([x, y + 2], axis=1) / 17
    return [(heart, _FIRST), (heart * 0.82, _SECOND), (heart * 0.7, _FIRST)]


def _star() -> list[Layer]:
    shape = star(5, 0.42)
    return [(shape, _FIRST), (shape * 0.8, _GROUND), (shape * 0.68, _FIRST)]


def _moon() -> list[Layer]:
    angle = np.linspace(0.6, 2 * np.pi - 0.6, 40)
    outer = np.stack([np.cos(angle), np.sin(angle)], axis=1) * 0.95
    inner_angle = np.linspace(2 * np.pi - 0.95, 0.95, 40)
    inner = np.stack([0.3 + 0.83 * np.cos(inner_angle), 0.69 * np.sin(inner_angle)], axis=1)
    stars = [
        (star(5, 0.42) * size + [x, y], _SECOND)
        for x, y, size in ((0.35, 0.2, 0.2), (0.7, -0.25, 0.13), (0.2, -0.35, 0.1))
    ]
    return [(np.concatenate([outer, inner]), _FIRST), *stars]


def _sun() -> list[Layer]:
    rays = [(turned(np.array([[0.62, -0.1], [1.0, 0.0], [0.62, 0.1]]), 2 * np.pi * k / 14), _FIRST) for k in range(14)]
    waves = [
        (np.array([[-0.5, y], [0.5, y], [0.5, y + 0.06], [-0.5, y + 0.06]]), _GROUND) for y in (-0.1, -0.24, -0.38)
    ]
    return [*rays, (disc(0, 0, 0.52), _SECOND), *waves]


def _bolt() -> list[Layer]:
    shape = np.array([(0.15, 1), (-0.55, -0.1), (-0.08, -0.1), (-0.2, -1), (0.55, 0.25), (0.08, 0.25), (0.45, 1)])
    return [(shape * 1.1 + [0.08, -0.08], _SECOND), (shape, _FIRST)]


def _cat() -> list[Layer]:
    head = smooth(_CAT_HEAD)
    eyes = [(disc(side * 0.34, 0.1, 0.15, 0.75), _SECOND) for side in (-1, 1)]
    slits = [(disc(side * 0.34, 0.1, 0.06, 1.6), _FIRST) for side in (-1, 1)]
    whisker = np.array([[0.3, -0.25], [0.7, -0.27], [1.0, -0.33]])
    whiskers = [(stroke(whisker * [side, 1] + [0, dy], 0.045), _SECOND) for side in (-1, 1) for dy in (0.0, 0.12)]
    return [(head, _FIRST), *eyes, *slits, (disc(0, -0.2, 0.09, 0.7), _THIRD), *whiskers]


def _bird() -> list[Layer]:
    body = smooth(_BIRD_BODY)
    wings = [
        smooth(_NEAR_WING),
        smooth(_FAR_WING),
    ]
    return [(body, _FIRST), (wings[1], _SECOND), (wings[0], _SECOND), (disc(0.78, 0.32, 0.04), _GROUND)]


def _fish() -> list[Layer]:
    body = smooth(_FISH_BODY)
    tail = np.array([(-0.5, 0.0), (-1.0, 0.42), (-0.85, 0.0), (-1.0, -0.42)])
    bands = [(stroke(np.array([[x, 0.3], [x + 0.12, 0.0], [x, -0.3]]), 0.1), _SECOND) for x in (-0.2, 0.08, 0.34)]
    return [(tail, _SECOND), (body, _FIRST), *bands, (disc(0.68, 0.1, 0.06), _GROUND)]


def _whale() -> list[Layer]:
    body = smooth(_WHALE_BODY)
    belly = smooth(_WHALE_BELLY)
    spout = [(turned(petal(0.5, 0.08), _UP + tilt, 0.35, 0.5), _SECOND) for tilt in (-0.5, 0.0, 0.5)]
    return [(body, _FIRST), (belly, _SECOND), *spout, (disc(0.66, 0.1, 0.05), _GROUND)]


def _flower() -> list[Layer]:
    petals = [(turned(petal(0.95, 0.36, notch=0.12, blunt=0.9), _UP + 2 * np.pi * k / 6), _FIRST) for k in range(6)]
    inner = [(turned(petal(0.55, 0.12), _UP + 2 * np.pi * k / 6), _SECOND) for k in range(6)]
    return [*petals, *inner, (disc(0, 0, 0.18), _THIRD)]


def _peaks() -> list[Layer]:
    hill = np.array([(-1.0, -0.5), (-0.4, 0.5), (-0.1, 0.1), (0.3, 0.75), (1.0, -0.5)])
    snow = [
        np.array([(-0.58, 0.2), (-0.4, 0.5), (-0.22, 0.26), (-0.36, 0.14), (-0.45, 0.24)]),
        np.array([(0.08, 0.4), (0.3, 0.75), (0.52, 0.35), (0.38, 0.26), (0.27, 0.4), (0.18, 0.28)]),
    ]
    return [
        (disc(0.1, 0.35, 0.72), _SECOND),
        (hill, _FIRST),
        *((cap, _GROUND) for cap in snow),
        (np.array([(-1, -0.56), (1, -0.56), (1, -0.68), (-1, -0.68)]), _FIRST),
    ]


def _badge() -> list[Layer]:
    ring = [
        (disc(0, 0, 1.0), _FIRST),
        (disc(0, 0, 0.93), _GROUND),
        (disc(0, 0, 0.88), _FIRST),
        (disc(0, 0, 0.56), _GROUND),
    ]
    return [*ring, *moved(_peaks(), 0.0, size=0.44)]


EMBLEMS: dict[str, Callable[[], list[Layer]]] = {
    "leaf crown": _leaf_crown, "star": _star, "heart": _heart, "moon": _moon, "sun": _sun, "bolt": _bolt, "cat": _cat,
    "bird": _bird, "fish": _fish, "whale": _whale, "flower": _flower, "peaks": _peaks, "badge": _badge,
}  # fmt: skip
#: Radii of the badge's ring for words, of 1.
BADGE_RING = (0.6, 0.84)
