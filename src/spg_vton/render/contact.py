"""Where trunk, head, thighs and the other arm are: a fast test of how deep a point lies inside them.

Each part is a stack of rings around a straight axis, fixed to bones; a ring holds the part's radius in each sector.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from jaxtyping import Float, Int
from scipy import ndimage

from spg_vton.render.body import SIDES, SKIN_VERTICES, Body, Canon, load_body
from spg_vton.render.mesh import Points

_RINGS, _SECTORS = 22, 24
_NECK = ("neck_01", "head")
_SPINE = ("pelvis", "spine_01", "spine_02", "spine_03")
_OUTSIDE = -1e3  # depth of points that are not beside a part at all


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A part's radii at rest.

    Attributes:
        bones: bones that carry it, from its low to its high end.
        ends: rest height (along y) at which each bone but the first takes over.
        low: lowest rest height.
        high: highest rest height.
        axis: rest x and z of the axis at the low and the high end, rows.
        radius: decimetres, by ring from low to high and by sector.
    """

    bones: tuple[int, ...]
    ends: tuple[float, ...]
    low: float
    high: float
    axis: Float[np.ndarray, "2 2"]
    radius: Float[np.ndarray, "R S"]

    def depth(self, points: Points, rotations: np.ndarray, shifts: np.ndarray) -> Float[np.ndarray, " n"]:
        """How far inside the part posed points lie; negative outside."""
        rest = (points - shifts[self.bones[-1]]) @ rotations[self.bones[-1]]
        for bone, end in zip(self.bones[-2::-1], self.ends[::-1], strict=True):
            below = rest[:, 1] < end
            if below.any():
                rest[below] = ((points - shifts[bone]) @ rotations[bone])[below]
        along = (rest[:, 1] - self.low) / (self.high - self.low)
        centre = self.axis[0] + along[:, None] * (self.axis[1] - self.axis[0])
        x, z = rest[:, 0] - centre[:, 0], rest[:, 2] - centre[:, 1]
        ring = np.clip(along, 0, 1) * (_RINGS - 1)
        sector = (np.arctan2(z, x) + np.pi) / (2 * np.pi) * _SECTORS
        depth = _bilinear(self.radius, ring, sector) - np.hypot(x, z)
        return np.where((along < 0) | (along > 1), _OUTSIDE, depth)


def _bilinear(table: np.ndarray, row: np.ndarray, column: np.ndarray) -> np.ndarray:
    """Table values between entries; columns wrap."""
    r, c = np.floor(row).astype(int), np.floor(column).astype(int)
    s, t = row - r, column - c
    r2, c, c2 = np.minimum(r + 1, len(table) - 1), c % table.shape[1], (c + 1) % table.shape[1]
    return (1 - s) * ((1 - t) * table[r, c] + t * table[r, c2]) + s * ((1 - t) * table[r2, c] + t * table[r2, c2])


@cache
def _members() -> tuple[Int[np.ndarray, " n"], Int[np.ndarray, " k"], dict[str, Int[np.ndarray, " m"]]]:
    """Skin vertices of the trunk and the head, and of each thigh."""
    body = load_body()
    marks, skin = body.landmarks, body.canon[:SKIN_VERTICES]
    height = skin[:, Canon.Y]
    trunk = (skin[:, Canon.ARM] < 0.4) & (height > marks.hip - 0.9) & (height < marks.neck)
    thighs = {
        side: np.flatnonzero((skin[:, Canon.X] * sign > 0) & (height < marks.hip - 0.2) & (height > marks.knee)
                             & (skin[:, Canon.ARM] < 0.1))
        for side, sign in zip(SIDES, (1, -1), strict=True)
    }  # fmt: skip
    return np.flatnonzero(trunk), np.flatnonzero(height > marks.neck + 0.1), thighs


def _radii(points: Points, low: float, high: float, axis: np.ndarray) -> Float[np.ndarray, "R S"]:
    """Largest radius in each ring and sector; gaps are filled from their neighbours around the ring."""
    along = (points[:, 1] - low) / (high - low)
    centre = axis[0] + along[:, None] * (axis[1] - axis[0])
    x, z = points[:, 0] - centre[:, 0], points[:, 2] - centre[:, 1]
    ring = np.clip(np.round(along * (_RINGS - 1)), 0, _RINGS - 1).astype(int)
    sector = np.round((np.arctan2(z, x) + np.pi) / (2 * np.pi) * _SECTORS).astype(int) % _SECTORS
    table = np.zeros((_RINGS, _SECTORS))
    np.maximum.at(table, (ring, sector), np.hypot(x, z))
    filled = ndimage.maximum_filter(table, 3, mode=("nearest", "wrap"))
    return np.where(table > 0, table, filled)


def _upright(body: Body, points: Points, heads: Points, members: np.ndarray, names: tuple[str, ...]) -> Part:
    """Trunk or head, around a vertical axis through its middle."""
    at = points[members]
    low, high = float(at[:, 1].min()), float(at[:, 1].max())
    middle = np.array([0.0, (at[:, 2].min() + at[:, 2].max()) / 2])
    axis, bones = np.stack([middle, middle]), tuple(body.bone(name) for name in names)
    ends = tuple(float(heads[bone, 1]) for bone in bones[1:])
    return Part(bones, ends, low, high, axis, _radii(at, low, high, axis))


def _thigh(body: Body, points: Points, heads: Points, members: np.ndarray, side: str) -> Part:
    """A thigh, around the line from hip to knee."""
    at = points[members]
    low, high = float(at[:, 1].min()), float(at[:, 1].max())
    knee, hip = (heads[body.bone(f"{name}_{side}")] for name in ("calf", "thigh"))
    slope = (hip - knee) / (hip[1] - knee[1])
    axis = np.stack([(knee + (y - knee[1]) * slope)[[0, 2]] for y in (low, high)])
    return Part((body.bone(f"thigh_{side}"),), (), low, high, axis, _radii(at, low, high, axis))


def solid_parts(body: Body, points: Points, heads: Points) -> list[Part]:
    """Trunk, head and thighs of one person's rest shape ``points``; ``heads`` are the bones' heads."""
    trunk, head, thighs = _members()
    upright = [_upright(body, points, heads, trunk, _SPINE), _upright(body, points, heads, head, _NECK)]
    return upright + [_thigh(body, points, heads, members, side) for side, members in thighs.items()]


def depth_in_rod(points: Points, start: np.ndarray, end: np.ndarray, radius: float) -> Float[np.ndarray, " n"]:
    """How far inside a capsule points lie; negative outside."""
    span = end - start
    along = np.clip((points - start) @ span / (span @ span), 0, 1)
    return radius - np.linalg.norm(points - start - along[:, None] * span, axis=1)
