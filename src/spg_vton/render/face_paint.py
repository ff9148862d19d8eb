"""A face painted on the skin, in canonical coordinates: all borders are soft, as in a photo of this size."""

import numpy as np
from jaxtyping import Float

from spg_vton.render.body import Canon, Landmarks, load_body
from spg_vton.render.faces import Face
from spg_vton.render.people import Identity
from spg_vton.render.surface import Values

Share = Float[np.ndarray, " n"]
Colours = Float[np.ndarray, "n 3"]


def ramp(values: Share, width: float) -> Share:
    """0 below ``-width / 2``, 1 above ``width / 2``, smooth between."""
    share = np.clip(values / width + 0.5, 0, 1)
    return share * share * (3 - 2 * share)


def spot(x: Share, y: Share, width: float, height: float) -> Share:
    """A soft ellipse about the origin: 1 in the middle, 1/e at its half axes."""
    return np.exp(-((x / width) ** 2) - (y / height) ** 2)


def lay(colours: Colours, share: Share, colour: object) -> None:
    """Lay a colour over others, in place; share 0 to 1."""
    colours += share[:, None] * (np.asarray(colour, np.float32) - colours)


def _dim(colours: Colours, share: Share) -> None:
    """Darken as on skin, where red stays longest."""
    colours *= 1 - share[:, None] * np.array((0.8, 1.0, 1.05), np.float32)


def _paint_complexion(face: Face, marks: Landmarks, across: Share, y: Share, colours: Colours) -> None:
    """Blush, freckles, and the hollows around the eyes."""
    eye_x, eye_y, _ = marks.eye
    cheeks = spot(across - 0.46, y - marks.nose + 0.02, 0.2, 0.17)
    warm = colours * np.array((1.0, 0.8, 0.8), np.float32)
    lay(colours, 0.55 * face.blush * cheeks + 0.3 * spot(across, y - marks.nose, 0.13, 0.1), warm)
    _dim(colours, 0.1 * spot(across - eye_x + 0.02, y - eye_y + 0.2, 0.17, 0.05) * (0.5 + face.wrinkles))
    if face.freckles:
        specks = np.sin(83 * across + 31 * y) * np.sin(67 * y - 41 * across + 1) + 0.6 * np.sin(120 * y + 97 * across)
        around_nose = spot(across - 0.22, y - marks.nose - 0.06, 0.28, 0.2)
        _dim(colours, 0.22 * face.freckles * around_nose * ramp(specks - 0.7, 0.6))


def _paint_nose(marks: Landmarks, across: Share, y: Share, colours: Colours) -> None:
    _dim(colours, 0.55 * spot(across - 0.075, y - marks.nose + 0.075, 0.036, 0.022))
    _dim(colours, 0.16 * spot(across - 0.175, y - marks.nose + 0.05, 0.025, 0.06))
    _dim(colours, 0.13 * spot(across, y - marks.nose + 0.12, 0.12, 0.035))
    _dim(colours, 0.08 * spot(across - 0.14, y - marks.nose - 0.2, 0.05, 0.2))


def _paint_eyes(face: Face, marks: Landmarks, across: Share, y: Share, colours: Colours) -> None:
    """Crease, lid shadow and lashes on the skin around the eye."""
    eye_x, eye_y, _ = marks.eye
    right, up = across - eye_x, y - eye_y
    _dim(colours, 0.2 * spot(right - 0.01, up - 0.13, 0.2, 0.05) + 0.12 * spot(right + 0.17, up - 0.06, 0.06, 0.1))
    shadow = face.eye_makeup * (
        spot(right - 0.02, up - 0.1, 0.19, 0.06) + 0.4 * spot(right - 0.08, up + 0.1, 0.1, 0.03)
    )
    lay(colours, 0.5 * shadow, colours * np.array((0.62, 0.52, 0.5), np.float32))
    rim = np.sqrt((right / 0.175) ** 2 + ((up - 0.005) / 0.085) ** 2)
    lashes = np.exp(-(((rim - 1.0) / 0.17) ** 2))
    lay(colours, (0.5 + 0.35 * face.eye_makeup) * lashes * ramp(up - 0.015, 0.06), (38, 26, 22))
    lay(colours, (0.14 + 0.2 * face.eye_makeup) * lashes * ramp(-up - 0.02, 0.06), (60, 40, 34))


def _paint_brows(identity: Identity, marks: Landmarks, across: Share, y: Share, colours: Colours) -> None:
    face, eye_y = identity.face, marks.eye[1]
    bend, height = across - 0.36, 0.18 if identity.female else 0.165
    arch = face.brow_arch * np.clip(1 - (bend / 0.24) ** 2, 0, 1) - 0.065 * (np.maximum(bend, 0) / 0.15) ** 2
    thickness = face.brow_thickness * (1 - 0.6 * np.clip((across - 0.2) / 0.32, 0, 1))
    along = ramp(across - 0.115, 0.07) * ramp(0.51 - across, 0.1)
    hairs = 0.88 + 0.12 * np.sin(140 * across + 60 * y)
    inside = np.exp(-(np.abs((y - eye_y - height - arch) / (1.15 * thickness)) ** 3))
    lay(colours, face.brow_strength * along * inside * hairs, face.brow)


def lip_shares(face: Face, marks: Landmarks, x: Share, y: Share) -> tuple[Share, Share, Share]:
    """How far a place is upper lip, lower lip, and the line between them."""
    across = np.abs(x)
    line = marks.mouth - 0.006 + 0.006 * np.cos(12 * x) + (0.06 + 0.22 * face.smile) * np.clip(across - 0.12, 0, 1)
    bow = 0.016 * np.exp(-(((across - 0.055) / 0.04) ** 2)) - 0.012 * np.exp(-((x / 0.03) ** 2))
    upper_edge = line + (0.07 + bow) * np.sqrt(np.clip(1 - (across / 0.27) ** 2, 0, 1))
    lower_edge = line - 0.1 * np.sqrt(np.clip(1 - (across / 0.23) ** 2, 0, 1))
    inside, soft = ramp(0.25 - across, 0.07), 0.035
    upper = ramp(upper_edge - y, soft) * ramp(y - line, 0.02) * inside
    lower = ramp(y - lower_edge, soft) * ramp(line - y, 0.02) * inside
    return upper, lower, np.exp(-(((y - line) / 0.016) ** 2)) * ramp(0.255 - across, 0.06)


def _paint_lips(face: Face, marks: Landmarks, x: Share, y: Share, colours: Colours) -> None:
    upper, lower, line = lip_shares(face, marks, x, y)
    lips = np.array(face.lips, np.float32)
    _dim(colours, 0.12 * spot(x, y - marks.mouth + 0.16, 0.16, 0.035))
    lay(colours, 0.85 * upper, 0.86 * lips)
    lay(colours, 0.85 * lower, lips)
    lay(colours, 0.3 * lower * spot(x, y - marks.mouth + 0.055, 0.1, 0.025), np.minimum(1.25 * lips + 18, 255))
    _dim(colours, 0.6 * line)


def _paint_beard(identity: Identity, marks: Landmarks, x: Share, y: Share, z: Share, colours: Colours) -> None:
    """Shade of a shaven beard, stubble, moustache and full beard, thinner towards the cheeks."""
    face, across, mouth = identity.face, np.abs(x), marks.mouth
    upper, lower, line = lip_shares(face, marks, x, y)
    bare = 1 - np.clip(upper + lower + line, 0, 1)
    cheek_line = mouth + 0.02 + 0.5 * np.clip((across - 0.3) / 0.5, 0, 1)
    jaw = (
        ramp(cheek_line - y, 0.3)
        * (1 - spot(x, y - mouth + 0.06, 0.3, 0.1))
        * ramp(y - marks.chin + 0.02 - 0.4 * np.maximum(1.15 - z, 0), 0.16)
    )
    above_lip = spot(across - 0.1, y - mouth - 0.12 + 0.25 * np.maximum(across - 0.12, 0), 0.19, 0.055)
    goatee = spot(x, y - mouth + 0.2, 0.1, 0.1)
    hairs = 0.8 + 0.2 * np.sin(70 * x + 25 * np.sin(9 * y)) * np.sin(45 * y + 13 * x)
    beard = np.clip(jaw + goatee, 0, 1) * bare
    hair = np.array(identity.hair, np.float32) * 0.85
    shade = colours * np.array((0.7, 0.66, 0.68), np.float32)
    lay(colours, face.stubble * 0.7 * np.clip(beard + above_lip * bare, 0, 1), shade)
    lay(colours, face.beard * beard * hairs, hair)
    lay(colours, face.moustache * np.clip(1.15 * above_lip, 0, 1) * bare * hairs, hair)


def _paint_age(face: Face, marks: Landmarks, across: Share, y: Share, colours: Colours) -> None:
    """The fold beside the mouth, which everybody has, and lines on forehead and around the eyes."""
    eye_x, eye_y, _ = marks.eye
    fold = across - 0.2 - 0.42 * (marks.nose - 0.06 - y)
    beside = np.exp(-((fold / 0.03) ** 2)) * spot(y - marks.nose + 0.2, y * 0, 0.14, 1.0)
    _dim(colours, (0.05 + 0.2 * face.wrinkles) * beside)
    if face.wrinkles:
        forehead = ramp(np.sin(38 * (y + 0.12 * across**2)) - 0.5, 0.8) * spot(across, y - eye_y - 0.6, 0.45, 0.2)
        crows = ramp(np.sin(60 * (y - eye_y) + 20 * across), 1.0) * spot(across - eye_x - 0.26, y - eye_y, 0.07, 0.12)
        bags = spot(across - eye_x, y - eye_y + 0.17 + 0.3 * (across - eye_x) ** 2, 0.14, 0.022)
        _dim(colours, face.wrinkles * (0.1 * forehead + 0.14 * crows + 0.2 * bags))


def paint_face(identity: Identity, values: Values, colours: Colours) -> None:
    """Paint everything on the skin of a face, in place.

    Args:
        identity: whose face.
        values: canonical coordinates of each place.
        colours: skin colours without light, 0 to 255.
    """
    marks, face = load_body().landmarks, identity.face
    front = np.flatnonzero((values[:, Canon.Z] > 0.35) & (values[:, Canon.Y] > marks.neck))
    x, y, z = (values[front, column] for column in (Canon.X, Canon.Y, Canon.Z))
    across, painted, bare = np.abs(x), colours[front], colours[front]
    _paint_complexion(face, marks, across, y, painted)
    _paint_nose(marks, across, y, painted)
    _paint_age(face, marks, across, y, painted)
    if face.stubble or face.moustache:
        _paint_beard(identity, marks, x, y, z, painted)
    _paint_eyes(face, marks, across, y, painted)
    _paint_brows(identity, marks, across, y, painted)
    _paint_lips(face, marks, x, y, painted)
    colours[front] = bare + (painted - bare) * ramp(z - 0.55, 0.3)[:, None]
