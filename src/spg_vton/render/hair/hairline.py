"""Where hair grows, in canonical coordinates."""

import numpy as np
from jaxtyping import Bool, Float

from spg_vton.render.body import Canon, load_body
from spg_vton.render.people import Identity
from spg_vton.render.surface import Values

#: Depth z from the nape to the forehead, and the height of the hairline there over the eyes (dm).
_PROFILE = (
    (-0.1, 0.12, 0.22, 0.62, 0.66, 0.82, 0.9, 1.05, 1.25),
    (-0.88, -0.78, 0.16, 0.16, -0.28, -0.2, 0.22, 0.44, 0.58),
)
_RECESSION = {"receding": 1.0}  # styles that fix it
_BARE_CROWN = {"bald": 1.0}  # share of the top that has lost its hair


def above_hairline(identity: Identity, values: Values) -> Float[np.ndarray, " n"]:
    """Height over the hairline (dm): from the forehead past temple and sideburn, around the ear, to the nape."""
    x, y, z = (values[:, column] for column in (Canon.X, Canon.Y, Canon.Z))
    across, recession = np.abs(x), _RECESSION.get(identity.hair_style, identity.hair_look.recession)
    uneven = 0.025 * np.sin(23 * x + identity.phase) + 0.02 * np.sin(41 * (x + z) + 2 * identity.phase)
    temple = np.exp(-(((across - 0.42) / 0.18) ** 2)) * np.clip((z - 0.85) / 0.2, 0, 1)
    line = np.interp(z, *_PROFILE)
    line += 0.2 * identity.female * ((z > 0.62) & (z < 0.9))  # short sideburns
    line += temple * (0.04 + 0.4 * recession) - 0.16 * across**2 * (z > 1)
    level = y - load_body().landmarks.eye[1]
    in_cavity = (level < 0.3) & (z > 0.25) & (across < 0.45)  # eye sockets and mouth have an inner side
    return np.where(in_cavity, -1.0, level - line - 0.15 * recession * (z > 1) - uneven)


def _outside_bare_crown(identity: Identity, values: Values) -> Float[np.ndarray, " n"]:
    """Distance from the part of the top that is bald (dm); negative on it."""
    share = _BARE_CROWN.get(identity.hair_style, 0.0)
    if not share:
        return np.full(len(values), 1.0)
    eye = load_body().landmarks.eye[1]
    x, y, z = (values[:, column] for column in (Canon.X, Canon.Y, Canon.Z))
    lost_from = eye + 0.35 + 0.25 * (1 - share)  # above this height
    lost_until = 1.1 - 1.45 * share  # in front of this depth
    return np.maximum(lost_from - y + 0.06 * np.sin(9 * x + identity.phase), lost_until - z)


def scalp_margin(identity: Identity, values: Values) -> Float[np.ndarray, " n"]:
    """How far inside the hairline a place lies (dm, about); negative where no hair grows."""
    above_nape = values[:, Canon.Y] - load_body().landmarks.neck - 0.2
    grown = np.minimum(above_hairline(identity, values), _outside_bare_crown(identity, values))
    return np.minimum(grown, above_nape)


def in_hairline(identity: Identity, values: Values) -> Bool[np.ndarray, " n"]:
    """Where hair grows: above the hairline but not on the ears."""
    return scalp_margin(identity, values) > 0
