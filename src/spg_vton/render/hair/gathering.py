"""Hair that is tied together: combed tightly over the skull to a knot, then a bun, a tail or a braid."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from spg_vton.render.hair.collision import Solids
from spg_vton.render.hair.combing import unit_rows
from spg_vton.render.hair.strands import SEGMENTS

Curves = Float[np.ndarray, "n S+1 3"]


@dataclass(frozen=True, slots=True)
class Knot:
    """Where hair is tied.

    Attributes:
        direction: from the head's centre.
        bun: radius of the bun (dm), 0 for a tail.
    """

    direction: tuple[float, float, float]
    bun: float


KNOTS = {
    "high_bun": Knot((0.0, 0.95, -0.32), 0.4),
    "low_bun": Knot((0.0, -0.42, -0.9), 0.42),
    "ponytail": Knot((0.0, 0.25, -0.95), 0.0),
    "braid": Knot((0.0, -0.45, -0.9), 0.0),
}


def skull_radius(solids: Solids, directions: Float[np.ndarray, "... 3"]) -> np.ndarray:
    """Radius of the head in unit directions from its centre."""
    table = solids.head[..., 0]
    ring = np.arccos(np.clip(directions[..., 1], -1, 1)) / np.pi * (len(table) - 1)
    sector = (np.arctan2(directions[..., 0], directions[..., 2]) + np.pi) / (2 * np.pi) * table.shape[1]
    r, s = np.minimum(ring.astype(int), len(table) - 2), sector.astype(int) % table.shape[1]
    fr, fs, beside = ring - r, sector - sector.astype(int), (s + 1) % table.shape[1]
    upper = table[r, s] * (1 - fs) + table[r, beside] * fs
    lower = table[r + 1, s] * (1 - fs) + table[r + 1, beside] * fs
    return np.asarray(upper * (1 - fr) + lower * fr)


def comb_to_knot(solids: Solids, root: np.ndarray, height: np.ndarray, knot: Knot, rng: np.random.Generator) -> Curves:
    """Great circles over the skull from the roots to around the knot."""
    start = unit_rows(root - solids.head_centre)
    around = unit_rows(np.asarray(knot.direction) + rng.normal(0, 0.07, start.shape))
    angle = np.arccos(np.clip((start * around).sum(1), -0.97, 1))[:, None, None]
    share = np.linspace(0, 1, SEGMENTS + 1)[None, :, None]
    path = (np.sin((1 - share) * angle) * start[:, None] + np.sin(share * angle) * around[:, None]) / np.sin(angle)
    # Hair opposite the knot goes over the top and the sides, not across the face.
    detour = (angle / np.pi) ** 2 * np.sin(np.pi * share)
    path = unit_rows(
        path + detour * np.stack([0.5 * start[:, 0], np.full(len(start), 0.8), 0 * start[:, 0]], 1)[:, None]
    )
    rise = np.minimum(share[..., 0] / 0.2, 1) * height[:, None] + 0.06 * share[..., 0] ** 4
    return solids.head_centre + path * (skull_radius(solids, path) + 0.02 + rise)[..., None]


def _basis(direction: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    across = unit_rows(np.cross(direction, [0.0, 1.0, 0.01]))
    return across, np.cross(across, direction)


def knot_place(solids: Solids, knot: Knot, over: float) -> np.ndarray:
    """The place ``over`` decimetres above the skull at the knot."""
    direction = unit_rows(np.asarray(knot.direction))
    return np.asarray(solids.head_centre + direction * (skull_radius(solids, direction) + over))


def wind_bun(solids: Solids, knot: Knot, count: int, rng: np.random.Generator) -> Curves:
    """Strands wound around the knot: arcs on a flattened ball, most of them around its axis."""
    direction = unit_rows(np.asarray(knot.direction))
    across, up = _basis(direction)
    centre = knot_place(solids, knot, 0.55 * knot.bun)
    latitude = rng.uniform(-0.35, 1.3, count)[:, None]
    begin, tilt = rng.uniform(0, 2 * np.pi, (2, count, 1))
    turn = begin + np.linspace(0, 1, SEGMENTS + 1) * rng.uniform(1.2, 2.4, (count, 1))
    latitude = latitude + 0.3 * np.sin(turn + tilt)
    radius = knot.bun * rng.uniform(0.9, 1.06, (count, 1))
    ring = radius * np.cos(latitude)
    return centre + (
        (ring * np.cos(turn))[..., None] * across
        + (ring * np.sin(turn))[..., None] * up
        + (0.8 * radius * np.sin(latitude))[..., None] * direction
    )


def braid_offsets(count: int, nodes: int, length: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Sideways and outward offsets (count, S+1) of strands in three braided bundles."""
    along = np.linspace(0, 1, nodes) * length
    bundle = 2 * np.pi / 3 * (np.arange(count) % 3)[:, None]
    phase = 2 * np.pi * along / 0.62 + bundle
    plait = np.where(along > length - 0.35, 0.4, 1.0)
    thickness = rng.normal(0, 0.05, (2, count, 1))
    return (0.16 * np.sin(phase) * plait + thickness[0]), (0.09 * np.sin(2 * phase) * plait + thickness[1])
