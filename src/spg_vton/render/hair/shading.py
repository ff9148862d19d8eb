"""How hair reflects light (after Kajiya and Kay, with Marschner's two highlights), and the scalp under it."""

import numpy as np
from jaxtyping import Float

from spg_vton.labels import Label
from spg_vton.render.hair.hairline import scalp_margin
from spg_vton.render.hair.ribbons import Strip
from spg_vton.render.hair.styles import STYLES
from spg_vton.render.light import Light
from spg_vton.render.people import Identity
from spg_vton.render.surface import Painter, Visible, unit

_TONES = 0.11  # standard deviation of strands' lightness
_WHITE_GLINT, _OWN_GLINT = 42.0, 0.6  # strength of the sharp highlight (of 255) and of the soft coloured one
_SHARP, _SOFT = 46, 9  # their exponents
_TILT = 0.13  # by which scales on the hair tilt the two highlights apart
_STUBBLE = {"buzz": 0.62, "bald": 0.42, "receding": 0.8}  # how much the scalp looks like hair


def _along(tangents: np.ndarray, direction: np.ndarray) -> Float[np.ndarray, " n"]:
    return np.asarray((tangents * direction).sum(1))


def _glints(tangents: np.ndarray, normals: np.ndarray, light: Light, tone: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The sharp and the soft highlight, 0 to 1: bright where the half vector is across the strand."""
    half = np.asarray(light.key) + np.array([0.0, 0.0, 1.0])
    half /= np.sqrt((half**2).sum())
    shift = (_TILT + 0.04 * tone)[:, None] * normals
    sharp, soft = (_along(unit(tangents + way * shift), half) for way in (1, -1))
    return np.clip(1 - sharp**2, 0, 1) ** (_SHARP / 2), np.clip(1 - soft**2, 0, 1) ** (_SOFT / 2)


def strand_colours(identity: Identity, tone: np.ndarray, from_root: np.ndarray) -> Float[np.ndarray, "n 3"]:
    """Each strand's own colour: lighter and darker strands, dyed highlights, darker roots."""
    look, hair = identity.hair_look, np.array(identity.hair, np.float32)
    colours = hair * np.exp(_TONES * np.clip(tone, -2, 2))[:, None]
    if look.highlights:
        bleached = np.clip((tone - 0.6) / 0.5, 0, 1) * look.highlights
        light = np.minimum(hair * 1.25 + (70, 58, 38), 245)
        colours += bleached[:, None] * (light - colours)
    visible_roots = STYLES[identity.hair_style].end is not None  # short hair covers them
    roots = 1 - visible_roots * (0.07 + 0.5 * look.dark_roots) * np.exp(-from_root / (0.35 + look.dark_roots))
    return np.asarray(colours * roots[:, None], np.float32)


def hair_painter(identity: Identity) -> Painter:
    """Strands of hair."""

    def paint(seen: Visible) -> tuple[np.ndarray, np.ndarray]:
        values, normals, light = seen.values, seen.normals, seen.light
        tangents = unit(values[:, Strip.TANGENT_X : Strip.TANGENT_Z + 1])
        tone, openness = values[:, Strip.TONE], values[:, Strip.OPEN]
        colours = strand_colours(identity, tone, values[:, Strip.ROOT_DISTANCE])
        along = _along(tangents, np.asarray(light.key))
        diffuse = light.shade(normals)[:, 0] * (0.62 + 0.38 * np.sqrt(np.clip(1 - along**2, 0, 1)))
        buried = (0.6 + 0.4 * np.clip(openness, 0, 1)) * np.clip(0.75 + 0.5 * normals[:, 2], 0.35, 1)
        lit = np.clip(light.facing(normals) + 0.35, 0, 1) * buried
        sharp, soft = _glints(tangents, normals, light, tone)
        dark = 1 - 0.6 * colours.mean(1) / 255  # on fair hair the highlights would burn out
        shine = colours * (_OWN_GLINT * soft * lit * dark)[:, None] + (_WHITE_GLINT * sharp * lit * dark)[:, None]
        colours = colours * (0.92 * diffuse * buried)[:, None] + shine
        return colours.astype(np.float32), np.full(len(tone), Label.HAIR)

    return paint


def cap_painter(identity: Identity) -> Painter:
    """The scalp seen between strands: the hair's colour, thinning towards the hairline into skin."""
    thickness = _STUBBLE.get(identity.hair_style, 0.95)
    hair, skin = np.array(identity.hair, np.float32), np.array(identity.skin, np.float32)

    def paint(seen: Visible) -> tuple[np.ndarray, np.ndarray]:
        inside = np.clip(scalp_margin(identity, seen.values) / 0.16, 0, 1)
        share = np.clip(thickness * (0.35 + 0.65 * inside) + 0.06 * seen.grain, 0, 1)[:, None]
        colours = (share * hair + (1 - share) * skin) * seen.light.shade(seen.normals)
        return colours.astype(np.float32), np.full(len(colours), Label.HAIR)

    return paint
