"""Scarves: two loops around the neck, and ends that hang from it."""

import numpy as np
from jaxtyping import Float

from spg_vton.labels import Label
from spg_vton.render.accessories.kinds import Accessory
from spg_vton.render.accessories.materials import as_colour, lit
from spg_vton.render.accessories.solids import sheet_faces, sheet_values, tube
from spg_vton.render.accessories.wearer import Wearer
from spg_vton.render.body import Canon
from spg_vton.render.mesh import Points
from spg_vton.render.surface import Painter, Surface, Visible

_AROUND, _SIDES = 72, 17
_LENGTH, _WIDTH = 40, 9
_BIAS = 0.3
#: Height over the neck's joint, half-width, half-depth, how much lower the front lies, half-thickness across and up.
_LOOPS = ((-0.24, 0.98, 0.84, 0.34, 0.36, 0.3), (0.06, 0.8, 0.72, 0.24, 0.3, 0.28))
_END_WIDTH = 0.42


def _loop(wearer: Wearer, one: Accessory, shape: tuple[float, ...]) -> Points:
    rise, width, depth, lower, level, upright = shape
    angle = np.linspace(0, 2 * np.pi, _AROUND)
    neck = wearer.joint("neck")
    wave = 0.05 * np.sin(3 * angle + 6 * one.size)
    front = np.cos(angle)
    path = np.stack(
        [width * np.sin(angle), rise - lower * front + wave, 0.24 + depth * front + 0.12 * (front > 0) * front], axis=1
    )
    thick = 1 + 0.12 * np.sin(5 * angle + 9 * one.size) + 0.18 * front
    return tube(path + neck, np.stack([level * thick, upright * thick], axis=1), _SIDES)


def _chest(wearer: Wearer, x: Float[np.ndarray, " n"], y: Float[np.ndarray, " n"]) -> Float[np.ndarray, " n"]:
    """How far in front a hanging strip lies at each height, from top to bottom: cloth falls straight from the bust."""
    body, used = wearer.body, np.unique(wearer.body.tights)
    trunk = used[(body.canon[used, Canon.ARM] < 0.3) & (wearer.points[used, 2] > 0)]
    place, depth = wearer.points[trunk], np.empty(len(y))
    for i, height in enumerate(y):
        near = (np.abs(place[:, 0] - x[i]) < 0.35) & (np.abs(place[:, 1] - height) < 0.25)
        depth[i] = place[near, 2].max(initial=0.4)
    fallen = np.maximum.accumulate(depth) - 0.02 * np.arange(len(y))
    return np.maximum(depth, fallen) + 0.16


def _end(wearer: Wearer, one: Accessory, side: float, longer: float) -> Points:
    """One hanging end, rows from the neck down."""
    down, across = np.linspace(0, 1, _LENGTH), np.linspace(-1, 1, _WIDTH)
    neck, end = wearer.joint("neck"), wearer.joint("pelvis")[1] + 1.9 - 1.3 * one.size - longer
    y = neck[1] - 0.35 + down * (end - neck[1] + 0.35)
    x = side * (0.34 + 0.16 * np.sin(np.pi * down * 0.8))
    z = _chest(wearer, x, y)
    width = _END_WIDTH * (0.72 + 0.28 * np.clip(down / 0.4, 0, 1))
    ripple = 0.05 * np.sin(2.4 * across[None] * np.pi + 3 * down[:, None] + side)
    grid = np.stack(
        [
            x[:, None] + width[:, None] * across[None],
            np.repeat(y[:, None], _WIDTH, 1),
            z[:, None] + ripple + 0.06 * (1 - across[None] ** 2),
        ],
        axis=-1,
    )
    return grid[::-1].reshape(-1, 3)  # rows go up


def _painter(one: Accessory, hanging: bool) -> Painter:
    """Wool with stripes across, for accents that differ; a hanging end has a fringe."""
    main, stripe = as_colour(one.colour), as_colour(one.accent)

    def paint(seen: Visible) -> tuple[np.ndarray, np.ndarray]:
        along, across = seen.values[:, 0], seen.values[:, 1]
        count = 9.0 if hanging else 14.0
        striped = np.mod(count * along, 1) < 0.34
        colours = np.where(striped[:, None], stripe, main)
        turns = 5.0 if hanging else 2.0
        folds = np.sin(2 * np.pi * turns * across + 4 * np.sin(7 * along))
        slope = np.stack([0.22 * folds * hanging, 0.3 * folds * (not hanging)], axis=1)
        colours = colours * (1 + 0.03 * np.sin(160 * along))[:, None]
        if hanging:
            colours[(along < 0.06) & (np.mod(9 * across, 1) > 0.62)] *= 0.5  # between the threads of the fringe
        return lit(colours, seen, slope), np.full(len(along), Label.SCARF)

    return paint


def scarf_surfaces(wearer: Wearer, one: Accessory) -> list[Surface]:
    """Two loops, and two ends for a hanging scarf."""
    around, faces = sheet_values(_AROUND, _SIDES), sheet_faces(_AROUND, _SIDES)
    paint = _painter(one, hanging=False)
    surfaces = [
        Surface(
            wearer.with_bone(_loop(wearer, one, shape), "spine_03"), faces, around, paint, bias=0.16, two_sided=True
        )
        for shape in _LOOPS
    ]
    if one.style == "hanging":
        values, faces, paint = sheet_values(_LENGTH, _WIDTH), sheet_faces(_LENGTH, _WIDTH), _painter(one, hanging=True)
        for side, longer in ((1.0, 0.0), (-1.0, 0.5 * one.size)):
            moved = wearer.with_trunk(_end(wearer, one, side, longer))
            surfaces.append(Surface(moved, faces, values, paint, bias=_BIAS, two_sided=True))
    return surfaces
