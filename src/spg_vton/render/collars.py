"""What stands out around the neck: collars, hoods and rolled necks, as strips of cloth laid around the neckline.

A strip's rows run around the neck from the front's middle on the person's left, over the back, to the front again. Each
row lies between two curves on the garment's posed shell, the neckline and a wider one, lifted off it.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from jaxtyping import Float, Int
from scipy import ndimage

from spg_vton.render.flat_layout import BACK, FRONT, FlatLayout, load_layout
from spg_vton.render.mesh import Points
from spg_vton.render.rasterizer import rasterize_plane

_COLUMNS = 64  # points around the neck
_VIEW, _VIEW_TEXELS, _VIEW_CENTRE = 320, 60.0, (0.0, 5.0)  # the map from canonical (x, y) to the shell


@dataclass(frozen=True, slots=True)
class Curve:
    """A curve around the neck in canonical coordinates: half width on the shoulder, and how far it hangs."""

    width: float
    front: float
    back: float


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a strip, from the front's middle (first value) to the back's (second value).

    Attributes:
        start: degrees from the front's middle at which it begins.
        spread: 0 on the inner curve, 1 on the outer one.
        lift: decimetres off the shell.
        rise: decimetres up along the neck.
    """

    start: float
    spread: tuple[float, float]
    lift: tuple[float, float]
    rise: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Cut:
    """Shape of a collar."""

    inner: Curve
    outer: Curve
    rows: tuple[Row, ...]


_SHIRT = Cut(
    Curve(0.86, 0.62, 0.16),
    Curve(1.3, 1.12, 0.5),
    (
        Row(0, (0, 0), (-0.05, -0.03), (-0.05, -0.05)),
        Row(1, (0, 0), (0.0, 0.0), (0.2, 0.34)),
        Row(3, (0.12, 0.15), (0.06, 0.06), (0.24, 0.38)),
        Row(10, (0.55, 0.5), (0.1, 0.12), (0.08, 0.2)),
        Row(21, (1.0, 0.85), (0.07, 0.07), (0.0, 0.06)),
    ),
)
_POLO = Cut(
    Curve(0.88, 0.66, 0.16),
    Curve(1.24, 1.05, 0.42),
    (
        Row(2, (0, 0), (-0.05, -0.03), (-0.05, -0.05)),
        Row(5, (0.02, 0), (0.0, 0.0), (0.12, 0.26)),
        Row(7, (0.12, 0.15), (0.05, 0.05), (0.15, 0.3)),
        Row(14, (0.55, 0.5), (0.08, 0.09), (0.06, 0.16)),
        Row(24, (1.0, 0.85), (0.05, 0.05), (0.0, 0.05)),
    ),
)
_HOOD = Cut(
    Curve(0.92, 0.7, 0.1),
    Curve(1.34, 1.0, 1.4),
    (
        Row(0, (0, 0), (-0.04, -0.04), (-0.05, -0.05)),
        Row(2, (0, -0.05), (0.04, 0.05), (0.12, 0.55)),
        Row(5, (0.2, 0.1), (0.16, 0.3), (0.16, 0.62)),
        Row(9, (0.6, 0.4), (0.18, 0.5), (0.1, 0.25)),
        Row(12, (0.9, 0.8), (0.12, 0.4), (0.0, -0.1)),
        Row(13, (1.0, 1.0), (0.0, 0.1), (0.0, -0.1)),
    ),
)
_COLLARS = {"shirt": _SHIRT, "polo": _POLO, "hoodie": _HOOD}


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """A collar's mesh: where its points lie on the shell, and its faces.

    Attributes:
        inner, outer: for each point, corners of the shell's face and the place in it, on both curves.
        spread, lift, rise: see ``Row``.
        values: row from 0 (inside) to 1 (the outer edge), and share of the way around.
    """

    inner: tuple[Int[np.ndarray, "N 3"], Float[np.ndarray, "N 3"]]
    outer: tuple[Int[np.ndarray, "N 3"], Float[np.ndarray, "N 3"]]
    spread: Float[np.ndarray, " N"]
    lift: Float[np.ndarray, " N"]
    rise: Float[np.ndarray, " N"]
    values: Float[np.ndarray, "N 2"]
    faces: Int[np.ndarray, "F 3"]


@cache
def _view(legs: bool, side: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Which face of a half shows at each canonical (x, y), and where in it; outside, the nearest."""
    layout = load_layout(legs)
    near = layout.cut.faces[side]
    xy = (layout.canon[:, :2] - _VIEW_CENTRE) * [1, -1] * _VIEW_TEXELS + _VIEW / 2
    owner, bary = rasterize_plane(xy, near, _VIEW, _VIEW)
    missing = (owner < 0).reshape(_VIEW, _VIEW)
    nearest = ndimage.distance_transform_edt(missing, return_distances=False, return_indices=True)
    index = nearest[0] * _VIEW + nearest[1]
    return near, owner[index], bary[index]


def _on_shell(layout: FlatLayout, legs: bool, curve: Curve, angle: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Faces' corners and places in them along a curve; ``angle`` runs from 0 (front) over pi (back) to 2 pi."""
    x, down = curve.width * np.sin(angle), np.cos(angle)
    y = layout.seam_height(curve.width) - np.where(down > 0, curve.front * down, -curve.back * down)
    column, row = (
        np.clip((value * _VIEW_TEXELS + _VIEW / 2).astype(int), 0, _VIEW - 1)
        for value in (x - _VIEW_CENTRE[0], _VIEW_CENTRE[1] - y)
    )
    corners, places = np.empty((len(angle), 3), np.int64), np.empty((len(angle), 3))
    for side, here in ((FRONT, down > 0), (BACK, down <= 0)):
        faces, owner, bary = _view(legs, side)
        corners[here] = faces[owner[row[here], column[here]]]
        places[here] = bary[row[here], column[here]]
    return corners, places


@cache
def collar_strip(style: str, legs: bool) -> Strip | None:
    """The collar of a style of garment, None where it has none; once a process."""
    cut = _COLLARS.get(style)
    if cut is None:
        return None
    layout, around = load_layout(legs), np.linspace(0, 1, _COLUMNS)
    back = np.sin(np.pi * around) ** (4 if style == "hoodie" else 2)  # 0 in front, 1 behind

    def blend(pair: tuple[float, float]) -> np.ndarray:
        return pair[0] + (pair[1] - pair[0]) * back

    angles = np.concatenate([np.radians(row.start + (360 - 2 * row.start) * around) for row in cut.rows])
    grid = np.arange(len(cut.rows) * _COLUMNS).reshape(len(cut.rows), _COLUMNS)
    a, b, c, d = (part.ravel() for part in (grid[:-1, :-1], grid[:-1, 1:], grid[1:, 1:], grid[1:, :-1]))
    faces = np.concatenate([np.stack([a, c, b], 1), np.stack([a, d, c], 1)]).astype(np.int32)
    heights = np.repeat(np.linspace(0, 1, len(cut.rows)), _COLUMNS)
    return Strip(
        inner=_on_shell(layout, legs, cut.inner, angles),
        outer=_on_shell(layout, legs, cut.outer, angles),
        spread=np.concatenate([blend(row.spread) for row in cut.rows]),
        lift=np.concatenate([blend(row.lift) for row in cut.rows]),
        rise=np.concatenate([blend(row.rise) for row in cut.rows]),
        values=np.column_stack([heights, np.tile(around, len(cut.rows))]),
        faces=faces,
    )


def _smooth_rows(points: Points) -> Points:
    """Rows smoothed along themselves; their ends stay."""
    rows = points.reshape(-1, _COLUMNS, 3)
    return ndimage.gaussian_filter1d(rows, 1.5, axis=1, mode="nearest").reshape(-1, 3)


def lay_around(strip: Strip, shell: Points, normals: Points, neck: Float[np.ndarray, " 3"]) -> Points:
    """Where a strip's points lie on a posed shell (with the cut's vertices); ``neck`` is the unit direction upwards."""

    def at(place: tuple[np.ndarray, np.ndarray], field: Points) -> Points:
        return np.einsum("nk,nkd->nd", place[1], field[place[0]])

    spread = strip.spread[:, None]
    base, normal = (
        at(strip.inner, field) * (1 - spread) + at(strip.outer, field) * spread for field in (shell, normals)
    )
    return _smooth_rows(base + normal * strip.lift[:, None] + strip.rise[:, None] * neck)
