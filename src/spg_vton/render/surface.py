"""A surface to draw: a posed mesh, its material and its place in front of others."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int
from numba import njit

from spg_vton.render.light import Light
from spg_vton.render.mesh import Faces, Points, vertex_normals
from spg_vton.render.rasterizer import Canvas, interpolate, turned_away

Values = Float[np.ndarray, "n C"]
Colours = Float[np.ndarray, "n 3"]


@dataclass(frozen=True, slots=True, eq=False)
class Visible:
    """The part of a surface that the photo sees, one row a pixel.

    Attributes:
        values: the surface's per-vertex values there (canonical coordinates first).
        normals: unit normals, pointing out of the cloth or skin.
        inside: true where the camera sees the inner side.
        grain: standard normal noise of the pixel.
        light: the light that falls on it.
    """

    values: Values
    normals: Colours
    inside: Bool[np.ndarray, " n"]
    grain: Float[np.ndarray, " n"]
    light: Light

    def towards_viewer(self) -> Colours:
        """Normals of the side that the camera sees."""
        return np.where(self.inside[:, None], -self.normals, self.normals)


Painter = Callable[[Visible], tuple[Colours, Int[np.ndarray, " n"]]]


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """A posed mesh with its material.

    Attributes:
        points: posed vertices, world decimetres.
        faces: triangles.
        values: what the material needs to know of each vertex, canonical coordinates first.
        paint: colours (0 to 255) and labels of what is visible.
        covers: where the material exists, from interpolated values; everywhere if None.
        bias: decimetres by which its outer side counts as nearer than it is, so that layers do not pierce each other;
            the inner side has none, or it would show around the outline.
        two_sided: whether its inner side shows.
        normals: unit vertex normals; computed from the faces if None.
    """

    points: Points
    faces: Faces
    values: Float[np.ndarray, "V C"]
    paint: Painter
    covers: Callable[[Values], Bool[np.ndarray, " n"]] | None = None
    bias: float = 0.0
    two_sided: bool = False
    normals: Points | None = None


@njit(cache=True)
def _unit(vectors: Colours) -> Colours:
    for i in range(vectors.shape[0]):
        length = np.sqrt(vectors[i, 0] ** 2 + vectors[i, 1] ** 2 + vectors[i, 2] ** 2) + np.float32(1e-9)
        vectors[i] /= length
    return vectors


def unit(vectors: Colours) -> Colours:
    """Rows scaled to length 1."""
    return _unit(np.array(vectors, np.float32))


def draw(canvas: Canvas, surface: Surface, number: int, xy: np.ndarray, depth: np.ndarray) -> None:
    """Draw one projected surface on the canvas under its number."""
    fragments = canvas.fragments(xy, depth, surface.faces, surface.bias, surface.two_sided)
    if surface.covers is not None and len(fragments.pixel):
        values = interpolate(surface.values, surface.faces, fragments.face, fragments.bary)
        fragments = fragments.where(surface.covers(values))
    canvas.draw(fragments, number)


def visible(canvas: Canvas, surface: Surface, number: int, xy: np.ndarray, grain: np.ndarray, light: Light) -> tuple:
    """Pixels at which a surface is seen, and what is seen there."""
    pixel = np.flatnonzero(canvas.surface == number)
    face, bary = canvas.face[pixel], canvas.bary[pixel]
    values = interpolate(surface.values, surface.faces, face, bary)
    normals = surface.normals if surface.normals is not None else vertex_normals(surface.points, surface.faces)
    inside = turned_away(xy, surface.faces, face)
    at = _unit(interpolate(normals, surface.faces, face, bary))
    return pixel, Visible(values=values, normals=at, inside=inside, grain=grain[pixel], light=light)
