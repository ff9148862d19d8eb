"""Front and back panels of a garment, laid flat: the plane in which textures and necklines are drawn.

A garment's surface is the helper surface around trunk and arms, and below the hips either a skirt's (a *robe*: tops and
dresses) or that of both legs (a *suit*). It is cut where it turns from facing front to facing back. Each half is
flattened as rigidly as possible (``arap``).

Convention: flat coordinates (u, v) in decimetres, u to the picture's right, v up. The front panel is seen from outside,
so u points to the person's left; the back panel too is seen from outside, so u points to the person's right.
A panel's picture has ``SIZE`` pixels a side and ``TEXELS`` pixels a decimetre; row 0 is the top.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy import ndimage

from spg_vton.render.arap import flatten
from spg_vton.render.body import Canon, load_body
from spg_vton.render.mesh import Faces, Points, inflate, vertex_normals
from spg_vton.render.rasterizer import interpolate, rasterize_plane

SIZE = 576
TEXELS = 40.0
FRONT, BACK = 0, 1
JOIN = 1.25  # canonical height at which a skirt continues the trunk, decimetres
_OVERLAP = 0.5  # how far trunk and skirt continue past it
_CENTRE_V = 0.08  # flat height of the pictures' middle row: from the ankles to the neck all fits
UNDERARM = (1.72, 4.22)  # canonical x and y of the lowest point of an armhole
_SHOULDER_POINT = (1.74, 5.78)  # where its top meets the shoulder seam
_ARMHOLE_BLEND = 0.5  # decimetres over which the arm weight rises from 0 to 1
_MIDLINE = 0.25  # half the width of the strip by which panels are put upright


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """The surface cut in two: new vertex ``k`` lies at ``share[k]`` of the way from ``first[k]`` to ``second[k]``."""

    first: Int[np.ndarray, " K"]
    second: Int[np.ndarray, " K"]
    share: Float[np.ndarray, " K"]
    faces: tuple[Faces, Faces]  # front, back

    def extend(self, values: np.ndarray) -> np.ndarray:
        """Per-vertex values with those of the cut's new vertices appended."""
        share = self.share.reshape((-1,) + (1,) * (values.ndim - 1))
        return np.concatenate([values, values[self.first] * (1 - share) + values[self.second] * share])


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """One flat panel: where the cloth is and which canonical point each pixel shows.

    Attributes:
        inside: where the panel is.
        canon: x, y, z, place along the arm and arm weight of ``FlatLayout.canon``; outside, those of the nearest pixel.
        outline: distance to the panel's own outline (its seams), decimetres.
    """

    inside: Bool[np.ndarray, "S S"]
    canon: Float[np.ndarray, "S S 5"]
    outline: Float[np.ndarray, "S S"]


@dataclass(frozen=True, slots=True, eq=False)
class FlatLayout:
    """Both panels and how the posed surface maps to them.

    Attributes:
        faces: the surface before the cut.
        of_skirt: whether a vertex belongs to the skirt.
        canon: garment coordinates of every vertex: where it lies on the template's shell, decimetres, place along the
            arm (0 shoulder, 1 elbow, 2 wrist) and arm weight, 0.5 at the armhole.
        pixels: (column, row) of each vertex in each panel.
        shoulder: rows of (canonical x, y) along the shoulder seam, by rising x.
    """

    faces: Faces
    cut: Cut
    of_skirt: Bool[np.ndarray, " E"]
    canon: Float[np.ndarray, "E 5"]
    pixels: tuple[Float[np.ndarray, "E 2"], Float[np.ndarray, "E 2"]]
    panels: tuple[Panel, Panel]
    shoulder: Float[np.ndarray, "K 2"]
    u: Float[np.ndarray, "S S"]
    v: Float[np.ndarray, "S S"]
    centre_v: float

    def row_of(self, v: float) -> float:
        """The picture's row of a flat height."""
        return SIZE / 2 - (v - self.centre_v) * TEXELS

    def seam_height(self, x: float) -> float:
        """Canonical y of the shoulder seam at canonical x."""
        return float(np.interp(x, *self.shoulder.T))


def armhole_x(y: np.ndarray, top_x: float, top_y: float, power: float) -> np.ndarray:
    """Canonical |x| of an armhole's edge at each height: from under the arm up to (top_x, top_y)."""
    rise = np.clip((y - UNDERARM[1]) / (top_y - UNDERARM[1]), 0, 1)
    return top_x + (UNDERARM[0] - top_x) * (1 - rise) ** power


def cut_at_zero(faces: Faces, value: Float[np.ndarray, " V"]) -> Cut:
    """Cut triangles where ``value`` changes sign; the front keeps the positive side."""
    made: dict[tuple[int, int], int] = {}
    front: list[list[int]] = []
    back: list[list[int]] = []

    def between(i: int, j: int) -> int:
        return made.setdefault((min(i, j), max(i, j)), len(value) + len(made))

    for face in faces:
        positive = value[face] >= 0
        if positive.all() or not positive.any():
            (front if positive[0] else back).append([int(i) for i in face])
            continue
        lone = next(k for k in range(3) if positive[k] != positive[k - 1] and positive[k] != positive[k - 2])
        a, b, c = (int(face[(lone + k) % 3]) for k in range(3))
        ab, ac = between(a, b), between(a, c)
        tip, rest = (front, back) if positive[lone] else (back, front)
        tip.append([a, ab, ac])
        rest.extend([[ab, b, c], [ab, c, ac]])
    ends = np.array(list(made))
    first, second = ends[:, 0], ends[:, 1]
    share = value[first] / (value[first] - value[second])
    return Cut(first, second, share, (np.array(front, np.int32), np.array(back, np.int32)))


def _upright(uv: np.ndarray, points: Points) -> np.ndarray:
    """Turn and shift a piece so that the body's midline is u = 0 and heights agree with the template's."""
    middle = np.abs(points[:, 0]) < _MIDLINE
    waist = np.median(points[middle, 1])
    uv = uv - [np.polyfit(points[middle, 0], uv[middle, 0], 1)[1], 0]
    spine = uv[middle & (points[:, 1] > waist)].mean(0) - uv[middle & (points[:, 1] < waist)].mean(0)
    angle = np.arctan2(spine[0], spine[1])
    c, s = np.cos(angle), np.sin(angle)
    uv = np.stack([c * uv[:, 0] - s * uv[:, 1], s * uv[:, 0] + c * uv[:, 1]], axis=1)
    uv[:, 1] += (points[middle, 1] - uv[middle, 1]).mean()
    return uv


def _panel(cut: Cut, side: int, pixels: np.ndarray, canon: np.ndarray) -> Panel:
    """Rasterise the garment coordinates of one panel and continue them outside it."""
    values = canon.astype(np.float32)
    owner, bary = rasterize_plane(pixels, cut.faces[side], SIZE, SIZE)
    seen = owner >= 0
    rows = np.zeros((SIZE * SIZE, canon.shape[1]), np.float32)
    rows[seen] = interpolate(values, cut.faces[side], owner[seen], bary[seen])
    inside = seen.reshape(SIZE, SIZE)
    nearest = ndimage.distance_transform_edt(~inside, return_distances=False, return_indices=True)
    outline = ndimage.distance_transform_edt(inside) / TEXELS
    return Panel(inside, rows.reshape(SIZE, SIZE, -1)[nearest[0], nearest[1]], outline.astype(np.float32))


def _garment_coordinates(points: Points) -> np.ndarray:
    """Place on the smoothed shell, along the arm, and a clean arm weight; the body's own are ragged on a shell."""
    body = load_body()
    along, arm = (body.canon[:, column].astype(np.float64) for column in (Canon.ALONG_ARM, Canon.ARM))
    used = np.unique(body.tights)
    for _ in range(6):
        along[used] = 0.5 * along[used] + 0.5 * (body.tights_mean @ along)[used]
    x, y = np.abs(points[:, 0]), points[:, 1]
    across = np.clip(0.5 + (x - armhole_x(y, *_SHOULDER_POINT, power=2.6)) / _ARMHOLE_BLEND, 0, 1)
    return np.column_stack([points, along, np.where(y > UNDERARM[1], across, arm > 0.5)])


def _shoulder_seam(cut: Cut, canon: np.ndarray, count: int) -> np.ndarray:
    """(x, y) along the cut from the neck to the shoulder's end."""
    x, y = canon[count:, 0], canon[count:, 1]
    on_top = (y > 5.4) & (x > 0.3) & (x < 2.3) & (canon[count:, 4] < 1)
    rows = np.column_stack([x, y])[on_top]
    return rows[np.argsort(rows[:, 0], kind="stable")]


def _garment_faces(points: Points, legs: bool) -> tuple[Faces, Faces]:
    """The trunk with its arms, and the skirt that continues it (empty where it has legs of its own)."""
    body = load_body()
    marks, height = body.landmarks, points[:, 1]
    arm = body.canon[:, Canon.ARM][body.tights].mean(1) > 0.5
    end = marks.ankle + 0.2 if legs else JOIN - _OVERLAP
    trunk = body.tights[(height[body.tights].min(1) > end) | arm]
    return trunk, body.skirt[:0] if legs else body.skirt[height[body.skirt].max(1) < JOIN + _OVERLAP]


def _lay_flat(points: Points, half: Faces, side: int) -> tuple[np.ndarray, np.ndarray]:
    """Vertices used by one half of a piece, and where they lie flat."""
    used, local = np.unique(half, return_inverse=True)
    here = points[used]
    start = here[:, :2] * [1 if side == FRONT else -1, 1]
    return used, _upright(flatten(here, local.reshape(half.shape), start), here)


def _arc(angle: np.ndarray, fall: np.ndarray, points: Points) -> np.ndarray:
    """Length of the ring from the middle to each point, relative to that at the join."""

    def columns(at_angle: np.ndarray, at_fall: np.ndarray) -> np.ndarray:
        return np.stack([at_angle**k * at_fall**m for k in range(0, 8, 2) for m in range(4)], axis=-1)

    radius = np.linalg.lstsq(columns(angle, fall), np.hypot(points[:, 0], points[:, 2]), rcond=None)[0]
    steps = angle[:, None] * (np.arange(24) + 0.5) / 24

    def length(at_fall: np.ndarray) -> np.ndarray:
        here = columns(steps, np.broadcast_to(at_fall[:, None], steps.shape)) @ radius
        turning = np.gradient(here, axis=1) * 24 / np.where(np.abs(angle) < 1e-3, np.inf, angle)[:, None]
        return np.hypot(here, turning).mean(1)

    return length(fall) / length(np.zeros_like(fall))


def _lay_skirt(uv: np.ndarray, points: Points, trunk: np.ndarray, skirt: np.ndarray, side: int) -> None:
    """Lay a skirt's half flat so that it continues the trunk's: rings unrolled, as wide as they are round."""
    centred = points - [0, 0, points[trunk, 2].mean()]
    angle = np.arctan2(centred[:, 0], centred[:, 2] * (1 if side == FRONT else -1))
    fall = points[:, 1] - JOIN

    def fit(axis: int) -> np.ndarray:
        """Flat place at the join by angle, as a polynomial fitted to the trunk near it."""
        near, powers = trunk[np.abs(fall[trunk]) < _OVERLAP], range(6)
        columns = np.stack([angle**k for k in powers] + [fall * angle**k for k in powers[:3]], axis=1)
        weights = np.linalg.lstsq(columns[near], uv[near, axis], rcond=None)[0]
        return columns[skirt, : len(powers)] @ weights[: len(powers)]

    ratio = _arc(angle[skirt], fall[skirt], centred[skirt])
    uv[skirt, 0] = fit(0) * ratio
    uv[skirt, 1] = fit(1) + fall[skirt]


@cache
def load_layout(legs: bool = False) -> FlatLayout:
    """Flatten the template's surface of a robe or (with ``legs``) of a suit, once a process."""
    body = load_body()
    points = inflate(body.template, body.tights, np.full(len(body.template), 0.15), body.tights_mean, smoothing=6)
    trunk, skirt = _garment_faces(points, legs)
    facing = vertex_normals(points, np.concatenate([body.tights, skirt]))[:, 2].copy()
    used = np.unique(trunk)
    for _ in range(4):
        facing[used] = 0.5 * facing[used] + 0.5 * (body.tights_mean @ facing)[used]
    cut = cut_at_zero(np.concatenate([trunk, skirt]), facing + 1e-7)
    extended, canon, of_skirt = (
        cut.extend(points),
        cut.extend(_garment_coordinates(points)),
        np.zeros(len(points), bool),
    )
    of_skirt[skirt] = True
    of_skirt = np.concatenate([of_skirt, of_skirt[cut.first]])
    grid = np.arange(SIZE) + 0.5 - SIZE / 2
    u, v = np.meshgrid(grid / TEXELS, _CENTRE_V - grid / TEXELS)
    pixels, panels = [], []
    for side, half in enumerate(cut.faces):
        uv, below = np.zeros((len(extended), 2)), of_skirt[half[:, 0]]
        trunk_used, uv_trunk = _lay_flat(extended, half[~below], side)
        uv[trunk_used] = uv_trunk
        if below.any():
            _lay_skirt(uv, extended, trunk_used, np.unique(half[below]), side)
        place = np.stack([uv[:, 0] * TEXELS + SIZE / 2, SIZE / 2 - (uv[:, 1] - _CENTRE_V) * TEXELS], axis=1)
        pixels.append(place)
        panels.append(_panel(cut, side, place, canon))
    return FlatLayout(
        faces=np.concatenate([trunk, skirt]),
        cut=cut,
        of_skirt=of_skirt,
        canon=canon,
        pixels=(pixels[0], pixels[1]),
        panels=(panels[0], panels[1]),
        shoulder=_shoulder_seam(cut, canon, len(points)),
        u=u,
        v=v,
        centre_v=_CENTRE_V,
    )
