"""Triangle meshes: vertex normals, smoothing and shells around a surface.

Convention: points in decimetres, y up, +z to the front, +x to the person's left; faces wind counter-clockwise seen from
outside.
"""

import numpy as np
from jaxtyping import Float, Int
from numba import njit
from scipy import sparse

Points = Float[np.ndarray, "V 3"]
Faces = Int[np.ndarray, "F 3"]


@njit(cache=True)
def vertex_normals(points: Points, faces: Faces) -> Points:
    """Unit normals as the area-weighted mean of the faces around each vertex; zero where no face is."""
    normals = np.zeros_like(points)
    for f in range(faces.shape[0]):
        a, b, c = faces[f, 0], faces[f, 1], faces[f, 2]
        ux, uy, uz = points[b, 0] - points[a, 0], points[b, 1] - points[a, 1], points[b, 2] - points[a, 2]
        vx, vy, vz = points[c, 0] - points[a, 0], points[c, 1] - points[a, 1], points[c, 2] - points[a, 2]
        nx, ny, nz = uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx
        for corner in (a, b, c):
            normals[corner, 0] += nx
            normals[corner, 1] += ny
            normals[corner, 2] += nz
    for i in range(points.shape[0]):
        length = np.sqrt(normals[i, 0] ** 2 + normals[i, 1] ** 2 + normals[i, 2] ** 2) + 1e-9
        normals[i] /= length
    return normals


def neighbour_mean(faces: Faces, count: int) -> sparse.csr_matrix:
    """The (count, count) matrix that replaces each vertex by the mean of its neighbours."""
    edges = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    rows, columns = np.concatenate([edges[:, 0], edges[:, 1]]), np.concatenate([edges[:, 1], edges[:, 0]])
    adjacency = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), (count, count))
    adjacency.data[:] = 1
    degree = np.maximum(np.asarray(adjacency.sum(1)).ravel(), 1)
    return (sparse.diags(1 / degree) @ adjacency).tocsr()


def inflate(
    points: Points, faces: Faces, offset: Float[np.ndarray, " V"], mean: sparse.csr_matrix, smoothing: int
) -> Points:
    """A shell ``offset`` decimetres outside the surface, smoothed ``smoothing`` times; other vertices stay."""
    shell = points + vertex_normals(points, faces) * offset[:, None]
    used = np.unique(faces)
    for _ in range(smoothing):
        shell[used] = 0.5 * shell[used] + 0.5 * (mean @ shell)[used]
    return shell
