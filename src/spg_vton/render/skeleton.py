"""The bones of one person while they are posed, parents before children.

All in the frame of the person before the turn of the whole body (``Pose.yaw``).
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from spg_vton.render.body import Body
from spg_vton.render.mesh import Points
from spg_vton.render.rotations import Rotation, Vector


@dataclass(slots=True, eq=False)
class Skeleton:
    """A person's bones at rest and, as far as they are posed, in the pose.

    Attributes:
        heads: rest position of each bone's head.
        points: the rest shape.
        rotations: of each bone posed so far.
        shifts: likewise; a rest point p goes to rotation p + shift.
    """

    body: Body
    heads: Float[np.ndarray, "B 3"]
    points: Points
    rotations: Float[np.ndarray, "B 3 3"]
    shifts: Float[np.ndarray, "B 3"]

    def set(self, name: str, rotation: Rotation, at: Vector | None = None) -> None:
        """Give a bone its rotation; its head stays on its parent unless ``at`` says where it goes."""
        bone = self.body.bone(name)
        parent = self.body.parents[bone]
        place = self.rotations[parent] @ self.heads[bone] + self.shifts[parent] if at is None else at
        self.rotations[bone], self.shifts[bone] = rotation, place - rotation @ self.heads[bone]

    def rotation(self, name: str) -> Rotation:
        """A posed bone's rotation."""
        return self.rotations[self.body.bone(name)]

    def head(self, name: str) -> Vector:
        """Where a bone's head goes, once the bone or its parent is posed."""
        bone = self.body.bone(name)
        parent = self.body.parents[bone]
        return self.rotations[parent] @ self.heads[bone] + self.shifts[parent]

    def rest(self, start: str, end: str) -> Vector:
        """From one bone's head to another's, at rest."""
        return self.heads[self.body.bone(end)] - self.heads[self.body.bone(start)]

    def carried(self, vertices: Int[np.ndarray, " n"], weights: Float[np.ndarray, "n B"]) -> Points:
        """Where skin vertices go."""
        blended = weights @ np.concatenate([self.rotations.reshape(-1, 9), self.shifts], axis=1)
        turned = np.einsum("nij,nj->ni", blended[:, :9].reshape(-1, 3, 3), self.points[vertices])
        return turned + blended[:, 9:]

    def lengths(self, first: str, second: str, third: str) -> tuple[float, float]:
        """Of a limb's two bones, between three heads."""
        return float(np.linalg.norm(self.rest(first, second))), float(np.linalg.norm(self.rest(second, third)))
