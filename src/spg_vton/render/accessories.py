"""Things that make a photo odd: hat, sunglasses, scarf, gloves, coat and bag.

A bag is labelled background, as in the label set's source.
"""

from dataclasses import dataclass

import numpy as np

from spg_vton.labels import Label
from spg_vton.render.body import Body, Canon, load_body
from spg_vton.render.draping import hang
from spg_vton.render.mesh import Points, inflate, vertex_normals
from spg_vton.render.palette import COLOURS
from spg_vton.render.people import Colour
from spg_vton.render.rig import Motion
from spg_vton.render.surface import Painter, Surface, Values, Visible, unit

ACCESSORY_KINDS = ("hat", "sunglasses", "scarf", "gloves", "coat", "bag")


@dataclass(frozen=True, slots=True)
class Accessories:
    """What a person wears besides clothes; colours are indices into the garments' palette, None is not worn."""

    hat: int | None = None
    sunglasses: bool = False
    scarf: int | None = None
    gloves: bool = False
    coat: int | None = None
    bag: int | None = None


def sample_accessory(kind: str, rng: np.random.Generator) -> Accessories:
    """One accessory of one of ``ACCESSORY_KINDS`` in a random colour."""
    colour = int(rng.integers(len(COLOURS)))
    match kind:
        case "hat":
            return Accessories(hat=colour)
        case "sunglasses":
            return Accessories(sunglasses=True)
        case "scarf":
            return Accessories(scarf=colour)
        case "gloves":
            return Accessories(gloves=True)
        case "coat":
            return Accessories(coat=colour)
        case "bag":
            return Accessories(bag=colour)
    raise ValueError(f"kind must be one of {ACCESSORY_KINDS}, got {kind!r}")


def _colour(index: int, darken: float = 1.0) -> np.ndarray:
    colour: Colour = COLOURS[index % len(COLOURS)]
    return np.array(colour, np.float32) * np.float32(darken)


def dress_skin(paint_skin: Painter, extras: Accessories) -> Painter:
    """Sunglasses and gloves are painted on the skin."""
    if not (extras.sunglasses or extras.gloves):
        return paint_skin
    eye_x, eye_y, _ = load_body().landmarks.eye

    def paint(seen: Visible) -> tuple[np.ndarray, np.ndarray]:
        colours, labels = paint_skin(seen)
        shade = seen.light.shade(seen.normals)
        if extras.sunglasses:
            across, y, z = np.abs(seen.values[:, Canon.X]), seen.values[:, Canon.Y] - eye_y, seen.values[:, Canon.Z]
            glasses = (((across - eye_x - 0.04) / 0.3) ** 2 + (y / 0.21) ** 2 < 1) & (z > 0.5)
            glasses |= (np.abs(y - 0.06) < 0.045) & (across < 0.8) & (z > 0.1)
            colours[glasses] = (np.array((25, 22, 24)) * shade)[glasses]
            glint = glasses & (across > 0.3) & (y > 0.06)
            colours[glint] = (np.array((70, 70, 80)) * shade)[glint]
            labels = np.where(glasses, Label.SUNGLASSES, labels)
        if extras.gloves:
            hands = seen.values[:, Canon.HAND] > 0.5
            colours[hands] = (np.array((70, 50, 45)) * shade)[hands]
            labels = np.where(hands, Label.GLOVE, labels)
        return colours, labels

    return paint


def _plain(colour: np.ndarray, label: Label) -> Painter:
    def paint(seen: Visible) -> tuple[np.ndarray, np.ndarray]:
        shade = seen.light.shade(seen.towards_viewer())
        return colour * shade * (1 + 0.03 * seen.grain[:, None]), np.full(len(shade), label)

    return paint


def _hat(body: Body, points: Points, motion: Motion, index: int) -> list[Surface]:
    """A crown over the scalp and a brim around it (or in front only, for odd colours)."""
    eye = body.landmarks.eye[1]
    painter, height = _plain(_colour(index), Label.HAT), body.template[:, 1]
    crown = points + vertex_normals(points, body.skin) * (0.27 + 0.12 * np.clip(height - eye - 0.6, 0, 1))[:, None]
    faces = body.skin[(height[body.skin] > eye - 0.2).all(1)]

    def covers(values: Values) -> np.ndarray:
        return values[:, Canon.Y] > eye + 0.42 + 0.25 * values[:, Canon.Z]

    count, rings, inner, outer = 40, 3, 0.8, 1.75
    reach = np.pi if index % 2 == 0 else 1.15
    angle = np.linspace(-reach, reach, count)
    radius = np.linspace(inner, outer, rings)[:, None]
    droop = 0.12 * (radius - inner) + (0 if index % 2 == 0 else 0.18) * np.sin(angle) ** 2
    y = eye + 0.62 + 0.11 * radius * np.cos(angle) - droop
    brim = np.stack([0.86 * radius * np.sin(angle), y, 0.35 + 1.02 * radius * np.cos(angle)], axis=-1).reshape(-1, 3)
    brim += body.joint(points, "head") - body.joint(body.template, "head")
    start = (np.arange(rings - 1)[:, None] * count + np.arange(count - 1)).ravel()
    corners = [[start, start + 1, start + count], [start + 1, start + count + 1, start + count]]
    brim_faces = np.concatenate([np.stack(three, axis=1) for three in corners]).astype(np.int32)
    moved = motion.carry(brim, body.bone("head"))
    dark = _plain(_colour(index, 0.9), Label.HAT)
    return [
        Surface(motion.skin(crown), faces, body.canon, painter, covers, bias=0.1),
        Surface(moved, brim_faces, np.zeros((len(brim), 1), np.float32), dark, bias=0.05, two_sided=True),
    ]


def _coat(body: Body, points: Points, motion: Motion, index: int) -> Surface:
    """An open coat over everything."""
    marks = body.landmarks
    offset = np.where(body.canon[:, Canon.ARM] > 0.5, 0.34, 0.42)
    shell = hang(body, inflate(points, body.tights, offset, body.tights_mean, smoothing=6), looseness=0.6)
    colour = _colour(index, 0.8)

    def covers(values: Values) -> np.ndarray:
        x, y, z, arm = (values[:, column] for column in (Canon.X, Canon.Y, Canon.Z, Canon.ARM))
        open_front = (z > 0.1) & (np.abs(x) < 0.55 + 0.05 * (5 - y))
        trunk = (arm <= 0.5) & (y > marks.hip - 0.35) & (y < marks.neck - 0.25) & ~open_front
        return trunk | ((arm > 0.5) & (values[:, Canon.ALONG_ARM] < 1.95))

    def paint(seen: Visible) -> tuple[np.ndarray, np.ndarray]:
        normals = seen.normals.copy()
        normals[:, 1] += 0.25 * np.sin(18 * seen.values[:, Canon.ALONG_ARM]) * (seen.values[:, Canon.ARM] > 0.5)
        normals = unit(np.where(seen.inside[:, None], -normals, normals))
        colours = colour * seen.light.shade(normals) * (1 + 0.03 * seen.grain[:, None])
        colours[seen.inside] *= 0.6
        return colours, np.full(len(colours), Label.COAT)

    return Surface(motion.skin(shell), body.tights, body.canon, paint, covers, bias=0.3, two_sided=True)


def _scarf(body: Body, points: Points, motion: Motion, index: int) -> Surface:
    """A striped scarf around the neck, one end hanging."""
    marks, place = body.landmarks, body.template
    waves = 0.3 + 0.1 * np.sin(9 * place[:, 1] + 2 * np.arctan2(place[:, 0], place[:, 2]))
    offset = np.where(place[:, 1] > marks.neck - 1.0, waves, 0.34)
    shell = inflate(points, body.tights, offset, body.tights_mean, smoothing=2)
    main, stripe = _colour(index), _colour(5 * index + 2)

    def covers(values: Values) -> np.ndarray:
        x, y, z = (values[:, column] for column in (Canon.X, Canon.Y, Canon.Z))
        around = (y > marks.neck - 0.65) & (y < marks.neck + 0.3) & (np.hypot(x, z - 0.1) < 1.15)
        return around | ((np.abs(x - 0.35) < 0.33) & (z > 0.1) & (y > 2.6) & (y < marks.neck))

    def paint(seen: Visible) -> tuple[np.ndarray, np.ndarray]:
        striped = np.mod(2.2 * seen.values[:, Canon.Y] + 0.3 * seen.values[:, Canon.X], 1) < 0.4
        colours = np.where(striped[:, None], stripe, main) * seen.light.shade(seen.normals)
        return colours, np.full(len(colours), Label.SCARF)

    return Surface(motion.skin(shell), body.tights, body.canon, paint, covers, bias=0.34)


def _bag(body: Body, points: Points, motion: Motion, index: int) -> list[Surface]:
    """A box at the right hip on a strap across the chest."""
    shoulder, hip = np.array([1.25, 5.75]), np.array([-1.75, 0.9])
    along = (hip - shoulder) / np.linalg.norm(hip - shoulder)
    shell = inflate(points, body.tights, np.full(len(points), 0.42), body.tights_mean, smoothing=3)

    def covers(values: Values) -> np.ndarray:
        x, y = values[:, Canon.X] - shoulder[0], values[:, Canon.Y] - shoulder[1]
        return (np.abs(x * along[1] - y * along[0]) < 0.11) & (values[:, Canon.ARM] < 0.6) & (values[:, Canon.Y] > 0.9)

    corners = np.array([[x, y, z] for x in (-0.28, 0.28) for y in (-0.75, 0.55) for z in (-0.75, 0.75)])
    quads = np.array([[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]])
    at_hip = np.array([-2.15, 0.2, 0.35])
    box = (corners + at_hip)[quads].reshape(-1, 3)
    box += body.joint(points, "pelvis") - body.joint(body.template, "pelvis")
    sides = np.arange(24).reshape(6, 4)
    faces = np.concatenate([sides[:, [0, 1, 2]], sides[:, [0, 2, 3]]]).astype(np.int32)
    moved, blank = motion.carry(box, body.bone("pelvis")), np.zeros((len(box), 1), np.float32)
    strap = _plain(_colour(index, 0.64), Label.BACKGROUND)
    case = _plain(_colour(index, 0.8), Label.BACKGROUND)
    return [
        Surface(motion.skin(shell), body.tights, body.canon, strap, covers, bias=0.4),
        Surface(moved, faces, blank, case, bias=0.1, two_sided=True),
    ]


def accessory_surfaces(body: Body, points: Points, motion: Motion, extras: Accessories) -> list[Surface]:
    """Meshes of what is worn besides clothes, posed; ``points`` is the rest shape."""
    surfaces: list[Surface] = []
    if extras.coat is not None:
        surfaces.append(_coat(body, points, motion, extras.coat))
    if extras.scarf is not None:
        surfaces.append(_scarf(body, points, motion, extras.scarf))
    if extras.hat is not None:
        surfaces.extend(_hat(body, points, motion, extras.hat))
    if extras.bag is not None:
        surfaces.extend(_bag(body, points, motion, extras.bag))
    return surfaces
