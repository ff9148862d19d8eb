"""A surface cut in two along a line that crosses its triangles."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from spg_vton.render.mesh import Faces


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
