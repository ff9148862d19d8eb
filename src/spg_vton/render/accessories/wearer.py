"""The person that wears something: where places are at rest, and how things move with the body."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from jaxtyping import Float, Int
from scipy.spatial import cKDTree

from spg_vton.render.body import SKIN_VERTICES, Body, Canon, load_body
from spg_vton.render.draping import hang
from spg_vton.render.mesh import Points, inflate
from spg_vton.render.rig import Motion

_NEAREST = 6


@dataclass(frozen=True, slots=True)
class Fit:
    """How a shell lies around the trunk and the arms.

    Attributes:
        trunk: offset from the body, decimetres.
        arm: the same on the arms.
        smoothing: how many times folds of the body are evened out.
        looseness: of hanging cloth, see ``hang``; None follows the body.
    """

    trunk: float
    arm: float
    smoothing: int
    looseness: float | None = None

    def around(self, body: Body, points: Points) -> Points:
        """The shell around a rest shape."""
        offset = np.where(body.canon[:, Canon.ARM] > 0.5, self.arm, self.trunk)
        shell = inflate(points, body.tights, offset, body.tights_mean, self.smoothing)
        return shell if self.looseness is None else hang(body, shell, self.looseness)


@cache
def _shell_canon(fit: Fit) -> Float[np.ndarray, "V 7"]:
    """Canonical coordinates of a shell: places on the template's shell, on which edges are straight."""
    body = load_body()
    canon = body.canon.copy()
    canon[:, : Canon.Z + 1] = fit.around(body, body.template)
    return canon


@dataclass(frozen=True, slots=True, eq=False)
class Wearer:
    """A posed person; ``points`` is its rest shape, in which accessories are built."""

    body: Body
    points: Points
    motion: Motion

    def joint(self, name: str) -> Float[np.ndarray, " 3"]:
        """A joint at rest."""
        return self.body.joint(self.points, name)

    def with_bone(self, shape: Points, bone: str) -> Points:
        """Pose a rest shape that is fixed to a bone."""
        return self.motion.carry(shape, self.body.bone(bone))

    def with_trunk(self, shape: Points) -> Points:
        """Pose a rest shape that lies on the trunk: each point follows the nearest places of the body."""
        anchors = trunk_vertices(self.body)
        _, near = cKDTree(self.points[anchors]).query(shape, k=_NEAREST)
        moves = self.motion.blended[anchors[near]].mean(1)
        return np.einsum("nij,nj->ni", moves[:, :9].reshape(-1, 3, 3), shape) + moves[:, 9:]

    def shell(self, fit: Fit) -> tuple[Points, Float[np.ndarray, "V 7"]]:
        """A shell around trunk and arms, posed, and its canonical coordinates."""
        return self.motion.skin(fit.around(self.body, self.points)), _shell_canon(fit)

    def head_box(self, above: float) -> tuple[Float[np.ndarray, " 3"], Float[np.ndarray, " 3"]]:
        """Least and greatest coordinates of the skull above a height of the template."""
        skull = self.points[:SKIN_VERTICES][self.body.template[:SKIN_VERTICES, 1] > above]
        return skull.min(0), skull.max(0)


def trunk_vertices(body: Body) -> Int[np.ndarray, " n"]:
    """Vertices of the trunk's shell between hips and neck, without the arms."""
    used = np.unique(body.tights)
    marks, place = body.landmarks, body.template[used]
    return used[(place[:, 1] > marks.hip - 1) & (np.abs(place[:, 0]) < 2.0)]
