"""Shoes and socks: shells around the foot, cut by style, with soles and heels."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Int

from spg_vton.labels import Label
from spg_vton.render.body import SIDES, Body, Canon
from spg_vton.render.cloth import Row, blend, near
from spg_vton.render.lower_look import LowerLook, Shoe
from spg_vton.render.mesh import Points, inflate, vertex_normals
from spg_vton.render.rig import Motion
from spg_vton.render.rotations import turn
from spg_vton.render.surface import Colours, Surface, Values, Visible

Mask = Bool[np.ndarray, " n"]

_ABOVE = len(Canon)  # column of the surface's values: decimetres above the sole
_FOOT = 1.86  # middle of the foot across, template decimetres
_SOLES = {"sneaker": 0.24, "ankle boot": 0.17, "boot": 0.17, "loafer": 0.13, "sandal": 0.13}
_THIN_SOLE = 0.07
_SHINE = {"pump": 60.0, "loafer": 45.0, "ankle boot": 32.0, "boot": 32.0, "ballerina": 30.0}
_CLOSED = ("sneaker", "ankle boot", "boot")
_POINTED = ("pump", "boot", "ankle boot")
#: By how much the toe box is taller than the toes.
_TOE_BOX = {"sneaker": 0.22, "ankle boot": 0.3, "boot": 0.3, "loafer": 0.2}
_SMOOTHING, _GROWTH = 3, 0.045
_BIAS = 0.05
_TOES = 1.6  # how far ahead feet are hidden in low shoes, template decimetres
_SOCK_FROM = 0.3  # above the ground, decimetres
_HEEL_SIDES = 10


@dataclass(frozen=True, slots=True, eq=False)
class Footwear:
    """Rest shapes of shoes and socks of one person, and the heels' tops and bottoms by side."""

    shoes: Points
    socks: Points
    heels: dict[str, Points]


def make_footwear(body: Body, points: Points, look: LowerLook) -> Footwear:
    """Fit shoes and socks to a person's rest shape."""
    marks, height, style = body.landmarks, body.template[:, 1], look.shoe.style
    thick = 0.13 if style in _CLOSED else 0.075
    shaft = np.clip((marks.ankle + 3.4 - height) / 0.4, 0, 1)
    shoes = inflate(points, body.tights, thick * shaft, body.tights_mean, smoothing=2)
    used = np.unique(body.tights)
    foot = used[height[used] < marks.ankle + 0.3]
    _shape_toes_and_sole(body, shoes, foot, style)
    socks = inflate(points, body.tights, np.full(len(points), 0.045), body.tights_mean, smoothing=1)
    heels = {side: _heel(body, points, look.shoe, side) for side in SIDES} if look.shoe.heel > 0.1 else {}
    return Footwear(shoes=shoes, socks=socks, heels=heels)


def _shape_toes_and_sole(body: Body, shoes: Points, foot: Int[np.ndarray, " n"], style: str) -> None:
    """Give the shell of a foot, in place, a shoe's toe box, its point and a flat sole with a rim."""
    x, y, z = body.template[foot].T
    for _ in range(_SMOOTHING):
        shoes[foot] = 0.4 * shoes[foot] + 0.6 * (body.tights_mean @ shoes)[foot]
    shoes[foot] += _GROWTH * vertex_normals(shoes, body.tights)[foot]  # smoothing shrinks
    toe = np.clip((z - 0.9) / 0.7, 0, 1)
    ground = shoes[foot, 1].min() + 0.04
    above = shoes[foot, 1] - ground
    shoes[foot, 1] = ground + np.where(above < 0.12, 0.0, above * (1 + _TOE_BOX.get(style, 0.25) * toe))
    if style in _POINTED:
        point = np.clip((z - 1.35) / 0.75, 0, 1) ** 1.5
        shoes[foot, 0] -= 0.45 * point * (np.abs(x) - _FOOT) * np.sign(x)
        shoes[foot, 2] += 0.22 * point
    if style == "sneaker":
        rim = 0.06 * (y < body.landmarks.ground + _SOLES[style] + 0.05)
        shoes[foot, 0] += rim * np.clip((np.abs(x) - _FOOT) / 0.3, -1, 1) * np.sign(x)
        shoes[foot, 2] += rim * np.clip((z - 0.9) / 0.8, -1, 1)


def _heel(body: Body, points: Points, shoe: Shoe, side: str) -> Points:
    """Two rings, top and bottom, of a heel that stands upright once the foot is raised."""
    ankle, ball = points[body.bone_heads[body.bone(f"foot_{side}")]], points[body.bone_heads[body.bone(f"ball_{side}")]]
    to_ball = ball.mean(0) - ankle.mean(0)
    raised = turn("x", float(np.degrees(np.arcsin(np.clip(shoe.heel / np.hypot(to_ball[1], to_ball[2]), 0, 0.8)))))
    ground = points[body.skin, 1].min()
    top = np.array([ankle.mean(0)[0], ground + 0.1, ankle.mean(0)[2] - 0.18])
    lifted = (raised @ (top - ball.mean(0)))[1] + ball.mean(0)[1]
    down = raised.T @ np.array([0.0, ground - lifted, 0.0])
    slim = 0.16 if shoe.style == "pump" else 0.3
    angles = np.arange(_HEEL_SIDES) * 2 * np.pi / _HEEL_SIDES
    ring = np.stack([0.3 * np.sin(angles), 0 * angles, 0.3 * np.cos(angles)], axis=1)
    return np.concatenate([top + ring, top + down + ring * slim / 0.3])


def _upper(shoe: Shoe, ankle: float, ground: float, values: Values) -> Mask:
    """Where the shoe covers the foot, by style."""
    x, y, z = (values[:, column] for column in (Canon.X, Canon.Y, Canon.Z))
    heel_cap = (z < 0.12) & (y < ground + 0.82)
    match shoe.style:
        case "sneaker":
            return y < ankle + 0.02 + 0.18 * (z < 0) - 0.3 * np.clip(z - 0.6, 0, 1)
        case "ankle boot":
            return y < ankle + 0.72 + 0.08 * np.cos(4 * z)
        case "boot":
            return y < ankle + 2.55
        case "loafer":
            return (y < ground + 0.5) | (z > 0.95) & (y < ground + 0.85) | heel_cap
        case "sandal":
            strap = (np.abs(z - 1.45) < 0.2) | (np.abs(y - ankle - 0.12 - 0.1 * z) < 0.1)
            return strap | (y < ground + 0.12) | (z < 0.0) & (y < ground + 0.4)
    deep = 1.55 if shoe.style == "pump" else 1.42
    return (y < ground + 0.36) | (z > deep - 0.35 * ((np.abs(x) - _FOOT) / 0.5) ** 2) | heel_cap


def _shoe_colours(shoe: Shoe, ankle: float, values: Values) -> Colours:
    """Upper, sole, laces and trims."""
    x, y, z = (values[:, column].astype(np.float64) for column in (Canon.X, Canon.Y, Canon.Z))
    upper = np.array(shoe.colour, np.float32)
    colours = np.repeat(upper[None], len(x), axis=0)
    middle = np.abs(np.abs(x) - _FOOT)
    above = values[:, _ABOVE].astype(np.float64)
    sole = above < _SOLES.get(shoe.style, _THIN_SOLE)
    match shoe.style:
        case "sneaker":
            bright = upper.mean() > 190
            colours *= (1 - 0.12 * near(z - 1.5, 0.05))[:, None]
            laces = (middle < 0.22) & (z > 0.6) & (z < 1.35) & (np.mod(5.5 * z, 1) < 0.5)
            colours = blend(colours, 0.7 * laces, (205, 205, 205) if bright else (240, 240, 238))
            colours = blend(colours, 0.8 * (z < -0.12) * (above < 0.8), upper * 0.7)
            rubber = (226, 224, 220) if bright else (238, 236, 232)
            colours = blend(colours, 1.0 * sole, rubber)
            return colours * (1 - 0.25 * near(above - _SOLES["sneaker"], 0.03))[:, None]
        case "loafer":
            colours *= (1 - 0.3 * near(middle - 0.3, 0.05) * (z > 0.9))[:, None]
            colours = blend(colours, 0.5 * (np.abs(z - 1.05) < 0.07) * (middle < 0.34), upper * 0.5)
        case "ankle boot" | "boot":
            colours *= (1 - 0.3 * near(z - 0.15, 0.03) * (y > ankle - 0.1))[:, None]
    return blend(colours, 1.0 * sole, (36, 32, 30) if shoe.style != "sandal" else upper * 0.7)


def footwear_surfaces(body: Body, look: LowerLook, footwear: Footwear, motion: Motion) -> list[Surface]:
    """Posed shoes, heels and socks."""
    marks, shoe = body.landmarks, look.shoe
    posed = motion.skin(footwear.shoes)

    def paint(seen: Visible) -> tuple[np.ndarray, np.ndarray]:
        colours = _shoe_colours(shoe, marks.ankle, seen.values) * seen.light.shade(seen.towards_viewer())
        shine = np.clip(seen.light.facing(seen.normals), 0, 1) ** 12
        colours = colours + _SHINE.get(shoe.style, 0.0) * shine[:, None]
        colours[seen.inside] *= 0.55
        return colours, np.where(seen.values[:, Canon.X] > 0, Label.LEFT_SHOE, Label.RIGHT_SHOE)

    def covers(values: Values) -> Mask:
        return _upper(shoe, marks.ankle, marks.ground, values)

    feet = body.tights[(body.template[body.tights, 1] < marks.ankle + 3.2).all(1)]
    normals = vertex_normals(posed, body.tights)
    above = footwear.shoes[:, 1] - footwear.shoes[np.unique(feet), 1].min()
    values = np.column_stack([body.canon, above]).astype(np.float32)
    surfaces = [Surface(posed, feet, values, paint, covers, bias=_BIAS, two_sided=True, normals=normals)]
    surfaces += [_heel_surface(body, shoe, rings, motion, side) for side, rings in footwear.heels.items()]
    return surfaces + ([_sock_surface(body, look, footwear, motion)] if look.socks is not None else [])


def _heel_surface(body: Body, shoe: Shoe, rings: Points, motion: Motion, side: str) -> Surface:
    start = np.arange(_HEEL_SIDES)
    after, below = (start + 1) % _HEEL_SIDES, start + _HEEL_SIDES
    sides = [[start, below, after], [after, below, after + _HEEL_SIDES]]
    faces = np.concatenate([np.stack(corners, axis=1) for corners in sides]).astype(np.int32)
    label = Label.LEFT_SHOE if side == "l" else Label.RIGHT_SHOE
    colour = np.array(shoe.colour, np.float32) * 0.85

    def paint(seen: Visible) -> tuple[np.ndarray, np.ndarray]:
        return colour * seen.light.shade(seen.towards_viewer()), np.full(len(seen.normals), label)

    moved = motion.carry(rings, body.bone(f"foot_{side}"))
    return Surface(moved, faces, np.zeros((len(rings), 1), np.float32), paint, two_sided=True)


def _sock_surface(body: Body, look: LowerLook, footwear: Footwear, motion: Motion) -> Surface:
    marks, posed = body.landmarks, motion.skin(footwear.socks)
    colour, top = np.array(look.socks, np.float32), marks.ankle + look.sock_height

    def covers(values: Values) -> Mask:
        under_shoe = _upper(look.shoe, marks.ankle, marks.ground, values)
        return (values[:, Canon.Y] < top) & (values[:, Canon.Y] > marks.ground + _SOCK_FROM) & ~under_shoe

    def paint(seen: Visible) -> tuple[np.ndarray, np.ndarray]:
        y: Row = seen.values[:, Canon.Y].astype(np.float64)
        angle = np.arctan2(np.abs(seen.values[:, Canon.X]) - _FOOT, seen.values[:, Canon.Z])
        ribs = 0.05 * np.sin(34 * angle) * (y > top - 0.5)
        colours = colour * (1 + ribs - 0.15 * near(y - top + 0.5, 0.04) + 0.02 * seen.grain)[:, None]
        return colours * seen.light.shade(seen.normals), np.full(len(y), Label.SOCKS)

    legs = body.tights[(body.template[body.tights, 1] < top + 0.5).all(1)]
    return Surface(posed, legs, body.canon, paint, covers, bias=0.02, normals=vertex_normals(posed, body.tights))


def hidden_by_footwear(body: Body, look: LowerLook) -> Bool[np.ndarray, " V"]:
    """Skin well inside shoes and socks."""
    marks, height = body.landmarks, body.template[:, 1]
    if look.socks is not None:
        return height < max(marks.ankle + look.sock_height - 0.25, marks.ankle - 0.25)
    if look.shoe.style in _CLOSED:
        return height < marks.ankle - 0.25
    if look.shoe.style == "sandal":
        return height < marks.ground + 0.1
    return (height < marks.ground + 0.2) | ((body.template[:, 2] > _TOES) & (height < marks.ankle))
