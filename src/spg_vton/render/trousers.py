"""Trousers and shorts: a tube around each leg that may leave it, with folds where the pose compresses the cloth."""

from functools import cache

import numpy as np
from jaxtyping import Bool, Float, Int

from spg_vton.labels import Label
from spg_vton.render.body import SIDES, Body, Canon, load_body
from spg_vton.render.cloth import Heights, Row, dyed, folded, heights_of, shaded
from spg_vton.render.lower_look import LowerLook
from spg_vton.render.mesh import Points, inflate, vertex_normals
from spg_vton.render.rig import Motion
from spg_vton.render.surface import Surface, Values, Visible
from spg_vton.render.trouser_details import Place, detailed, thread_cover

LOWER_BIAS = 0.12
_FIT = 0.055  # between skin and cloth at the hips, decimetres
_TUBE_FROM = 0.75  # decimetres above the ankle; below, the cloth is a tube that leaves the foot free
_COMPRESSION = len(Canon)  # column of the surface's values


def _axis(template: Points, joints: dict[str, np.ndarray], side: str, height: Row) -> Float[np.ndarray, "n 2"]:
    """x and z of the middle of a leg at each height."""
    knots = np.array([template[joints[f"{side}-{name}"]].mean(0) for name in ("ankle", "knee", "upper-leg")])
    return np.stack([np.interp(height, knots[:, 1], knots[:, i]) for i in (0, 2)], axis=1)


@cache
def _leg(side: str) -> Int[np.ndarray, " n"]:
    """Vertices of one trouser leg."""
    body, sign = load_body(), 1 if side == "l" else -1
    used = np.unique(body.tights)
    at = body.template[used]
    return used[(sign * at[:, 0] > 0.03) & (at[:, 1] < body.landmarks.hip) & (body.canon[used, Canon.ARM] < 0.05)]


def trouser_shell(body: Body, points: Points, look: LowerLook) -> Points:
    """The rest shape of one person's trousers or shorts."""
    marks, heights = body.landmarks, heights_of(body.landmarks, look)
    shell = _fitted(body, points)
    for side in SIDES:
        leg = _leg(side)
        y = body.template[leg, 1]
        stops = [heights.hem, marks.knee, heights.crotch - 0.4, marks.hip]
        thigh, knee, hem = look.cut.ease
        order = np.argsort(stops)
        ease = np.interp(y, np.array(stops)[order], np.array([hem, max(knee, 0.0), thigh, 0.0])[order])
        ease += 0.05 * (look.cuff & (y < heights.hem + 0.3))
        centre = _axis(points, body.joints, side, shell[leg, 1])
        out = shell[leg][:, [0, 2]] - centre
        radius = np.hypot(*out.T)
        tube = _ring_radius(radius, y, marks.ankle + _TUBE_FROM)
        straight = np.clip(ease / 0.5, 0, 0.8) * np.clip((heights.crotch - 1 - y) / 1.5, 0, 1)
        leaves_foot = np.clip((marks.ankle + _TUBE_FROM - y) / 0.4, 0, 1)
        wide = _ring_radius(radius, y, marks.knee)
        fitted = radius + straight * np.maximum(wide - radius, 0)
        fitted += leaves_foot * (tube + straight * np.maximum(wide - tube, 0) - fitted)
        scale = (fitted + ease) / np.maximum(radius, 0.05)
        shell[leg, 0], shell[leg, 2] = centre[:, 0] + scale * out[:, 0], centre[:, 1] + scale * out[:, 1]
    return shell


def _ring_radius(radius: Row, height: Row, at: float) -> float:
    """Mean radius of a leg around a height."""
    return float(radius[np.abs(height - at) < 0.3].mean())


def _posed(body: Body, shell: Points, motion: Motion) -> Points:
    """The posed shell; below the calf's end the cloth follows the calf, not the foot."""
    posed = motion.skin(shell)
    for side in SIDES:
        leg = _leg(side)
        low = leg[body.template[leg, 1] < body.landmarks.ankle + 0.35]
        posed[low] = motion.carry(shell[low], body.bone(f"calf_{side}"))
    return posed


@cache
def _cloth_places() -> Float[np.ndarray, "V 7"]:
    """Canonical coordinates of the cloth: where it lies on the template, smooth as ``trouser_shell`` is."""
    body = load_body()
    places = body.canon.copy()
    places[:, : Canon.Z + 1] = _fitted(body, body.template)
    return places


def _fitted(body: Body, points: Points) -> Points:
    """Cloth all around trunk and legs, close to the skin."""
    return inflate(points, body.tights, np.full(len(points), _FIT), body.tights_mean, smoothing=2)


@cache
def _edges() -> Int[np.ndarray, "E 2"]:
    """Edges of the mesh that run down the body, each once."""
    body = load_body()
    faces = body.tights
    edges = np.unique(np.sort(np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]), axis=1), axis=0)
    along = np.abs(np.diff(body.template[edges], axis=1)[:, 0])
    return edges[along[:, 1] > 0.7 * np.linalg.norm(along, axis=1)]


def _compression(shell: Points, posed: Points) -> Row:
    """How much shorter the cloth is than at rest around each vertex, 0 to 1."""
    edges = _edges()
    rest = np.linalg.norm(shell[edges[:, 0]] - shell[edges[:, 1]], axis=1)
    now = np.linalg.norm(posed[edges[:, 0]] - posed[edges[:, 1]], axis=1)
    shorter = np.repeat(np.clip(1 - now / np.maximum(rest, 1e-6), 0, 1), 2)
    total = np.bincount(edges.ravel(), shorter, len(shell))
    return total / np.maximum(np.bincount(edges.ravel(), minlength=len(shell)), 1)


def _folds(look: LowerLook, heights: Heights, place: Place, compression: Row, knee: float) -> tuple[Row, Row]:
    """Slopes of folds across the leg and down it."""
    y, around, seed = place.y, place.angle, look.seed % 97
    loose = float(np.mean(look.cut.ease))
    bent = np.clip(compression - 0.03, 0, 0.35)
    across = 0.10 * np.sin(5.1 * y + 2.2 * around + seed) * np.sin(1.7 * y - 1.3 * around)
    across += np.sin(11 * y + 3 * np.sin(1.5 * around + seed)) * 1.6 * bent
    at_knee = np.exp(-(((y - knee) / 0.75) ** 2))
    across += 0.13 * at_knee * np.sin(8 * y + 2.5 * np.cos(around) * place.sign + 2 * seed)
    radius = np.hypot(place.across - 0.15, y - heights.crotch - 0.15) + 1e-3
    fan = np.arctan2(y - heights.crotch - 0.15, place.across - 0.15)
    whiskers = np.exp(-((radius / 1.1) ** 2)) * np.sin(8.5 * fan + 1.5 * radius + 0.6 * seed)
    across += 0.26 * whiskers * (place.y < heights.band)
    if look.cut.kind == "pants":
        stack = np.exp(-np.clip((y - heights.hem) / 0.55, 0, 9))
        across += (0.3 if look.hem < 0.14 else 0.1) * stack * np.sin(13 * y + 1.5 * np.sin(around + seed))
    down = (0.12 + 0.5 * loose) * np.sin(2.5 * around + 0.5 * y + seed) * np.clip((heights.crotch + 0.5 - y) / 2, 0, 1)
    stretch = 0.3 if look.fabric == "stretch" else 1.0
    return stretch * across, stretch * down


def trouser_surface(
    body: Body, look: LowerLook, shell: Points, motion: Motion, hidden: Bool[np.ndarray, " V"]
) -> Surface:
    """The posed trousers or shorts; ``hidden`` vertices lie well under the upper garment."""
    marks, heights = body.landmarks, heights_of(body.landmarks, look)
    posed = _posed(body, shell, motion)
    values = np.column_stack([_cloth_places(), _compression(shell, posed)]).astype(np.float32)

    def place_of(seen: Values) -> Place:
        x, y, z = (seen[:, column].astype(np.float64) for column in (Canon.X, Canon.Y, Canon.Z))
        sign = np.where(x > 0, 1.0, -1.0)
        centre = _axis(body.template, body.joints, "l", y)
        return Place(np.abs(x), y, z, sign, np.arctan2(np.abs(x) - centre[:, 0], z - centre[:, 1]))

    def covers(seen: Values) -> Bool[np.ndarray, " n"]:
        y = seen[:, Canon.Y]
        keep = (y > heights.hem) & (y < heights.top) & (seen[:, Canon.ARM] < 0.5)
        return keep & thread_cover(look, marks.knee, place_of(seen))

    def paint(seen: Visible) -> tuple[np.ndarray, np.ndarray]:
        place = place_of(seen.values)
        colours = detailed(look, heights, marks.knee, place, dyed(look, seen, place.around(), place.y))
        folds = _folds(look, heights, place, seen.values[:, _COMPRESSION], marks.knee)
        colours = shaded(look, seen.light, colours, folded(seen.towards_viewer(), *folds))
        colours[seen.inside] *= 0.6
        return colours, np.full(len(place.y), Label.PANTS)

    faces = body.tights[~hidden[body.tights].all(1)]
    normals = vertex_normals(posed, body.tights)
    return Surface(posed, faces, values, paint, covers, bias=LOWER_BIAS, two_sided=True, normals=normals)
