"""Hats: brimmed ones, caps and beanies, built around the person's own skull."""

import numpy as np
from jaxtyping import Bool, Float

from spg_vton.labels import Label
from spg_vton.render.accessories.kinds import Accessory
from spg_vton.render.accessories.materials import as_colour, lit
from spg_vton.render.accessories.solids import sheet_faces, sheet_values
from spg_vton.render.accessories.wearer import Wearer
from spg_vton.render.body import Canon, load_body
from spg_vton.render.mesh import Points
from spg_vton.render.surface import Surface, Values, Visible

#: Height of the rim above the eyes at the middle of the head, decimetres.
_RIM = {"brimmed": 0.36, "cap": 0.4, "beanie": 0.22}
_TILT = 0.2  # the rim rises to the front
_ROOM = 0.19  # between skull and hat, decimetres
_RINGS, _AROUND = 22, 64
_TUCKED, _BIAS = 0.25, 0.25
_VISOR = 1.15  # half the angle of a cap's visor, radians


#: Decimetres over the rim from which hair is pressed flat; a brim presses it from below.
_PRESSED = {"brimmed": -0.12, "cap": 0.16, "beanie": 0.16}


def is_under_hat(one: Accessory, values: Values) -> Bool[np.ndarray, " n"]:
    """Canonical places that a hat covers: hair there is pressed flat and not drawn."""
    rim = load_body().landmarks.eye[1] + _RIM[one.style] + _TILT * (values[:, Canon.Z] - 0.5)
    return values[:, Canon.Y] > rim + _PRESSED[one.style]


def _profile(style: str, t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Radius and height of a crown's rings, relative to its rim's radius and to its height; t is 0 at the rim."""
    if style == "brimmed":
        side = np.clip(t / 0.7, 0, 1)
        over = np.clip((t - 0.7) / 0.3, 0, 1)
        dent = 0.16 * np.sin(np.pi / 2 * over) ** 2
        return (1 - 0.14 * side**2) * np.cos(np.pi / 2 * over) ** 0.35, side**0.9 - dent
    angle = np.pi / 2 * t
    return np.cos(angle) ** (0.62 if style == "beanie" else 0.7), np.sin(angle) ** 0.95


def _ellipse(wearer: Wearer, style: str) -> tuple[np.ndarray, float, float, float]:
    """The skull at the rim: its middle, half-width and half-depth there, and the height of the top above it."""
    rim = wearer.body.landmarks.eye[1] + max(_RIM[style], 0.36) - 0.1  # above the ears
    low, high = wearer.head_box(rim)
    middle = (low + high) / 2
    middle[1] = wearer.joint("l-eye")[1] + _RIM[style]
    return middle, float(high[0] - low[0]) / 2 + _ROOM, float(high[2] - low[2]) / 2 + _ROOM, float(high[1] - middle[1])


def _crown(wearer: Wearer, one: Accessory) -> Points:
    middle, width, depth, top = _ellipse(wearer, one.style)
    height = top + {"brimmed": 0.3 + 0.15 * one.size, "cap": 0.16, "beanie": 0.2 + 0.35 * one.size}[one.style]
    t, around = sheet_values(_RINGS, _AROUND).T.astype(np.float64)
    angle = 2 * np.pi * around
    radius, rise = _profile(one.style, t)
    x, z = width * radius * np.sin(angle), depth * radius * np.cos(angle)
    y = height * rise + _TILT * z * (1 - 0.6 * rise)
    if one.style == "beanie":  # it sags to the back
        z = z - 0.25 * one.size * rise**2
    return np.stack([x, y, z], axis=1) + middle


def _brim(wearer: Wearer, one: Accessory, rings: int) -> Points:
    """All around, or a visor in front."""
    middle, width, depth, _ = _ellipse(wearer, one.style)
    out, around = sheet_values(rings, _AROUND).T.astype(np.float64)
    out = 1 - out * (1 + _TUCKED)  # counter-clockwise seen from above; the inner edge lies inside the crown
    if one.style == "cap":
        angle = (2 * around - 1) * _VISOR
        reach = 0.78 * np.clip(np.cos(angle * np.pi / 2 / _VISOR), 0, 1) ** 0.5
        drop = 0.16 * out * reach + 0.34 * np.sin(angle) ** 2 * out
    else:
        angle = 2 * np.pi * around
        reach = 0.55 + 0.35 * one.size
        drop = out * (0.1 - 0.12 * np.abs(np.sin(angle)) ** 3 + 0.05 * np.cos(angle))
    x, z = (width + out * reach) * np.sin(angle), (depth + out * reach) * np.cos(angle)
    y = 0.02 + _TILT * np.clip(z, -depth, depth) - drop + 0.1 * np.clip(-out, 0, 1)
    return np.stack([x, y, z], axis=1) + middle


def _knit(angle: np.ndarray, t: np.ndarray) -> Float[np.ndarray, "n 2"]:
    cuff = t < 0.2
    ribs = np.sin(angle * np.where(cuff, 46, 38))
    return np.stack([0.35 * np.cos(angle) * ribs, 0.1 * np.sin(60 * t) * ~cuff], axis=1)


def hat_surfaces(wearer: Wearer, one: Accessory) -> list[Surface]:
    """Crown and brim, cuff or visor."""
    main, accent = as_colour(one.colour), as_colour(one.accent, 0.8)

    def paint(seen: Visible) -> tuple[np.ndarray, np.ndarray]:
        t, angle = seen.values[:, 0], 2 * np.pi * seen.values[:, 1]
        colours, slope = np.repeat(main[None], len(t), axis=0), None
        if one.style == "beanie":
            slope = _knit(angle, t)
            colours[np.abs(t - 0.2) < 0.02] *= 0.7
        elif one.style == "cap":
            colours[np.abs(np.mod(3 * angle / np.pi + 0.5, 1) - 0.5) < 0.03] *= 0.84
        else:
            colours[t < 0.2] = accent
        return lit(colours, seen, slope), np.full(len(t), Label.HAT)

    values = sheet_values(_RINGS, _AROUND)
    crown = wearer.with_bone(_crown(wearer, one), "head")
    surfaces = [Surface(crown, sheet_faces(_RINGS, _AROUND), values, paint, bias=_BIAS, two_sided=True)]
    if one.style == "beanie":
        cuff = _crown(wearer, one).reshape(_RINGS, _AROUND, 3)[:6]
        middle = cuff.mean((0, 1))
        wide = ((cuff - middle) * (1.09, 1.0, 1.07) + middle).reshape(-1, 3)
        part = values[: 6 * _AROUND]
        surfaces.append(Surface(wearer.with_bone(wide, "head"), sheet_faces(6, _AROUND), part, paint, bias=_BIAS))
    else:
        rings = 6
        brim = wearer.with_bone(_brim(wearer, one, rings), "head")
        part = np.full((len(brim), 2), (0.5, 0.3), np.float32)  # no ribbon and no seam
        surfaces.append(Surface(brim, sheet_faces(rings, _AROUND), part, paint, bias=0.06, two_sided=True))
    return surfaces
