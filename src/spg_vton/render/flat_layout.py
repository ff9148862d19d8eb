"""Front and back panels of a garment, laid flat: the plane in which textures and necklines are drawn.

The helper surface around trunk and arms is cut where it turns from facing front to facing back. Each half is flattened
as rigidly as possible (``arap``).

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

SIZE = 512
TEXELS = 41.0
FRONT, BACK = 0, 1


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

    ``canon`` holds x, y, z, place along the arm and arm weight, continued smoothly outside the panel.
    ``shoulder`` holds rows of (canonical x, |u|, v) along the shoulder seam, by rising x.
    """

    inside: Bool[np.ndarray, "S S"]
    canon: Float[np.ndarray, "S S 5"]
    shoulder: Float[np.ndarray, "K 3"]

    def shoulder_at(self, x: float) -> tuple[float, float]:
        """|u| and v of the shoulder seam at canonical x."""
        return float(np.interp(x, *self.shoulder[:, :2].T)), float(np.interp(x, *self.shoulder[:, ::2].T))


@dataclass(frozen=True, slots=True, eq=False)
class FlatLayout:
    """Both panels and how the posed surface maps to them."""

    cut: Cut
    pixels: tuple[Float[np.ndarray, "E 2"], Float[np.ndarray, "E 2"]]  # (column, row) of each vertex in each panel
    panels: tuple[Panel, Panel]
    u: Float[np.ndarray, "S S"]
    v: Float[np.ndarray, "S S"]
    centre_v: float

    def row_of(self, v: float) -> float:
        """The picture's row of a flat height."""
        return SIZE / 2 - (v - self.centre_v) * TEXELS


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
    """Turn and shift a panel so that the body's midline is u = 0 and heights agree with the template's."""
    middle = np.abs(points[:, 0]) < 0.25
    uv = uv - [uv[middle, 0].mean(), 0]
    spine = uv[middle & (points[:, 1] > 3)].mean(0) - uv[middle & (points[:, 1] < 3)].mean(0)
    angle = np.arctan2(spine[0], spine[1])
    c, s = np.cos(angle), np.sin(angle)
    uv = np.stack([c * uv[:, 0] - s * uv[:, 1], s * uv[:, 0] + c * uv[:, 1]], axis=1)
    uv[:, 1] += (points[middle, 1] - uv[middle, 1]).mean()
    return uv


def _cubic(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Monomials of |u| and v up to degree 3."""
    u = np.abs(u)
    return np.stack([u**i * v**j for i in range(4) for j in range(4 - i)], axis=-1)


def _extrapolate(value: np.ndarray, known: np.ndarray, wanted: np.ndarray, u: np.ndarray, v: np.ndarray) -> None:
    """Fit a cubic where ``known`` and write it where ``wanted``."""
    basis = _cubic(u[known], v[known])
    coefficients = np.linalg.solve(np.einsum("ni,nj->ij", basis, basis), np.einsum("ni,n->i", basis, value[known]))
    value[wanted] = np.einsum("ni,i->n", _cubic(u[wanted], v[wanted]), coefficients)


def _panel(cut: Cut, side: int, pixels: np.ndarray, uv: np.ndarray, u: np.ndarray, v: np.ndarray) -> Panel:
    """Rasterise the canonical coordinates of one panel and continue them outside it."""
    body = load_body()
    columns = [Canon.X, Canon.Y, Canon.Z, Canon.ALONG_ARM, Canon.ARM]
    values = cut.extend(body.canon[:, columns]).astype(np.float32)
    owner, bary = rasterize_plane(pixels, cut.faces[side], SIZE, SIZE)
    seen = owner >= 0
    rows = np.zeros((SIZE * SIZE, len(columns)))
    rows[seen] = interpolate(values, cut.faces[side], owner[seen], bary[seen])
    inside, canon = seen.reshape(SIZE, SIZE), rows.reshape(SIZE, SIZE, -1)
    nearest = ndimage.distance_transform_edt(~inside, return_distances=False, return_indices=True)
    canon = canon[nearest[0], nearest[1]]
    height, along, arm = canon[..., 1], canon[..., 3], canon[..., 4]
    trunk = inside & (arm < 0.3) & (height < 4.6) & (height > -0.2)
    _extrapolate(height, trunk, arm < 0.5, u, v)
    _extrapolate(along, inside & (arm > 0.7) & (along > 0.05), arm > 0.35, u, v)
    canon[..., 4] = ndimage.gaussian_filter(arm, 4)
    new = np.arange(len(body.canon), len(values))
    x = values[new, 0]
    seam = new[(values[new, 1] > 5.4) & (x > 0.7) & (x < 1.9) & (values[new, 4] < 0.5)]
    seam = seam[np.argsort(values[seam, 0], kind="stable")]
    shoulder = np.column_stack([values[seam, 0], np.abs(uv[seam, 0]), uv[seam, 1]]).astype(np.float64)
    return Panel(inside=inside, canon=canon.astype(np.float32), shoulder=shoulder)


@cache
def load_layout() -> FlatLayout:
    """Flatten the template's upper-body surface, once a process."""
    body = load_body()
    marks, surface = body.landmarks, body.tights
    points = inflate(body.template, surface, np.full(len(body.template), 0.15), body.tights_mean, smoothing=6)
    arm = body.canon[:, Canon.ARM][surface].mean(1) > 0.5
    faces = surface[(points[surface].mean(1)[:, 1] > marks.hip - 1.2) | arm]
    facing = vertex_normals(points, surface)[:, 2].copy()
    used = np.unique(surface)
    for _ in range(4):
        facing[used] = 0.5 * facing[used] + 0.5 * (body.tights_mean @ facing)[used]
    cut = cut_at_zero(faces, facing + 1e-7)
    extended = cut.extend(points)
    centre_v = (marks.neck + marks.hip) / 2 - 0.1
    grid = np.arange(SIZE) + 0.5 - SIZE / 2
    u, v = np.meshgrid(grid / TEXELS, centre_v - grid / TEXELS)
    pixels, panels = [], []
    for side, half in enumerate(cut.faces):
        used, local = np.unique(half, return_inverse=True)
        here = extended[used]
        start = here[:, :2] * [1 if side == FRONT else -1, 1]
        uv = np.zeros((len(extended), 2))
        uv[used] = _upright(flatten(here, local.reshape(half.shape), start), here)
        place = np.stack([uv[:, 0] * TEXELS + SIZE / 2, SIZE / 2 - (uv[:, 1] - centre_v) * TEXELS], axis=1)
        pixels.append(place)
        panels.append(_panel(cut, side, place, uv, u, v))
    return FlatLayout(cut, (pixels[0], pixels[1]), (panels[0], panels[1]), u, v, centre_v)
