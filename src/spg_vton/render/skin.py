"""Bare skin, face and eyes, painted in canonical coordinates."""

import numpy as np
from jaxtyping import Bool, Float

from spg_vton.labels import Label
from spg_vton.render.body import Canon, load_body
from spg_vton.render.hair import in_hairline
from spg_vton.render.people import Identity
from spg_vton.render.surface import Painter, Values, Visible

Mask = Bool[np.ndarray, " n"]


def is_face(values: Values) -> Mask:
    """Above the jaw: a plane from under the chin up to the nape."""
    marks = load_body().landmarks
    jaw = marks.chin - 0.05 + 0.55 * np.maximum(1.2 - values[:, Canon.Z], 0)
    return values[:, Canon.Y] > jaw


def skin_labels(values: Values) -> np.ndarray:
    """Arms, legs, face, and the rest (neck, chest, belly) as torso skin."""
    left = values[:, Canon.X] > 0
    labels = np.where(is_face(values), Label.FACE, Label.TORSO_SKIN)
    labels = np.where(values[:, Canon.ARM] > 0.5, np.where(left, Label.LEFT_ARM, Label.RIGHT_ARM), labels)
    return np.where(values[:, Canon.LEG] > 0.5, np.where(left, Label.LEFT_LEG, Label.RIGHT_LEG), labels)


def _tint(colours: np.ndarray, where: Mask, colour: object, share: float) -> None:
    colours[where] = (1 - share) * colours[where] + share * np.asarray(colour, np.float32)


def _ellipse(x: np.ndarray, y: np.ndarray, width: float, height: float) -> Float[np.ndarray, " n"]:
    """Below 1 inside an ellipse about the origin."""
    return (x / width) ** 2 + (y / height) ** 2


def paint_face(identity: Identity, values: Values, colours: np.ndarray) -> None:
    """Eyebrows, eye sockets, lips, cheeks, nostrils and beard, in place."""
    marks = load_body().landmarks
    x, y, z = (values[:, column] for column in (Canon.X, Canon.Y, Canon.Z))
    eye_x, eye_y, _ = marks.eye
    across, front = np.abs(x), (z > 0.7) & (y > marks.neck + 0.3)
    brow = eye_y + 0.27 - 0.1 * ((across - 0.3) / 0.25) ** 2
    thickness = 0.045 if identity.female else 0.065
    brows = front & (np.abs(y - brow) < thickness) & (across > 0.1) & (across < 0.56)
    _tint(colours, brows, np.array(identity.hair) * 0.8, 0.75)
    colours[front & (_ellipse(across - eye_x, y - eye_y, 0.24, 0.13) < 1)] *= 0.82
    lips = _ellipse(x, y - marks.mouth, 0.27, 0.11 if identity.female else 0.09)
    _tint(colours, front & (lips < 1) & (z > 0.9), identity.lips, 0.65)
    colours[front & (np.abs(y - marks.mouth) < 0.018) & (across < 0.22)] *= 0.6
    cheeks = front & (np.hypot(across - 0.48, y - (marks.nose - 0.1)) < 0.25)
    _tint(colours, cheeks, (220, 90, 80), 0.07)
    colours[front & (np.hypot(across - 0.11, y - (marks.nose - 0.11)) < 0.06)] *= 0.7
    if identity.beard:
        lower = front & (y < marks.nose - 0.28) & (y > marks.nose - 1.3) & (lips > 1)
        _tint(colours, lower & is_face(values), identity.hair, 0.28)


def skin_painter(identity: Identity) -> Painter:
    """Skin with face paint; the scalp takes the hair's colour and label."""

    def paint(seen: Visible) -> tuple[np.ndarray, np.ndarray]:
        colours = np.array(identity.skin, np.float32) * (1 + 0.02 * seen.grain[:, None])
        paint_face(identity, seen.values, colours)
        scalp = in_hairline(identity, seen.values)
        colours[scalp] = np.array(identity.hair) * (1 + 0.08 * seen.grain[scalp, None])
        shade = seen.light.shade(seen.normals)
        colours *= shade
        colours[:, 0] *= 1 + 0.04 * (1 - shade[:, 0])  # shadows on skin are warm
        return colours, np.where(scalp, Label.HAIR, skin_labels(seen.values))

    return paint


def eye_painter(identity: Identity) -> Painter:
    """White, iris and pupil."""
    eye_x, eye_y, eye_z = load_body().landmarks.eye

    def paint(seen: Visible) -> tuple[np.ndarray, np.ndarray]:
        x, y, z = (seen.values[:, column] for column in (Canon.X, Canon.Y, Canon.Z))
        radius = np.hypot(np.abs(x) - eye_x, y - eye_y)
        colours = np.full((len(x), 3), (245, 243, 240), np.float32)
        colours[(radius < 0.095) & (z > eye_z)] = identity.iris
        colours[(radius < 0.04) & (z > eye_z)] = 15
        return colours * np.float32(0.9), np.full(len(x), Label.FACE)

    return paint
