"""Where hair grows, in canonical coordinates."""

import numpy as np
from jaxtyping import Bool, Float

from spg_vton.render.body import Canon, load_body
from spg_vton.render.people import Identity
from spg_vton.render.surface import Values

_BARE_CROWN = {"receding": 0.55, "bald": 1.0}  # share of the top that has lost its hair


def above_hairline(identity: Identity, values: Values) -> Float[np.ndarray, " n"]:
    """Height over the hairline (dm), which drops from the forehead past the temples to the nape."""
    eye = load_body().landmarks.eye[1]
    x, y, z = (values[:, column] for column in (Canon.X, Canon.Y, Canon.Z))
    across = np.abs(x)
    uneven = 0.025 * np.sin(23 * x + identity.phase) + 0.02 * np.sin(41 * (x + z) + 2 * identity.phase)
    temples = np.exp(-(((across - 0.42) / 0.17) ** 2))
    forehead = eye + 0.58 - 0.22 * across**2 + (0.05 + 0.3 * identity.hair_look.recession) * temples
    nape = eye - 0.88 - 0.06 * np.cos(4 * x)
    back = np.clip((0.8 - z) / 0.95, 0, 1)
    return y - (forehead * (1 - back) + nape * back) - uneven


def from_ears(values: Values) -> Float[np.ndarray, " n"]:
    """Distance from the patch around each ear where no hair grows (dm); negative inside it."""
    x, y, z = (values[:, column] for column in (Canon.X, Canon.Y, Canon.Z))
    in_profile = np.maximum(np.maximum(z - 0.78, 0.02 - z), y - load_body().landmarks.eye[1] - 0.22)
    return np.maximum(in_profile, 0.5 - np.abs(x))


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
    grown = np.minimum(above_hairline(identity, values), from_ears(values))
    return np.minimum(np.minimum(grown, _outside_bare_crown(identity, values)), above_nape)


def in_hairline(identity: Identity, values: Values) -> Bool[np.ndarray, " n"]:
    """Where hair grows: above the hairline but not on the ears."""
    return scalp_margin(identity, values) > 0
