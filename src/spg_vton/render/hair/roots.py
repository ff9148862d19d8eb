"""Where strands are rooted: places on the scalp, spread evenly."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from jaxtyping import Float, Int

from spg_vton.render.body import SKIN_VERTICES, load_body
from spg_vton.render.hair.hairline import scalp_margin
from spg_vton.render.mesh import Faces, Points
from spg_vton.render.people import Identity

_CANDIDATES = 9000


@dataclass(frozen=True, slots=True, eq=False)
class Roots:
    """Places in the triangles of the head."""

    faces: Int[np.ndarray, "n 3"]
    bary: Float[np.ndarray, "n 3"]

    def __len__(self) -> int:
        return len(self.faces)

    def where(self, keep: np.ndarray) -> "Roots":
        """Some of the roots."""
        return Roots(self.faces[keep], self.bary[keep])

    def of(self, per_vertex: Float[np.ndarray, "V C"]) -> Float[np.ndarray, "n C"]:
        """Per-vertex values at the roots."""
        return (per_vertex[self.faces] * self.bary[..., None]).sum(1)


@cache
def scalp_faces() -> Faces:
    """Triangles of skin above the neck."""
    body = load_body()
    height = body.template[:SKIN_VERTICES, 1]
    return body.skin[(height[body.skin] > body.landmarks.neck + 0.1).all(1)]


@cache
def _candidates() -> tuple[Roots, Points]:
    """Places all over the head, the same for everybody, in an order of which any first part is spread evenly."""
    body, faces, rng = load_body(), scalp_faces(), np.random.default_rng(0)
    corners = body.template[faces]
    area = np.sqrt((np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]) ** 2).sum(1))
    at = np.searchsorted(np.cumsum(area) / area.sum(), (np.arange(_CANDIDATES) + 0.5) / _CANDIDATES)
    at = rng.permutation(np.minimum(at, len(faces) - 1))
    bary = rng.dirichlet((1.0, 1.0, 1.0), len(at))
    roots = Roots(faces[at], bary)
    return roots, roots.of(body.canon)


def sample_roots(identity: Identity, count: int) -> tuple[Roots, Float[np.ndarray, "n 7"]]:
    """At most ``count`` roots inside a person's hairline, and their canonical coordinates."""
    roots, values = _candidates()
    chosen = np.flatnonzero(scalp_margin(identity, values) > 0)[:count]
    return roots.where(chosen), values[chosen]
