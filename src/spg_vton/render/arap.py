"""As-rigid-as-possible flattening (Liu et al. 2008, "A local/global approach to mesh parameterization")."""

import numpy as np
from jaxtyping import Float
from scipy import sparse
from scipy.sparse import linalg

from spg_vton.render.mesh import Faces, Points


def _triangle_shapes(points: Points, faces: Faces) -> Float[np.ndarray, "F 3 2"]:
    """Each triangle alone, laid flat."""
    a, b, c = (points[faces[:, k]] for k in range(3))
    length = np.linalg.norm(b - a, axis=1)
    along = (b - a) / length[:, None]
    flat = np.zeros((len(faces), 3, 2))
    flat[:, 1, 0] = length
    flat[:, 2, 0] = ((c - a) * along).sum(1)
    flat[:, 2, 1] = np.linalg.norm(np.cross(along, c - a), axis=1)
    return flat


def _cotangents(flat: Float[np.ndarray, "F 3 2"]) -> Float[np.ndarray, "F 3"]:
    weights = np.zeros(flat.shape[:2])
    for k in range(3):
        u, v = flat[:, (k + 1) % 3] - flat[:, k], flat[:, (k + 2) % 3] - flat[:, k]
        area = np.abs(u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0])
        weights[:, k] = np.clip((u * v).sum(1) / np.maximum(area, 1e-6), 0.05, 10)
    return weights


def flatten(points: Points, faces: Faces, start: Float[np.ndarray, "V 2"], rounds: int = 25) -> np.ndarray:
    """ARAP: alternate the best rotation of each triangle with the best places of the vertices."""
    count, flat = len(points), _triangle_shapes(points, faces)
    weights = _cotangents(flat)
    pairs = [(k, (k + 1) % 3, (k + 2) % 3) for k in range(3)]
    rows = np.concatenate([faces[:, i] for _, i, _ in pairs])
    columns = np.concatenate([faces[:, j] for _, _, j in pairs])
    values = np.concatenate([weights[:, k] for k, _, _ in pairs])
    edges = sparse.coo_matrix((values, (rows, columns)), (count, count)).tocsr()
    edges = edges + edges.T
    anchor = 1e-6
    laplacian = sparse.diags(np.asarray(edges.sum(1)).ravel() + anchor) - edges
    solve, uv = linalg.factorized(laplacian.tocsc()), start.copy()
    for _ in range(rounds):
        covariance = np.zeros((len(faces), 2, 2))
        for k, i, j in pairs:
            now, rest = uv[faces[:, i]] - uv[faces[:, j]], flat[:, i] - flat[:, j]
            covariance += weights[:, k, None, None] * now[:, :, None] * rest[:, None, :]
        angle = np.arctan2(covariance[:, 1, 0] - covariance[:, 0, 1], covariance[:, 0, 0] + covariance[:, 1, 1])
        c, s = np.cos(angle), np.sin(angle)
        target = anchor * uv
        for k, i, j in pairs:
            x, y = (flat[:, i] - flat[:, j]).T
            pull = weights[:, k, None] * np.stack([c * x - s * y, s * x + c * y], axis=1)
            np.add.at(target, faces[:, i], pull)
            np.add.at(target, faces[:, j], -pull)
        uv = np.stack([solve(target[:, axis]) for axis in (0, 1)], axis=1)
    return uv
