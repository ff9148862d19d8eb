"""A z-buffer: which triangle each pixel sees, and where in it.

Convention: pixels are flat indices ``row * width + column``; pixel (row, column) has its centre at
(x, y) = (column + 0.5, row + 0.5), x right, y down. Larger depth is nearer. Drawing a surface takes three steps: list
its fragments nearer than what is drawn so far, drop those that its material cuts away, and keep the nearest.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int
from numba import njit

from spg_vton.render.mesh import Faces

NOTHING = -1
FAR = np.float32(-1e9)


@dataclass(frozen=True, slots=True, eq=False)
class Fragments:
    """Places where triangles of one surface cover pixel centres."""

    pixel: Int[np.ndarray, " n"]
    face: Int[np.ndarray, " n"]
    bary: Float[np.ndarray, "n 3"]
    depth: Float[np.ndarray, " n"]

    def where(self, keep: np.ndarray) -> "Fragments":
        """The fragments at which ``keep`` is true."""
        return Fragments(self.pixel[keep], self.face[keep], self.bary[keep], self.depth[keep])


@dataclass(frozen=True, slots=True, eq=False)
class Canvas:
    """What each pixel sees so far: surface number, face in it, place in the face, and depth."""

    height: int
    width: int
    surface: Int[np.ndarray, " P"]
    face: Int[np.ndarray, " P"]
    bary: Float[np.ndarray, "P 3"]
    depth: Float[np.ndarray, " P"]

    @classmethod
    def empty(cls, height: int, width: int) -> "Canvas":
        """A canvas on which nothing is drawn."""
        count = height * width
        return cls(
            height=height,
            width=width,
            surface=np.full(count, NOTHING, np.int32),
            face=np.zeros(count, np.int32),
            bary=np.zeros((count, 3), np.float32),
            depth=np.full(count, FAR, np.float32),
        )

    def fragments(
        self, xy: Float[np.ndarray, "V 2"], depth: Float[np.ndarray, " V"], faces: Faces, bias: float, two_sided: bool
    ) -> Fragments:
        """Fragments of a surface nearer than what is drawn; one-sided surfaces show only faces towards the viewer.

        ``bias`` brings faces towards the viewer nearer; the inner side of a surface stays where it is.
        """
        pixel, face, bary, near = _fragments(
            np.ascontiguousarray(xy, np.float64),
            np.ascontiguousarray(depth, np.float64),
            faces,
            self.height,
            self.width,
            bias,
            two_sided,
            self.depth,
        )
        return Fragments(pixel, face, bary, near)

    def draw(self, fragments: Fragments, surface: int) -> None:
        """Keep the nearest fragment of each pixel."""
        _resolve(
            fragments.pixel, fragments.face, fragments.bary, fragments.depth, surface,
            self.surface, self.face, self.bary, self.depth,
        )  # fmt: skip


@njit(cache=True)
def _bounds(low: float, high: float, size: int) -> tuple[int, int]:
    """Pixels whose centres lie in [low, high], clipped: first and last."""
    first, last = int(np.ceil(low - 0.5)), int(np.floor(high - 0.5))
    return max(first, 0), min(last, size - 1)


@njit(cache=True)
def _count(xy: np.ndarray, faces: np.ndarray, height: int, width: int, two_sided: bool) -> int:
    """An upper bound of the number of fragments: the pixels of all bounding boxes."""
    total = 0
    for f in range(faces.shape[0]):
        a, b, c = faces[f, 0], faces[f, 1], faces[f, 2]
        area = (xy[b, 0] - xy[a, 0]) * (xy[c, 1] - xy[a, 1]) - (xy[c, 0] - xy[a, 0]) * (xy[b, 1] - xy[a, 1])
        if abs(area) < 1e-9 or (area > 0 and not two_sided):
            continue
        left, right = _bounds(min(xy[a, 0], xy[b, 0], xy[c, 0]), max(xy[a, 0], xy[b, 0], xy[c, 0]), width)
        top, bottom = _bounds(min(xy[a, 1], xy[b, 1], xy[c, 1]), max(xy[a, 1], xy[b, 1], xy[c, 1]), height)
        if right >= left and bottom >= top:
            total += (right - left + 1) * (bottom - top + 1)
    return total


@njit(cache=True)
def _fragments(
    xy: np.ndarray,
    depth: np.ndarray,
    faces: np.ndarray,
    height: int,
    width: int,
    bias: float,
    two_sided: bool,
    drawn: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    limit = _count(xy, faces, height, width, two_sided)
    pixel, face = np.empty(limit, np.int32), np.empty(limit, np.int32)
    bary, near = np.empty((limit, 3), np.float32), np.empty(limit, np.float32)
    n = 0
    for f in range(faces.shape[0]):
        a, b, c = faces[f, 0], faces[f, 1], faces[f, 2]
        ax, ay, bx, by, cx, cy = xy[a, 0], xy[a, 1], xy[b, 0], xy[b, 1], xy[c, 0], xy[c, 1]
        area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
        # Image y points down, so faces towards the viewer have negative area.
        if abs(area) < 1e-9 or (area > 0 and not two_sided):
            continue
        nearer = bias if area < 0 else 0.0
        left, right = _bounds(min(ax, bx, cx), max(ax, bx, cx), width)
        top, bottom = _bounds(min(ay, by, cy), max(ay, by, cy), height)
        # Second and third weight are affine in the pixel's place.
        second_x, second_y, third_x, third_y = (cy - ay) / area, (ax - cx) / area, (ay - by) / area, (bx - ax) / area
        for row in range(top, bottom + 1):
            py = row + 0.5 - ay
            for column in range(left, right + 1):
                px = column + 0.5 - ax
                second, third = px * second_x + py * second_y, px * third_x + py * third_y
                first = 1 - second - third
                if first < -1e-6 or second < -1e-6 or third < -1e-6:
                    continue
                here = np.float32(first * depth[a] + second * depth[b] + third * depth[c] + nearer)
                if here <= drawn[row * width + column]:
                    continue
                pixel[n], face[n], near[n] = row * width + column, f, here
                bary[n, 0], bary[n, 1], bary[n, 2] = first, second, third
                n += 1
    return pixel[:n], face[:n], bary[:n], near[:n]


@njit(cache=True)
def _resolve(
    pixel: np.ndarray,
    face: np.ndarray,
    bary: np.ndarray,
    near: np.ndarray,
    number: int,
    surface: np.ndarray,
    faces: np.ndarray,
    barys: np.ndarray,
    depth: np.ndarray,
) -> None:
    for i in range(pixel.shape[0]):
        p = pixel[i]
        if near[i] > depth[p]:
            depth[p], surface[p], faces[p] = near[i], number, face[i]
            barys[p, 0], barys[p, 1], barys[p, 2] = bary[i, 0], bary[i, 1], bary[i, 2]


@njit(cache=True)
def interpolate(
    values: Float[np.ndarray, "V C"], faces: Faces, face: Int[np.ndarray, " n"], bary: Float[np.ndarray, "n 3"]
) -> Float[np.ndarray, "n C"]:
    """Per-vertex values at places inside faces."""
    out = np.empty((face.shape[0], values.shape[1]), np.float32)
    for i in range(face.shape[0]):
        a, b, c = faces[face[i], 0], faces[face[i], 1], faces[face[i], 2]
        for k in range(values.shape[1]):
            out[i, k] = values[a, k] * bary[i, 0] + values[b, k] * bary[i, 1] + values[c, k] * bary[i, 2]
    return out


@njit(cache=True)
def turned_away(xy: Float[np.ndarray, "V 2"], faces: Faces, face: Int[np.ndarray, " n"]) -> Bool[np.ndarray, " n"]:
    """Whether the camera sees the inner side of each of these faces."""
    out = np.empty(face.shape[0], np.bool_)
    for i in range(face.shape[0]):
        a, b, c = faces[face[i], 0], faces[face[i], 1], faces[face[i], 2]
        ux, uy, vx, vy = xy[b, 0] - xy[a, 0], xy[b, 1] - xy[a, 1], xy[c, 0] - xy[a, 0], xy[c, 1] - xy[a, 1]
        out[i] = ux * vy - uy * vx > 0
    return out


def rasterize_plane(
    xy: Float[np.ndarray, "V 2"], faces: Faces, height: int, width: int
) -> tuple[Int[np.ndarray, " P"], Float[np.ndarray, "P 3"]]:
    """Which face of a flat mesh covers each pixel (or ``NOTHING``), and where in it."""
    canvas = Canvas.empty(height, width)
    canvas.draw(canvas.fragments(xy, np.zeros(len(xy)), faces, 0.0, two_sided=True), surface=0)
    return np.where(canvas.surface == 0, canvas.face, NOTHING), canvas.bary
