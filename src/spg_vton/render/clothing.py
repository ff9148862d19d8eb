"""Trousers, skirts and shoes: shells around the body, cut and coloured in canonical coordinates."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool

from spg_vton.labels import Label
from spg_vton.render.body import Body, Canon
from spg_vton.render.mesh import Points, inflate, vertex_normals
from spg_vton.render.people import Colour, Identity
from spg_vton.render.rig import Motion
from spg_vton.render.surface import Surface, Values, Visible

Mask = Bool[np.ndarray, " n"]
WAISTBAND = 0.95  # its upper edge, decimetres above the pelvis joint
_LOWER_BIAS = 0.12


@dataclass(frozen=True, slots=True, eq=False)
class LowerShells:
    """Rest shapes of what a person wears below the waist."""

    legs: Points
    skirt: Points
    shoes: Points


def make_lower_shells(body: Body, points: Points) -> LowerShells:
    """Shells of one person: cloth widens down the leg, soles are flat."""
    marks, height = body.landmarks, body.template[:, 1]
    width = np.where(height < marks.hip, 0.12 + 0.1 * np.clip((marks.hip - height) / 5, 0, 1), 0.04)
    legs = inflate(points, body.tights, width, body.tights_mean, smoothing=3)
    foot = np.where(height < marks.ankle + 0.9, 0.09, 0.0)
    shoes = inflate(points, body.tights, foot, body.tights_mean, smoothing=2)
    used = np.unique(body.tights)
    sole = used[height[used] < marks.ground + 0.35]
    shoes[sole, 1] = np.minimum(shoes[sole, 1], shoes[used, 1].min() + 0.05)
    return LowerShells(legs=legs, skirt=points, shoes=shoes)


def leg_end(body: Body, identity: Identity) -> float:
    """Canonical height at which trousers or a skirt end."""
    marks = body.landmarks
    match identity.lower:
        case "pants":
            return marks.ankle + 0.45
        case "shorts":
            return marks.knee + 1.4
    return marks.knee + 1.9 - (0.35 + 0.65 * identity.skirt_length) * 2.2


def _trousers(body: Body, identity: Identity, points: Points, hidden: Mask) -> Surface:
    marks, end = body.landmarks, leg_end(body, identity)
    colour = np.array(identity.lower_colour, np.float32)
    denim = colour[2] > colour[0] + 15

    def covers(values: Values) -> Mask:
        y = values[:, Canon.Y]
        return (y > end) & (y < marks.pelvis + WAISTBAND) & (values[:, Canon.ARM] < 0.5)

    def paint(seen: Visible) -> tuple[np.ndarray, np.ndarray]:
        x, y, z = (seen.values[:, column] for column in (Canon.X, Canon.Y, Canon.Z))
        across = np.abs(x)
        knees = np.sin(9 * y + 4 * x + 1.5 * np.sin(7 * x + identity.phase)) * np.exp(-(((y - marks.knee) / 0.8) ** 2))
        crotch = np.sin(7 * y - 6 * across) * np.exp(-(((y - marks.hip) / 0.7) ** 2))
        colours = colour * (1 + (0.05 if denim else 0.02) * seen.grain[:, None])
        if denim:  # washed out along the front of the thigh
            faded = np.exp(-(((across - 1.25) / 0.35) ** 2) - ((y + 0.5 * marks.knee) / 2.2) ** 2)
            colours += 28 * faded[:, None]
        colours *= 1 + 0.07 * (knees + crotch)[:, None]
        colours[y < end + 0.12] *= 0.85
        seam = (np.abs(y - (marks.pelvis + 0.62)) < 0.02) | ((across < 0.03) & (z > 0.2) & (y > marks.hip - 0.3))
        pocket = np.abs(y - (marks.pelvis + 0.3) + 0.7 * (across - 0.6)) < 0.025
        seam |= (z > 0) & pocket & (across > 0.55) & (across < 1.25)
        colours[seam] *= 0.72
        colours[(np.abs(z - 0.1) < 0.03) & (across > 1.2)] *= 0.85
        return colours * seen.light.shade(seen.normals), np.full(len(x), Label.PANTS)

    faces = body.tights[~hidden[body.tights].all(1)]
    normals = vertex_normals(points, body.tights)
    return Surface(points, faces, body.canon, paint, covers, bias=_LOWER_BIAS, normals=normals)


def _skirt(body: Body, identity: Identity, points: Points) -> Surface:
    marks, end = body.landmarks, leg_end(body, identity)
    colour = np.array(identity.lower_colour, np.float32)

    def covers(values: Values) -> Mask:
        return values[:, Canon.Y] > end

    def paint(seen: Visible) -> tuple[np.ndarray, np.ndarray]:
        x, y, z = (seen.values[:, column] for column in (Canon.X, Canon.Y, Canon.Z))
        pleats = np.sin(14 * np.arctan2(x, z)) * np.clip((marks.pelvis - y) / 2, 0, 1)
        colours = colour * (1 + 0.09 * pleats + 0.02 * seen.grain)[:, None]
        colours[y < end + 0.1] *= 0.85
        return colours * seen.light.shade(seen.towards_viewer()), np.full(len(x), Label.SKIRT)

    return Surface(points, body.skirt, body.canon, paint, covers, bias=_LOWER_BIAS, two_sided=True)


def _waist(body: Body, identity: Identity, points: Points) -> Surface:
    """A skirt's waistband, which closes the gap between the skirt's mesh and the body."""
    marks, colour = body.landmarks, np.array(identity.lower_colour, np.float32)

    def covers(values: Values) -> Mask:
        y = values[:, Canon.Y]
        return (y > marks.hip - 0.4) & (y < marks.pelvis + WAISTBAND) & (values[:, Canon.ARM] < 0.5)

    def paint(seen: Visible) -> tuple[np.ndarray, np.ndarray]:
        colours = colour * seen.light.shade(seen.normals) * (1 + 0.02 * seen.grain[:, None])
        return colours, np.full(len(colours), Label.SKIRT)

    return Surface(points, body.tights, body.canon, paint, covers, bias=_LOWER_BIAS - 0.02)


def _shoes(body: Body, colour: Colour, points: Points) -> Surface:
    marks, leather = body.landmarks, np.array(colour, np.float32)
    bright = leather[0] >= 200
    sole_colour, lace_colour = ((150, 150, 150), (120, 120, 120)) if bright else ((225, 222, 215), (240, 240, 240))

    def covers(values: Values) -> Mask:
        z = values[:, Canon.Z]
        return values[:, Canon.Y] < marks.ankle - 0.05 + 0.25 * (z < 0) - 0.25 * np.clip(z - 0.7, 0, 1)

    def paint(seen: Visible) -> tuple[np.ndarray, np.ndarray]:
        x, y, z = (seen.values[:, column] for column in (Canon.X, Canon.Y, Canon.Z))
        colours = np.repeat(leather[None], len(x), axis=0)
        sole = y < marks.ground + 0.17
        colours[sole] = sole_colour
        laces = (np.abs(np.abs(x) - 1.95) < 0.22) & (z > 0.35) & (z < 1.2) & (np.mod(6 * z, 1) < 0.35) & ~sole
        colours[laces] = 0.4 * colours[laces] + 0.6 * np.array(lace_colour)
        labels = np.where(x > 0, Label.LEFT_SHOE, Label.RIGHT_SHOE)
        return colours * seen.light.shade(seen.normals), labels

    return Surface(points, body.tights, body.canon, paint, covers, bias=0.05)


def lower_surfaces(
    body: Body, identity: Identity, shells: LowerShells, motion: Motion, hidden: Bool[np.ndarray, " V"]
) -> list[Surface]:
    """Shoes and trousers or skirt of a posed person; ``hidden`` vertices lie well under the upper garment."""
    shoes = _shoes(body, identity.shoes, motion.skin(shells.shoes))
    if identity.lower == "skirt":
        waist = _waist(body, identity, motion.skin(shells.legs))
        return [shoes, waist, _skirt(body, identity, motion.skin(shells.skirt))]
    return [shoes, _trousers(body, identity, motion.skin(shells.legs), hidden)]
