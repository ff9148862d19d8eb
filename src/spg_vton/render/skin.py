"""Bare skin and eyes, painted in canonical coordinates."""

import numpy as np
from jaxtyping import Bool, Float

from spg_vton.labels import Label
from spg_vton.render.body import Canon, load_body
from spg_vton.render.face_paint import lay, paint_face, ramp, spot
from spg_vton.render.hair import in_hairline
from spg_vton.render.people import Identity
from spg_vton.render.surface import Painter, Values, Visible

Mask = Bool[np.ndarray, " n"]

#: Power of the light's factor for red, green and blue: light that went through skin is red, so shadows are warm.
_SUBSURFACE = np.array((0.86, 1.03, 1.1), np.float32)
_SHEEN, _SHEEN_SHARPNESS = np.array((25.0, 23.0, 20.0), np.float32), 11.0
_BLOTCHES = 0.018  # relative strength of the slow changes of colour


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


def _bare(identity: Identity, values: Values) -> np.ndarray:
    """Skin with its blood: redder elbows, hands and knees, and slow blotches."""
    marks = load_body().landmarks
    x, y, z = (values[:, column] for column in (Canon.X, Canon.Y, Canon.Z))
    colours = np.repeat(np.array(identity.skin, np.float32)[None], len(x), axis=0)
    elbow = np.exp(-(((values[:, Canon.ALONG_ARM] - 1) / 0.12) ** 2)) * values[:, Canon.ARM] * ramp(0.1 - z, 0.6)
    knee = np.exp(-(((y - marks.knee) / 0.35) ** 2)) * values[:, Canon.LEG] * ramp(z, 0.6)
    lay(
        colours, 0.4 * (elbow + knee) + 0.22 * values[:, Canon.HAND], colours * np.array((0.97, 0.84, 0.82), np.float32)
    )
    blotches = np.sin(5.1 * x + 3.3 * y + identity.phase) * np.sin(4.3 * y - 2.9 * z) + np.sin(9.7 * y + 7.9 * x)
    return colours * (1 + _BLOTCHES * blotches[:, None] * np.array((0.3, 0.6, 0.7), np.float32))


def _sheen(identity: Identity, seen: Visible) -> Float[np.ndarray, "n 3"]:
    """Reflection of the key light, strongest on forehead, nose and cheekbones; more visible on dark skin."""
    marks = load_body().landmarks
    across, y = np.abs(seen.values[:, Canon.X]), seen.values[:, Canon.Y]
    oily = spot(across, y - marks.eye[1] - 0.5, 0.4, 0.2) + spot(across, y - marks.nose - 0.15, 0.07, 0.3)
    oily += 0.8 * spot(across - 0.48, y - marks.nose - 0.12, 0.14, 0.1)
    oily *= ramp(seen.values[:, Canon.Z] - 0.4, 0.4)  # not on the back of a bald head
    dark = 1.4 - identity.skin[1] / 255
    wet = dark * seen.light.glint(seen.normals, _SHEEN_SHARPNESS) * (0.7 + 0.9 * np.clip(oily, 0, 1))
    return wet[:, None] * _SHEEN


def skin_painter(identity: Identity) -> Painter:
    """Skin with face paint; the scalp takes the hair's colour and label."""

    def paint(seen: Visible) -> tuple[np.ndarray, np.ndarray]:
        colours = _bare(identity, seen.values)
        paint_face(identity, seen.values, colours)
        scalp = in_hairline(identity, seen.values)
        colours[scalp] = np.array(identity.hair) * (1 + 0.08 * seen.grain[scalp, None])
        colours *= seen.light.shade(seen.normals) ** _SUBSURFACE
        colours += np.where(scalp[:, None], 0, _sheen(identity, seen))
        return colours, np.where(scalp, Label.HAIR, skin_labels(seen.values))

    return paint


_SCLERA, _PUPIL = (208, 198, 192), (14, 11, 10)
_IRIS, _PUPIL_RADIUS, _IRIS_UP = 0.092, 0.04, 0.012  # decimetres; real irises are smaller but so is a pixel


def eye_painter(identity: Identity) -> Painter:
    """White, iris, pupil and a small highlight; the upper lid covers the top as far as the person opens the eyes."""
    eye_x, eye_y, eye_z = load_body().landmarks.eye
    face, skin = identity.face, np.array(identity.skin, np.float32)
    upper_lid, lower_lid = 0.03 + 0.04 * face.eye_openness, -0.062

    def paint(seen: Visible) -> tuple[np.ndarray, np.ndarray]:
        x, y, z = (seen.values[:, column] for column in (Canon.X, Canon.Y, Canon.Z))
        right, up = np.abs(x) - eye_x, y - eye_y
        radius, front = np.hypot(right, up - _IRIS_UP), (z > eye_z).astype(np.float32)
        above = up - upper_lid + 1.2 * right**2
        colours = np.full((len(x), 3), _SCLERA, np.float32)
        lay(colours, 0.25 * ramp(np.abs(right) - 0.1, 0.08), (205, 150, 140))
        lay(colours, ramp(_IRIS - radius, 0.025) * front, 0.55 * np.array(face.iris))
        lay(colours, ramp(_IRIS - 0.02 - radius, 0.03) * front, face.iris)
        lay(colours, ramp(_PUPIL_RADIUS - radius, 0.022) * front, _PUPIL)
        shade = seen.light.shade(seen.normals)
        colours *= shade * (0.95 - 0.35 * ramp(above + 0.05, 0.09))[:, None]  # the lid's shadow
        shine = spot(right - 0.03 * np.sign(seen.light.key[0] * x), up - 0.035, 0.018, 0.018) * front
        lay(colours, 0.7 * shine, (250, 250, 250))
        lay(colours, ramp(above, 0.02), 0.85 * skin * shade)
        lay(colours, ramp(lower_lid - up, 0.03), 0.92 * skin * shade)
        lashes = np.exp(-((above / 0.022) ** 2))
        lay(colours, (0.6 + 0.35 * face.eye_makeup) * lashes, (34, 24, 20))
        return colours, np.full(len(x), Label.FACE)

    return paint
