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
from jaxtyping import Bool, Float
from scipy import ndimage

from spg_vton.render.body import Canon, load_body
from spg_vton.render.cutting import Cut, cut_at_zero
from spg_vton.render.laying import lay_flat, lay_skirt
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

    def row_of(self, v: float) -> float:
        """The picture's row of a flat height."""
        return SIZE / 2 - (v - _CENTRE_V) * TEXELS

    def seam_height(self, x: float) -> float:
        """Canonical y of the shoulder seam at canonical x."""
        return float(np.interp(x, *self.shoulder.T))


def armhole_x(y: np.ndarray, top_x: float, top_y: float, power: float) -> np.ndarray:
    """Canonical |x| of an armhole's edge at each height: from under the arm up to (top_x, top_y)."""
    rise = np.clip((y - UNDERARM[1]) / (top_y - UNDERARM[1]), 0, 1)
    return top_x + (UNDERARM[0] - top_x) * (1 - rise) ** power


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


def _shoulder_seam(canon: np.ndarray, count: int) -> np.ndarray:
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
        sign = 1 if side == FRONT else -1
        trunk_used, uv_trunk = lay_flat(extended, half[~below], sign)
        uv[trunk_used] = uv_trunk
        if below.any():
            lay_skirt(uv, extended, extended[:, 1] - JOIN, trunk_used, np.unique(half[below]), sign)
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
        shoulder=_shoulder_seam(canon, len(points)),
        u=u,
        v=v,
    )
